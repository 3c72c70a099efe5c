"""Certificates as files: made by a process of their own, with Chinese in both scripts."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from bot import certificates
from bot.apart import Undrawable
from bot.certificates import Certificate, _drawing


def wanted(*, name: str = "陈怡君 Nguyễn", traditional: bool = False) -> Certificate:
    """A certificate of attendance."""
    return Certificate(
        heading=("Certificate of Attendance", "参加证书"),
        says=("This certifies that", "兹证明"),
        name=name,
        attended=("took part in the webinar", "参加了网络讲座"),
        titles=("Talking about feet " * 12, "足部护理怎么谈" * 12),
        facts=(("Dec 8, 2026", "2026年12月8日"), ("90 minutes", "90分钟")),
        number="7K3M-Q9XT-4HVD",
        verify=("To check it, send /verify", "核实方法"),
        address="https://t.me/bot?start=v_7K3MQ9XT4HVD",
        traditional=traditional,
    )


def test_a_certificate_is_a_pdf_on_one_page_and_always_the_same() -> None:
    made = certificates.draw(certificates.as_json(wanted()))
    assert made.startswith(b"%PDF")
    assert made.count(b"/Type /Page\n") == 1
    assert made == certificates.draw(certificates.as_json(wanted()))


@pytest.mark.parametrize(("traditional", "font"), [(False, b"STSong-Light"), (True, b"MSung-Light")])
def test_without_an_installed_font_the_readers_own_chinese_fonts_are_named(
    monkeypatch: pytest.MonkeyPatch, traditional: bool, font: bytes
) -> None:
    monkeypatch.setattr(_drawing, "FOLDERS", ())
    made = _drawing.made(certificates.as_json(wanted(name="張敏", traditional=traditional)))
    assert font in made
    assert (b"UniCNS-UCS2-H" in made) == traditional


def test_a_name_of_any_length_stays_on_the_line() -> None:
    made = _drawing.made(certificates.as_json(wanted(name="W" * 60)))
    assert made.startswith(b"%PDF")


def test_an_emoji_leaves_no_box_in_a_name_and_a_rare_character_is_drawn() -> None:
    page = _drawing.Page(Canvas(BytesIO()), traditional=False)
    assert page.width("王芳🎉", 20) == page.width("王芳", 20)
    if not any((folder / name).is_file() for folder in _drawing.FOLDERS for name in _drawing.SHAPED):
        pytest.skip("no font with rare characters is installed")
    assert next(page.runs("𠮷田", bold=True)) == (_drawing.RARE, "𠮷")
    blank, rare = (len(_drawing.made(certificates.as_json(wanted(name=name)))) for name in ("田", "田𠮷"))
    assert rare > blank


def test_what_cannot_be_made_says_why() -> None:
    with pytest.raises(Undrawable, match="KeyError"):
        certificates.draw({"name": "nobody"})


def test_the_bot_itself_carries_none_of_reportlab() -> None:
    code = "import bot.app, sys; print([name for name in sys.modules if name.startswith('reportlab')])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
