"""A small corpus, an encoder without a model, and the matcher over the shipped content."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.features.faq import content
from bot.search import BankLine, Corpus, Document, Matcher, build
from bot.settings import shipped


class Letters:
    """Raw vectors from hashed pairs of letters: alike texts are near each other, and no model is needed."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def raw(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of 896 for each text."""
        self.asked += texts
        return np.stack([self._row(text) for text in texts])

    def _row(self, text: str) -> NDArray[np.float32]:
        row = np.zeros(896, np.float32)
        for pair in zip(f" {text}", f"{text} ", strict=True):
            row[zlib.crc32("".join(pair).encode()) % 896] += 1
        return row / max(float(np.linalg.norm(row)), 1e-9)


@pytest.fixture
def letters() -> Letters:
    """An encoder that counts what it was asked."""
    return Letters()


@pytest.fixture
def corpus() -> Corpus:
    """Three entries, one of them in English only, one for emergencies, and a few messages of the bank."""
    return Corpus(
        documents=(
            Document("train.length", "en", "How long should the training be?", ("hours of training", "how many lessons"),
                     "About eight hours in short units."),
            Document("train.length", "zh_Hans", "培训要多长时间？", ("上几节课", "培训几个小时"), "大约八小时，分成小单元。"),
            Document("pay.volunteers", "en", "Should volunteers be paid?", ("money for helpers", "do they get a salary"),
                     "Cover expenses first."),
            Document("safe.low", "en", "Someone has low glucose now", ("she is shaking and sweating",), "Give sugar.",
                     "emergency-low-glucose"),
            Document("safe.low", "zh_Hans", "有人现在低血糖", ("她在发抖出汗",), "给糖。", "emergency-low-glucose")),
        bank=(BankLine("Which bus goes to the hospital in Hefei?", "en", "expert"),
              BankLine("hello there", "en", "chitchat"), BankLine("你好", "zh_Hans", "chitchat"),
              BankLine("合肥去医院坐哪路车", "zh_Hans", "expert"),
              BankLine("he is unconscious, insulin", "en", "urgent", "safe.low"),
              BankLine("他打了胰岛素昏过去了", "zh_Hans", "urgent", "safe.low"),
              BankLine("how do we teach about fainting", "en", "near_miss", "train.length")))


@pytest.fixture(scope="session")
def library() -> content.Library:
    """The content as shipped."""
    return content.load([shipped("data")])


@pytest.fixture(scope="session")
def matcher(library: content.Library, tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    """The matcher over the shipped content, with the models."""
    return build(library.corpus(), cache=tmp_path_factory.mktemp("cache") / "vectors.npz")


@pytest.fixture(scope="session")
def lexical(library: content.Library) -> Matcher:
    """The matcher over the shipped content, without models."""
    return build(library.corpus(), semantic=False)


@pytest.fixture
def rules_folder(tmp_path: Path) -> Path:
    """A content folder with the shipped rules only: no vectors, no limits."""
    folder = tmp_path / "data"
    (folder / "matching").mkdir(parents=True)
    (folder / "matching/rules.yaml").write_bytes((shipped("data") / "matching/rules.yaml").read_bytes())
    return folder
