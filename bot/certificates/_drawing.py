"""The process that makes certificates: one as JSON on standard input, a PDF on standard output; nothing of the bot is imported.

A Chinese font that is installed goes into the file, so that every phone shows it. Without one the file names the fonts that
PDF readers bring along for Chinese (STSong and MSung). Rare characters of names are drawn as another font shapes them.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

from fontTools.pens.reportLabPen import ReportLabPen
from fontTools.ttLib import TTFont as Shapes
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import cidfonts, pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = landscape(A4)
MIDDLE, MARGIN = WIDTH / 2, 34
INK, QUIET, LINE = HexColor("#1c2733"), HexColor("#5c6b7a"), HexColor("#2f6fb3")
INSTALLED = (
    "truetype/wqy/wqy-microhei.ttc", "truetype/wqy/wqy-zenhei.ttc", "truetype/droid/DroidSansFallbackFull.ttf",
    "truetype/arphic-gbsn00lp/gbsn00lp.ttf",
)  # fmt: skip
"""TrueType fonts with Chinese, both scripts, that may be put into a PDF; below the folder of fonts."""

FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
SHAPED = ("opentype/noto/NotoSansCJK-Regular.ttc", "opentype/noto/NotoSerifCJK-Regular.ttc")
"""Fonts with nearly every Chinese character that reportlab cannot put into a file; their shapes can be drawn."""

LATIN, LATIN_BOLD, CHINESE, SIMPLIFIED, TRADITIONAL, OTHERS, RARE = (
    "Helvetica", "Helvetica-Bold", "Chinese", "STSong-Light", "MSung-Light", "Others", "Rare",
)  # fmt: skip


def main() -> None:
    """Read, make, write."""
    sys.stdout.buffer.write(made(json.load(sys.stdin.buffer)))


def made(wanted: dict[str, Any]) -> bytes:
    """The PDF."""
    file = BytesIO()
    page = Page(Canvas(file, pagesize=(WIDTH, HEIGHT), invariant=True), traditional=wanted["traditional"])
    page.canvas.setTitle(f"{wanted['heading'][0]} {wanted['number']}")
    page.frame()
    page.write(wanted["heading"][0], 464, 32, bold=True)
    page.write(wanted["heading"][1], 424, 22, colour=QUIET)
    page.write(" · ".join(wanted["says"]), 384, 12, colour=QUIET)
    page.write(wanted["name"], 340, 34, bold=True)
    page.rule(326)
    page.write(" · ".join(wanted["attended"]), 300, 12, colour=QUIET)
    top = 266.0
    for title in wanted["titles"]:
        top = page.wrapped(title, top, 20) - 4
    page.facts(wanted["facts"], min(top - 14, 190))
    page.foot(wanted)
    page.canvas.showPage()
    page.canvas.save()
    return file.getvalue()


class Page:
    """The page, and writing on it in whatever script."""

    def __init__(self, canvas: Canvas, *, traditional: bool) -> None:
        self.canvas = canvas
        self.embedded = embedded()
        self.order = [TRADITIONAL, SIMPLIFIED] if traditional else [SIMPLIFIED, TRADITIONAL]
        for name in () if self.embedded else self.order:
            pdfmetrics.registerFont(_read_along(name))
        self.others = _others()

    def font(self, character: str, *, bold: bool) -> str | None:
        """A font that has the character; None for an emoji and the like that no font has."""
        if _written(character, "cp1252"):
            return LATIN_BOLD if bold else LATIN
        if self.embedded is not None and _has(self.embedded, character):
            return CHINESE
        if self.others is not None and _has(self.others, character):
            return OTHERS
        if self.embedded is None and (name := self._read_along(character)) is not None:
            return name
        if unicodedata.category(character)[0] in "SC" or unicodedata.name(character, "").startswith("VARIATION"):
            return None
        return RARE if _shape(character) is not None else CHINESE if self.embedded else self.order[0]

    def _read_along(self, character: str) -> str | None:
        """A font of the PDF readers that has a Chinese character."""
        codecs = {SIMPLIFIED: "gbk", TRADITIONAL: "big5"}
        return next((name for name in self.order if _written(character, codecs[name])), None)

    def runs(self, text: str, *, bold: bool) -> Iterator[tuple[str, str]]:
        """The text in pieces, each with its font."""
        for name, characters in groupby(text, key=lambda character: self.font(character, bold=bold)):
            if name is not None:
                yield name, "".join(characters)

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """How wide a text is."""
        return sum(_width(piece, name, size) for name, piece in self.runs(text, bold=bold))

    def write(self, text: str, y: float, size: float, *, bold: bool = False, colour: Color = INK) -> None:
        """A line in the middle, smaller where it is too long."""
        room = WIDTH - 4 * MARGIN
        size = min(size, size * room / max(self.width(text, size, bold=bold), 1))
        self.at(text, MIDDLE - self.width(text, size, bold=bold) / 2, y, size, bold=bold, colour=colour)

    def at(self, text: str, x: float, y: float, size: float, *, bold: bool = False, colour: Color = INK) -> None:
        """A text that begins at a place."""
        self.canvas.setFillColor(colour)
        for name, piece in self.runs(text, bold=bold):
            if name == RARE:
                self.shape(piece, x, y, size, colour)
            else:
                self.canvas.setFont(name, size)
                self.canvas.drawString(x, y, piece)
            x += _width(piece, name, size)

    def shape(self, text: str, x: float, y: float, size: float, colour: Color) -> None:
        """Characters that no font in the file has, each as wide as the type is high."""
        for number, character in enumerate(text):
            if (shape := _shape(character)) is not None:
                path, scale = shape
                path.fillColor, path.strokeColor = colour, None
                turned = (scale * size, 0, 0, scale * size, 0, 0)
                renderPDF.draw(Drawing(size, size, path, transform=turned), self.canvas, x + size * number, y)

    def wrapped(self, text: str, y: float, size: float) -> float:
        """A title, on two lines where it is long; gives where the next line may stand."""
        lines = self.broken(text, size, WIDTH - 6 * MARGIN)
        if len(lines) > 2:
            size, lines = size * 0.75, self.broken(text, size * 0.75, WIDTH - 5 * MARGIN)
        if len(lines) > 2:
            lines = [lines[0], lines[1][:-1] + "…"]
        for line in lines:
            self.write(line, y, size, bold=True)
            y -= size * 1.3
        return y

    def broken(self, text: str, size: float, room: float) -> list[str]:
        """The lines of a text, broken between words, or anywhere between Chinese characters."""
        lines, line = [], ""
        for piece in _pieces(text):
            if line and self.width(line + piece.rstrip(), size, bold=True) > room:
                lines.append(line.strip())
                line = ""
            line += piece
        return [*lines, line.strip()]

    def facts(self, facts: list[list[str]], y: float) -> None:
        """What was when, side by side: English above, Chinese below."""
        column = (WIDTH - 6 * MARGIN) / len(facts)
        for number, words in enumerate(facts):
            for line, (word, size, colour) in enumerate(zip(words, (13, 12), (INK, QUIET), strict=False)):
                x = 3 * MARGIN + column * (number + 0.5) - self.width(word, size) / 2
                self.at(word, x, y - 18 * line, size, colour=colour)

    def rule(self, y: float) -> None:
        """The line that a name stands on."""
        self.canvas.setStrokeColor(LINE)
        self.canvas.setLineWidth(1)
        self.canvas.line(MIDDLE - 170, y, MIDDLE + 170, y)

    def frame(self) -> None:
        """Two lines around the page."""
        self.canvas.setStrokeColor(LINE)
        for inset, wide in ((MARGIN, 2.4), (MARGIN + 7, 0.6)):
            self.canvas.setLineWidth(wide)
            self.canvas.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)

    def foot(self, wanted: dict[str, Any]) -> None:
        """Number and how to check it, and the same as a QR code."""
        size, left, low = 66, 2 * MARGIN, 1.6 * MARGIN
        code = QrCodeWidget(wanted["address"], barLevel="M", barBorder=0)
        x1, y1, x2, y2 = code.getBounds()
        scale = (size / (x2 - x1), 0, 0, size / (y2 - y1), 0, 0)
        renderPDF.draw(Drawing(size, size, code, transform=scale), self.canvas, left, low)
        self.at(wanted["number"], left + size + 14, low + 46, 14, bold=True)
        for line, words in enumerate(wanted["verify"]):
            self.at(words, left + size + 14, low + 26 - 16 * line, 10, colour=QUIET)


def embedded() -> TTFont | None:
    """A Chinese font that is installed and may be put into the file."""
    for path in (folder / name for folder in FOLDERS for name in INSTALLED):
        if path.is_file():
            try:
                font = TTFont(CHINESE, str(path), subfontIndex=0)
            except TTFError:
                continue
            pdfmetrics.registerFont(font)
            return font
    return None


def _read_along(name: str) -> cidfonts.UnicodeCIDFont:
    """A Chinese font of the PDF readers; reportlab names the wrong table of characters for the traditional one."""
    font = cidfonts.UnicodeCIDFont(name)
    if name == TRADITIONAL:
        font.encodingName = "UniCNS-UCS2-H"
    return font


def _others() -> TTFont | None:
    """Letters of further scripts come from the font that matplotlib carries."""
    found = importlib.util.find_spec("matplotlib")
    for folder in (found.submodule_search_locations or []) if found is not None else []:
        path = Path(folder) / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
        if path.is_file():
            font = TTFont(OTHERS, str(path))
            pdfmetrics.registerFont(font)
            return font
    return None


def _width(text: str, name: str, size: float) -> float:
    return len(text) * size if name == RARE else float(pdfmetrics.stringWidth(text, name, size))


@cache
def _shape(character: str) -> tuple[Any, float] | None:
    """How a font that has the character draws it, and what brings that to a size of one."""
    for path in (folder / name for folder in FOLDERS for name in SHAPED):
        if path.is_file():
            with Shapes(path, fontNumber=2, lazy=True) as font:  # its faces: Japan, Korea, mainland China, …
                glyph = font.getBestCmap().get(ord(character))
                if glyph is not None:
                    pen = ReportLabPen(font.getGlyphSet())
                    font.getGlyphSet()[glyph].draw(pen)
                    return pen.path, 1 / font["head"].unitsPerEm
    return None


def _has(font: TTFont, character: str) -> bool:
    return ord(character) in font.face.charToGlyph


def _written(character: str, codec: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _pieces(text: str) -> Iterator[str]:
    """Words with the space behind them, and Chinese characters one by one."""
    word = ""
    for character in text:
        if ord(character) > 0x2E80:
            if word:
                yield word
            word = ""
            yield character
        else:
            word += character
            if character == " ":
                yield word
                word = ""
    if word:
        yield word


if __name__ == "__main__":
    main()
