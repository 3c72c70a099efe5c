/* Files on their way out: chosen, dropped or pasted, then looked at before they are sent. */
import { modal } from "../dialogs.js";
import { el } from "../elements.js";
import { icon } from "../icons.js";
import { openMenu } from "../menus.js";
import { openChat, showsMessages } from "../state.js";
import { fileSize, t } from "../words.js";

const PHOTOS = /^image\/(jpeg|png|webp)$/;
const LONGEST_CAPTION = 1024;
let deliver = () => {};

/** Says who sends the files: `take` gets [{ file, kind }] and the caption. */
export function onFiles(take) {
  deliver = take;
}

/** The menu of the paper clip. */
export function attachMenu(at) {
  openMenu(
    at,
    [
      { icon: "photo", label: t("photo_or_video"), act: () => choose("image/*,video/*"), testid: "attach-photo" },
      { icon: "file", label: t("file"), act: () => choose(""), testid: "attach-file" },
    ],
    { label: t("attach") },
  );
}

function choose(accept) {
  const input = el("input", { type: "file", multiple: true, accept: accept || null });
  input.addEventListener("change", () => offer([...input.files], { asFiles: !accept }));
  input.click();
}

/** Takes files that are pasted into a field. */
export function acceptPaste(field) {
  field.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    offer(files);
  });
}

/** Takes files that are dropped on a node. */
export function acceptDrops(node) {
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files") && showsMessages() && openChat().can_send;
  const leave = () => node.classList.remove("dropping");
  node.dataset.drop = t("drop_here");
  node.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    node.classList.add("dropping");
  });
  node.addEventListener("dragleave", (event) => !node.contains(event.relatedTarget) && leave());
  node.addEventListener("drop", (event) => {
    leave();
    if (!hasFiles(event)) return;
    event.preventDefault();
    offer([...event.dataTransfer.files]);
  });
}

function kindOf(file, asFiles) {
  if (asFiles) return "document";
  if (PHOTOS.test(file.type)) return "photo";
  return file.type.startsWith("video/") ? "video" : "document";
}

/* Shows the files with a field for the caption; sends them when the person says so. */
async function offer(files, { asFiles = false } = {}) {
  if (!files.length) return;
  const addresses = files.map((file) => (PHOTOS.test(file.type) ? URL.createObjectURL(file) : null));
  const wish = await modal({
    label: t("send_files", { n: files.length }),
    className: "send-files",
    build: (close) => offerParts(files, addresses, asFiles, close),
  });
  addresses.forEach((address) => address && URL.revokeObjectURL(address));
  if (wish)
    deliver(
      files.map((file) => ({ file, kind: kindOf(file, wish.asFiles) })),
      wish.caption,
    );
}

function offerParts(files, addresses, asFiles, close) {
  const caption = el("input", {
    class: "field",
    "aria-label": t("caption"),
    placeholder: t("caption"),
    maxlength: LONGEST_CAPTION,
    testid: "caption",
    autofocus: true,
  });
  const compress = addresses.some(Boolean) && el("input", { type: "checkbox" });
  if (compress) compress.checked = asFiles;
  const submit = (event) => {
    event.preventDefault();
    close({ caption: caption.value.trim(), asFiles: compress ? compress.checked : asFiles });
  };
  return el(
    "form",
    { onsubmit: submit },
    el("h2", {}, t("send_files", { n: files.length })),
    el(
      "div",
      { class: "send-list" },
      files.map((file, index) => filePreview(file, addresses[index], files.length === 1)),
    ),
    compress && el("label", { class: "check" }, compress, t("as_file")),
    caption,
    el(
      "div",
      { class: "dialog-buttons" },
      el("button", { type: "button", class: "text-button", onclick: () => close(null) }, t("cancel")),
      el("button", { type: "submit", class: "text-button primary", testid: "send-files" }, t("send")),
    ),
  );
}

function filePreview(file, address, large) {
  if (address && large) return el("img", { class: "send-picture", src: address, alt: file.name });
  return el(
    "div",
    { class: "file" },
    address
      ? el("img", { class: "file-icon", src: address, alt: "" })
      : el("span", { class: "file-icon" }, icon("file")),
    el(
      "span",
      { class: "file-words" },
      el("span", { class: "file-name" }, file.name),
      el("span", { class: "muted" }, fileSize(file.size)),
    ),
  );
}
