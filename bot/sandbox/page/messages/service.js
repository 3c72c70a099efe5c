/* Sentences for what happened in a chat: who came, what was pinned, which topic was opened. */
import { fullName, senderName } from "../people.js";
import { t } from "../words.js";

const names = (users) => users.map(fullName).join(t("list_comma"));

const SENTENCES = {
  new_chat_members: (message, who) => {
    const alone = message.new_chat_members.length === 1 && message.new_chat_members[0].id === message.from?.id;
    return alone ? t("service_joined", { who }) : t("service_added", { who, whom: names(message.new_chat_members) });
  },
  left_chat_member: (message, who) => {
    const self = message.left_chat_member.id === message.from?.id;
    return self ? t("service_left", { who }) : t("service_removed", { who, whom: fullName(message.left_chat_member) });
  },
  pinned_message: (message, who) => t("service_pinned", { who, what: excerpt(message.pinned_message) }),
  forum_topic_created: (message, who) => t("service_topic_created", { who, topic: message.forum_topic_created.name }),
  forum_topic_edited: (message, who) =>
    t("service_topic_edited", { who, topic: message.forum_topic_edited.name ?? "" }),
  forum_topic_closed: (message, who) => t("service_topic_closed", { who }),
  forum_topic_reopened: (message, who) => t("service_topic_reopened", { who }),
  general_forum_topic_hidden: (message, who) => t("service_general_hidden", { who }),
  general_forum_topic_unhidden: (message, who) => t("service_general_unhidden", { who }),
  group_chat_created: (message, who) => t("service_group_created", { who }),
  supergroup_chat_created: (message, who) => t("service_group_created", { who }),
  new_chat_title: (message, who) => t("service_title", { who, title: message.new_chat_title }),
  new_chat_photo: (message, who) => t("service_photo", { who }),
  delete_chat_photo: (message, who) => t("service_photo_deleted", { who }),
  migrate_to_chat_id: () => t("service_migrated"),
  migrate_from_chat_id: () => t("service_migrated"),
  message_auto_delete_timer_changed: (message, who) => t("service_timer", { who }),
};

/** The sentence of a service message, or null for an ordinary one. */
export function serviceSentence(message) {
  const kind = Object.keys(SENTENCES).find((name) => message[name] !== undefined);
  return kind ? SENTENCES[kind](message, senderName(message)) : null;
}

function excerpt(message) {
  const text = (message?.text ?? message?.caption ?? "").replace(/\s+/g, " ");
  if (!text) return t("a_message");
  return t("quoted", { text: text.length > 40 ? `${text.slice(0, 40).trimEnd()}…` : text });
}
