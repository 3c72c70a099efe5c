"""The process that draws: a chart as JSON on standard input, a PNG on standard output; nothing of the bot is imported."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from io import BytesIO
from math import pi
from typing import Any, Literal

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

PREFERRED = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Noto Sans CJK TC", "Noto Sans CJK JP", "PingFang SC",
    "Hiragino Sans GB", "Microsoft YaHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "Droid Sans Fallback",
    "Arial Unicode MS",
)  # fmt: skip
WIDTH, MARGIN, DPI = 4.8, 0.2, 200
"""Inches, and dots in each: narrow, so that a phone shows the letters large enough to be read."""

TITLE_SIZE, NOTE_SIZE = 15, 9.5
BAR, TITLE, GAP, HEADLINE, LINE, MAP = 0.36, 0.42, 0.18, 0.3, 0.2, 4.4
"""Inches: a bar with its space, a panel's title, what is between panels, a line of the title, of the note, a map's height."""

PIECES = re.compile(r"[\u2e80-\ufaff](?:[\u3000-\u303f\uff00-\uffef]+)?|[^\s\u2e80-\ufaff]+\s*|\s+")
"""What stays together on a line: a word, or a Chinese character with the punctuation behind it."""

Side = Literal["left", "center", "right"]
Along = Literal["bottom", "center", "top"]
SIDES: tuple[tuple[int, int, Side, Along], ...] = (
    (1, 0, "left", "center"), (-1, 0, "right", "center"), (0, 1, "center", "bottom"), (0, -1, "center", "top"),
)  # fmt: skip
"""Where a place's name may stand: to the right and up, and which of its own sides is there."""

INK, QUIET, BARS = "#1c2733", "#5c6b7a", "#2f6fb3"
NO_FONT = "no font with Chinese characters"


def main() -> None:
    """Read, draw, write; a chart that needs a font which is not there is drawn from its plain twin."""
    wanted = json.load(sys.stdin.buffer)
    chart, font = wanted["chart"], None
    if not str(chart).isascii() and any(ord(letter) > 0x2E80 for letter in str(chart)):
        font = chinese_font()
        if font is None:
            print(NO_FONT, file=sys.stderr)
            chart = wanted["plain"]
    families = [font, "DejaVu Sans"] if font else ["DejaVu Sans"]
    with mpl.rc_context({"font.family": families, "text.color": INK, "axes.unicode_minus": False}):
        sys.stdout.buffer.write(picture(chart))


def chinese_font() -> str | None:
    """The best installed font that has Chinese characters, or None."""
    installed = {entry.name for entry in font_manager.fontManager.ttflist}
    known = next((name for name in PREFERRED if name in installed), None)
    return known or next((name for name in sorted(installed) if "CJK" in name), None)


def picture(chart: dict[str, Any]) -> bytes:
    """The chart as a PNG: everything has its place in inches, so that a bar is as thick in every panel."""
    panels = [panel for panel in chart["panels"] if panel["bars"]]
    ruler = Figure(figsize=(WIDTH, 1), dpi=DPI)
    titles = folded(ruler, chart["title"], fontsize=TITLE_SIZE, fontweight="bold")
    notes = folded(ruler, chart["note"], fontsize=NOTE_SIZE)
    places = chart.get("places") or []
    below_title = MARGIN + 0.4 + HEADLINE * (len(titles) - 1)
    head = below_title + LINE * len(notes)
    tall_map = MAP + GAP if places else 0.0
    height = head + tall_map + sum(TITLE + BAR * len(panel["bars"]) + GAP for panel in panels) + MARGIN
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
    left = MARGIN + widest(figure, [str(label) for panel in panels for label, _value in panel["bars"]]) + 0.1
    for number, line in enumerate(titles):
        write(figure, line, MARGIN + HEADLINE * number, fontsize=TITLE_SIZE, fontweight="bold")
    for number, line in enumerate(notes):
        write(figure, line, below_title + LINE * number, fontsize=NOTE_SIZE, color=QUIET)
    if places:
        spread(figure, places, (MARGIN / WIDTH, 1 - (head + MAP) / height, 1 - 2 * MARGIN / WIDTH, MAP / height))
    top = head + tall_map
    for panel in panels:
        tall = BAR * len(panel["bars"])
        write(figure, panel["title"], top + GAP, fontsize=11, fontweight="bold")
        place = (left / WIDTH, 1 - (top + TITLE + tall) / height, (WIDTH - left - MARGIN) / WIDTH, tall / height)
        bars(figure.add_axes(place), panel["bars"])
        top += TITLE + tall + GAP
    file = BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def write(figure: Figure, text: str, top: float, **style: Any) -> None:
    """A line of text at the left, so many inches below the upper edge."""
    figure.text(MARGIN / WIDTH, 1 - top / figure.get_figheight(), text, ha="left", va="top", **style)


def folded(ruler: Figure, text: str, **style: Any) -> list[str]:
    """The text in lines that fit: broken between words, Chinese between any two characters."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in PIECES.findall(paragraph):
            if line and reach_of(ruler, line + piece, **style) > WIDTH - 2 * MARGIN:
                lines.append(line.rstrip())
                line = ""
            line += piece
        lines.append(line.rstrip())
    return lines


def reach_of(ruler: Figure, text: str, **style: Any) -> float:
    """How many inches a text needs on one line."""
    drawn = ruler.text(0, 0, text.rstrip(), **style)
    width = float(drawn.get_window_extent().width) / ruler.dpi
    drawn.remove()
    return width


def widest(figure: Figure, labels: list[str]) -> float:
    """How many inches the longest label needs."""
    return min(max((reach_of(figure, label, fontsize=10) for label in labels), default=0.0), WIDTH / 2)


def spread(figure: Figure, places: list[dict[str, Any]], where: tuple[float, float, float, float]) -> None:
    """Places as dots, the larger the more, at their degrees; no borders are drawn."""
    axes = figure.add_axes(where)
    many = max(float(place["value"]) for place in places)
    sizes = [30 + 300 * float(place["value"]) / many for place in places]
    axes.scatter(
        [p["east"] for p in places], [p["north"] for p in places], s=sizes, color=BARS, alpha=0.65, linewidths=0
    )
    axes.set_xlim(*reach([float(place["east"]) for place in places]))
    axes.set_ylim(*reach([float(place["north"]) for place in places]))
    axes.grid(color="#e3e8ee", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=8, labelcolor=QUIET)
    axes.xaxis.set_major_formatter("{x:g}°E")
    axes.yaxis.set_major_formatter("{x:g}°N")
    axes.tick_params(axis="x", pad=-12)
    axes.tick_params(axis="y", pad=-30)
    for side in axes.spines.values():
        side.set_color("#e3e8ee")
    radius = {place["name"]: (size / pi) ** 0.5 for place, size in zip(places, sizes, strict=True)}
    name(axes, sorted(places, key=lambda place: -float(place["value"])), radius)


def reach(degrees: list[float]) -> tuple[float, float]:
    """The ends of an axis, with room around the places for their names."""
    more = max(4.0, 0.25 * (max(degrees) - min(degrees)))
    return min(degrees) - more, max(degrees) + more


def name(axes: Axes, places: list[dict[str, Any]], radius: Mapping[str, float]) -> None:
    """Names beside their dots, the largest first; where everything around is taken, a dot stays without a name."""
    taken = [dot(axes, place, radius[place["name"]]) for place in places]
    for own, place in enumerate(places):
        said = (beside(axes, place, side, radius[place["name"]]) for side in SIDES)
        for text in said:
            box = text.get_window_extent()
            if not any(box.overlaps(other) for number, other in enumerate(taken) if number != own):
                taken.append(box)
                break
            text.remove()


def dot(axes: Axes, place: dict[str, Any], radius: float) -> Bbox:
    """Where a place's dot is in the picture."""
    x, y = axes.transData.transform((place["east"], place["north"]))
    reaches = radius * DPI / 72
    return Bbox.from_extents(x - reaches, y - reaches, x + reaches, y + reaches)


def beside(axes: Axes, place: dict[str, Any], side: tuple[int, int, Side, Along], radius: float) -> Annotation:
    """A place's name and number at one side of its dot."""
    right, up, across, along = side
    away = radius + 2
    return axes.annotate(
        f"{place['name']} {float(place['value']):g}", (place["east"], place["north"]), (right * away, up * away),
        textcoords="offset points", ha=across, va=along, fontsize=9.5, color=INK,
    )  # fmt: skip


def bars(axes: Axes, shown: list[tuple[str, float]]) -> None:
    """Horizontal bars, each with its number at its end: long labels stay readable on a phone."""
    values = [float(value) for _label, value in shown]
    places = list(range(len(values), 0, -1))
    drawn = axes.barh(places, values, color=BARS, height=0.66)
    axes.set_yticks(places, [str(label) for label, _value in shown])
    axes.bar_label(drawn, [f"{value:g}" for value in values], padding=4, fontsize=10, color=INK)
    axes.set_ylim(0.5, len(values) + 0.5)
    axes.set_xlim(0, max([*values, 1.0]) * 1.12)
    axes.xaxis.set_visible(False)
    axes.tick_params(axis="y", length=0, labelsize=10, labelcolor=INK)
    axes.set_facecolor("none")
    for side in axes.spines.values():
        side.set_visible(False)


if __name__ == "__main__":
    main()
