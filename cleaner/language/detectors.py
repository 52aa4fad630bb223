"""The detectors: each loaded once per process under a lock, each deterministic, none ever raising.

None keeps state between calls: the same text gets the same answer in every thread and process.
"""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.language.codes import normalise

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Chunks", "ask_cld2", "ask_langdetect", "ask_py3langid"]

_LOCK = threading.Lock()
_LANGDETECT_CHARACTERS = 1000
_PY3LANGID_CHARACTERS = 600


class Chunks(NamedTuple):
    """What CLD2 says of a text: the first language and, if it saw one, the second."""

    code: str | None
    percent: int
    """Share of the text in the first language."""
    score: float
    """CLD2's score per kilobyte of the first language; about 1000 for typical text."""
    second: str | None
    second_percent: int
    reliable: bool


_NOTHING = Chunks(None, 0, 0.0, None, 0, reliable=False)


def ask_cld2(text: str) -> Chunks:
    """Return what CLD2 says of a tidied text (83 languages in the first table, 160 in all)."""
    detect, error = _cld2()
    try:
        reliable, _, details = detect(text, isPlainText=True, bestEffort=True)
    except error:
        return _NOTHING
    (_, code, percent, score), (_, second, second_percent, _), _ = details
    return Chunks(normalise(code), percent, score, normalise(second), second_percent, bool(reliable))


def ask_py3langid(text: str) -> tuple[str | None, float]:
    """Return py3langid's language of the first 600 characters and its probability."""
    code, probability = _py3langid()(text[:_PY3LANGID_CHARACTERS])
    return normalise(code), float(probability)


def ask_langdetect(text: str) -> tuple[str | None, float]:
    """Return langdetect's language of the first 1000 characters and its probability, seeded with 0.

    langdetect raises on text without letters; that is no language.
    """
    factory, error = _langdetect()
    detector = factory.create()
    detector.seed = 0
    try:
        detector.append(text[:_LANGDETECT_CHARACTERS])
        best = detector.get_probabilities()
    except error:
        return None, 0.0
    return (normalise(best[0].lang), float(best[0].prob)) if best else (None, 0.0)


def _once(load: Callable[[], Any]) -> Callable[[], Any]:
    """Return `load` cached for the process; two first uses at once load once."""
    cached = cache(load)

    def get() -> Any:
        with _LOCK:
            return cached()

    return get


@_once
def _cld2() -> Any:
    import pycld2

    return pycld2.detect, pycld2.error


@_once
def _py3langid() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True).classify


@_once
def _langdetect() -> Any:
    """Load a factory of our own: the module's is shared, unseeded, and unsafe at concurrent first use.

    Profiles are read in the order of their names: the library takes that of the file system.
    """
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
    from langdetect.lang_detect_exception import LangDetectException

    factory = DetectorFactory()
    profiles = sorted(path for path in Path(PROFILES_DIRECTORY).iterdir() if path.suffix != ".py")
    factory.load_json_profile([path.read_text(encoding="utf-8") for path in profiles if path.is_file()])
    return factory, LangDetectException
