"""Settings: from the environment or .env, and a sentence for whatever is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot import settings
from bot.errors import SettingsInvalid
from bot.settings import Settings, shipped

TOKEN = "8100200300:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


def test_without_any_setting_there_is_a_default_for_all_but_the_token() -> None:
    loaded = settings.load()
    assert loaded.database_url == "sqlite:///smallwins.db"
    assert loaded.api_url == "https://api.telegram.org"
    assert (loaded.timezone, loaded.language, loaded.log, loaded.rate) == ("Asia/Shanghai", "zh_Hans", "text", 30.0)
    assert {loaded.webhook_url, loaded.webhook_secret, loaded.listen, loaded.data, loaded.token} == {None}
    with pytest.raises(SettingsInvalid, match=r"SMALLWINS_TOKEN is not set\. .*'smallwins demo'"):
        loaded.required_token()


def test_every_setting_comes_from_its_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wanted = {
        "TOKEN": TOKEN,
        "DATABASE_URL": "postgresql://me@host/name",
        "API_URL": "http://127.0.0.1:8081/",
        "WEBHOOK_URL": "https://bot.example.org/",
        "WEBHOOK_SECRET": "a-secret_1",
        "LISTEN": "0.0.0.0:8080",
        "TIMEZONE": "Asia/Taipei",
        "LANGUAGE": "zh_Hant",
        "DATA": str(tmp_path),
        "LOG": "json",
        "RATE": "1.5",
        "TARGETS": "default=2h/1d, training=8h/3d",
        "OFFER": "0.5",
    }
    for name, value in wanted.items():
        monkeypatch.setenv("SMALLWINS_" + name, value)
    loaded = settings.load()
    assert loaded.required_token() == TOKEN
    assert (loaded.api_url, loaded.webhook_url) == ("http://127.0.0.1:8081", "https://bot.example.org")
    assert loaded.webhook_secret is not None
    assert loaded.webhook_secret.get_secret_value() == "a-secret_1"
    assert (loaded.listen, loaded.timezone, loaded.language) == ("0.0.0.0:8080", "Asia/Taipei", "zh_Hant")
    assert (loaded.log, loaded.rate, loaded.database_url) == ("json", 1.5, "postgresql://me@host/name")
    assert (loaded.target("training").answer.amount, loaded.target("safety").ack.amount) == (3, 2)
    assert loaded.target(None) == loaded.target("no such subject")
    assert loaded.offer == 0.5
    assert loaded.content_folders == [shipped("data"), tmp_path]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("TOKEN", "my token", "this is not a bot token; copy it from @BotFather"),
        ("TOKEN", "12:abcdefgh", "this is not a bot token"),
        ("WEBHOOK_SECRET", "with space", "use 1 to 256 characters"),
        ("WEBHOOK_SECRET", "x" * 257, "use 1 to 256 characters"),
        ("API_URL", "api.telegram.org", "'api.telegram.org' is not an address"),
        ("API_URL", "ftp://host", "is not an address"),
        ("API_URL", "http://", "is not an address"),
        ("API_URL", "http://host:port", "is not an address"),
        ("API_URL", "http://host:99999", "is not an address"),
        ("API_URL", "http://[::1", "is not an address"),
        ("WEBHOOK_URL", "bot.example.org", "is not an address"),
        ("LISTEN", "8080", "'8080' is not host:port"),
        ("LISTEN", ":8080", "is not host:port"),
        ("LISTEN", "0.0.0.0:http", "is not host:port"),
        ("LISTEN", "0.0.0.0:65536", "is not host:port"),
        ("TIMEZONE", "Beijing", "there is no time zone 'Beijing'; use a name such as Asia/Shanghai"),
        ("TIMEZONE", "Asia", "there is no time zone 'Asia'"),
        ("TIMEZONE", "../../etc/passwd", "there is no time zone"),
        ("TARGETS", "4h/2d", "'4h/2d' is not subject=take/answer, for example default=4h/2d"),
        ("TARGETS", "default=4h/2w", "is not subject=take/answer"),
        ("TARGETS", "training=4h/2d", "a target for 'default' is missing"),
        ("TARGETS", "default=4h/2d, default=4h/3d", "'default' is named twice"),
        ("TARGETS", "default=0h/2d", "'0h' is out of bounds: 1 to 400h"),
        ("OFFER", "0", "greater than 0"),
        ("LANGUAGE", "fr", "Input should be 'en', 'zh_Hans' or 'zh_Hant'"),
        ("DATA", "/no/such/folder", "there is no folder '/no/such/folder'"),
        ("LOG", "xml", "Input should be 'text' or 'json'"),
        ("RATE", "0", "Input should be greater than 0"),
        ("RATE", "nan", "Input should be"),
        ("RATE", "fast", "Input should be a valid number"),
    ],
)
def test_what_is_wrong_is_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv("SMALLWINS_" + name, value)
    with pytest.raises(SettingsInvalid) as refused:
        settings.load()
    said = str(refused.value)
    assert said.startswith(f"SMALLWINS_{name}: ")
    assert sentence in said
    assert "\n" not in said


@pytest.mark.parametrize("missing", ["WEBHOOK_SECRET", "LISTEN"])
def test_a_webhook_needs_its_secret_and_a_place_to_listen(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    whole = {"WEBHOOK_URL": "https://bot.example.org", "WEBHOOK_SECRET": "secret", "LISTEN": "0.0.0.0:8080"}
    for name, value in whole.items():
        if name != missing:
            monkeypatch.setenv("SMALLWINS_" + name, value)
    with pytest.raises(SettingsInvalid, match="a webhook needs SMALLWINS_WEBHOOK_SECRET and SMALLWINS_LISTEN as well"):
        settings.load()


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TOKEN", "DATABASE_URL", "WEBHOOK_URL", "LISTEN", "TIMEZONE", "DATA"):
        monkeypatch.setenv("SMALLWINS_" + name, "")
    assert settings.load() == Settings()


def test_a_file_named_env_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(
        f"# 糖尿病同伴支持\nSMALLWINS_TOKEN={TOKEN}\nSMALLWINS_LOG=json\nUNRELATED=1\n", encoding="utf-8"
    )
    monkeypatch.setenv("SMALLWINS_LOG", "text")
    loaded = settings.load()
    assert (loaded.required_token(), loaded.log) == (TOKEN, "text")


def test_a_file_named_env_in_another_encoding_is_a_sentence() -> None:
    Path(".env").write_bytes("# 糖尿病同伴支持\nSMALLWINS_LOG=json\n".encode("gbk"))
    with pytest.raises(SettingsInvalid, match=r"The file \.env cannot be read: save it with the encoding UTF-8"):
        settings.load()


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMALLWINS_TOKEN", TOKEN)
    monkeypatch.setenv("SMALLWINS_WEBHOOK_SECRET", "open-sesame")
    shown = f"{settings.load()!r} {settings.load()}"
    assert TOKEN not in shown
    assert "open-sesame" not in shown
    monkeypatch.setenv("SMALLWINS_TOKEN", "8100200300 AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw")
    with pytest.raises(SettingsInvalid) as refused:
        settings.load()
    assert "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw" not in str(refused.value)


def test_settings_do_not_change_while_running() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        settings.load().log = "json"


@pytest.mark.parametrize("folder", ["data", "locales"])
def test_what_is_shipped_is_found(folder: str) -> None:
    assert shipped(folder).is_dir()
