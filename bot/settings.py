"""The settings: read once, from the environment or `.env`, and never changed while running."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot import ladders, targets
from bot.errors import SettingsInvalid
from bot.ladders import Rung
from bot.targets import Target

PREFIX = "SMALLWINS_"
TELEGRAM_API = "https://api.telegram.org"
_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{8,}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_PACKAGE = Path(__file__).parent


def shipped(folder: str) -> Path:
    """The folder of that name as it was shipped: inside the installed package, or beside it in a checkout."""
    inside = _PACKAGE / folder
    return inside if inside.is_dir() else _PACKAGE.parent / folder


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        return False


class Settings(BaseSettings):
    """Everything that can be set, each from `SMALLWINS_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
    )

    token: SecretStr | None = Field(default=None, description="The bot's token, from @BotFather.")
    database_url: str = Field(
        default="sqlite:///smallwins.db", description="Where everything is kept: SQLite or PostgreSQL."
    )
    api_url: str = Field(default=TELEGRAM_API, description="The root of the Bot API server, without `/bot`.")
    webhook_url: str | None = Field(
        default=None, description="Public https address for updates; without it the bot polls."
    )
    webhook_secret: SecretStr | None = Field(
        default=None, description="Secret that Telegram sends along with each update."
    )
    listen: str | None = Field(default=None, description="host:port of the web endpoints (health, metrics, webhook).")
    timezone: str = Field(
        default="Asia/Shanghai", description="The community's time zone, until a member chooses another."
    )
    language: Literal["en", "zh_Hans", "zh_Hant"] = Field(
        default="zh_Hans", description="For people whose Telegram language is none of ours."
    )
    data: Path | None = Field(
        default=None, description="Folder whose content files replace the shipped ones of the same name."
    )
    log: Literal["text", "json"] = Field(default="text", description="How log lines look.")
    rate: float = Field(
        default=30.0,
        gt=0,
        le=10_000,
        description="Messages a second overall; what one chat may get grows with it. "
        "More than 30 for paid broadcasts (1000) or for a Bot API server of one's own.",
    )
    targets: str = Field(
        default="default=4h/2d", description="How soon questions are taken and answered, by subject: h hours, d days."
    )
    offer: float = Field(
        default=2.0,
        gt=0,
        le=80,
        description="Working hours after which an unanswered offer goes to the next consultant.",
    )
    approval: int | None = Field(
        default=None,
        ge=0,
        description="Notices to more people and groups than this need a second organizer's approval; none by default.",
    )

    public_url: str | None = Field(
        default=None, description="Public https address of the web endpoints, for calendar feeds; usually the webhook's."
    )
    reminders: str = Field(
        default=ladders.USUAL, description="When people are reminded of a session, by its kind: d days, h hours, m minutes."
    )

    @field_validator("token")
    @classmethod
    def _token_looks_right(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("this is not a bot token; copy it from @BotFather, it looks like 123456:ABC-DEF…")
        return token

    @field_validator("webhook_secret")
    @classmethod
    def _secret_is_allowed(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not _SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("use 1 to 256 characters A–Z, a–z, 0–9, _ and -")
        return secret

    @field_validator("api_url", "webhook_url", "public_url")
    @classmethod
    def _is_an_address(cls, url: str | None) -> str | None:
        if url is None:
            return None
        if not _is_web_address(url):
            raise ValueError(f"'{url}' is not an address; it begins with https:// (or http:// on your own network)")
        return url.rstrip("/")

    @field_validator("listen")
    @classmethod
    def _is_host_and_port(cls, listen: str | None) -> str | None:
        if listen is not None:
            host, _, port = listen.rpartition(":")
            if not host or not port.isdigit() or int(port) > 65535:
                raise ValueError(f"'{listen}' is not host:port, for example 0.0.0.0:8080")
        return listen

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"there is no time zone '{name}'; use a name such as Asia/Shanghai") from error
        return name

    @field_validator("targets")
    @classmethod
    def _targets_can_be_read(cls, text: str) -> str:
        targets.parse(text)
        return text

    @field_validator("reminders")
    @classmethod
    def _reminders_can_be_read(cls, text: str) -> str:
        ladders.parse(text)
        return text

    @field_validator("data")
    @classmethod
    def _folder_exists(cls, folder: Path | None) -> Path | None:
        if folder is not None and not folder.is_dir():
            raise ValueError(f"there is no folder '{folder}'")
        return folder

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> Settings:
        if self.webhook_url and not (self.webhook_secret and self.listen):
            raise ValueError("a webhook needs SMALLWINS_WEBHOOK_SECRET and SMALLWINS_LISTEN as well")
        if self.public_url and not self.listen:
            raise ValueError("a public address needs SMALLWINS_LISTEN as well")
        return self

    @property
    def public_root(self) -> str | None:
        """Where the web endpoints are reached from outside, without a slash at the end; None when they are not."""
        return self.public_url or self.webhook_url

    def ladder(self, kind: str) -> tuple[Rung, ...]:
        """The rungs of the reminders of a kind of session."""
        return ladders.parse(self.reminders)[kind]

    def target(self, subject: str | None) -> Target:
        """How soon a question about this subject is to be taken and answered."""
        by_subject = targets.parse(self.targets)
        return by_subject.get(subject or targets.DEFAULT) or by_subject[targets.DEFAULT]

    @property
    def content_folders(self) -> list[Path]:
        """Folders with content, the later one winning file by file."""
        return [shipped("data"), *([self.data] if self.data else [])]

    def required_token(self) -> str:
        """The token; raises SettingsInvalid with what to do when there is none."""
        if self.token is None:
            raise SettingsInvalid(
                "SMALLWINS_TOKEN is not set. Make a bot with @BotFather in Telegram and put its token "
                "into the environment or into a file named .env. To look around without one, run "
                "'smallwins demo'."
            )
        return self.token.get_secret_value()


def _sentence(error: ValidationError) -> str:
    """The first problem as one line that names the variable."""
    first = error.errors(include_url=False, include_input=False)[0]
    message = str(first["msg"]).removeprefix("Value error, ")
    name = PREFIX + str(first["loc"][0]).upper() if first["loc"] else "Settings"
    return f"{name}: {message}."


def load() -> Settings:
    """Settings from the environment and `.env`; raises SettingsInvalid with one sentence."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsInvalid(_sentence(error)) from None
    except UnicodeDecodeError:
        raise SettingsInvalid("The file .env cannot be read: save it with the encoding UTF-8.") from None
