"""What a user sees of language identification: answers, honesty, and the same answer everywhere."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner.language import DETECTORS, Language, identify, identify_shares, shares
from cleaner.language.detectors import ask_langdetect, ask_py3langid

TEXTS = {
    "en": "The library opens at nine, and most of the readers who wait outside have been there since eight.",
    "de": "Die Bücherei öffnet um neun Uhr, und viele Leser warten schon seit acht vor der verschlossenen Tür.",
    "fr": "La bibliothèque ouvre à neuf heures, et beaucoup de lecteurs attendent déjà devant la porte.",
    "ru": "Библиотека открывается в девять часов, и многие читатели уже с восьми часов ждут у дверей.",
    "el": "Η βιβλιοθήκη ανοίγει στις εννέα και πολλοί αναγνώστες περιμένουν ήδη μπροστά στην πόρτα.",
    "ja": "図書館は九時に開きますが、多くの読者は八時からすでに入口の前で静かに待っています。",
    "zh": "图书馆九点开门，但是很多读者八点就已经在门口等候了，他们说这里的座位总是不够。",
    "sw": "Maktaba hufunguliwa saa tatu asubuhi, na wasomaji wengi husubiri nje ya mlango tangu saa mbili.",
}
SHORT = ["", " ", "\n\n", "hello", "12345 67890", "https://example.org/a/b/c?d=e", "…!?", "\0", "a\0b"]
HOSTILE = [
    "\ud800" * 50,
    "\ufffe\uffff" * 30,
    "\0" * 100,
    "\x07\x1b[31m" * 20,
    "\U0010ffff" * 40,
    "<" * 5000,
    "`" * 301,
]


@pytest.mark.parametrize(("code", "text"), TEXTS.items())
def test_the_language_of_a_plain_sentence_is_found(code: str, text: str) -> None:
    (language,) = identify([text])
    assert language.code == code
    assert language.score is not None
    assert 0.5 < language.score <= 1


@pytest.mark.parametrize("detector", DETECTORS)
def test_each_detector_can_be_chosen_by_name(detector: str) -> None:
    assert [language.code for language in identify(list(TEXTS.values())[:4], detector=detector)] == [
        "en",
        "de",
        "fr",
        "ru",
    ]


def test_an_unknown_detector_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(ValueError, match="langdetect"):
        identify(["x"], detector="oracle")


@pytest.mark.parametrize("text", SHORT)
@pytest.mark.parametrize("detector", DETECTORS)
def test_too_little_text_has_no_language(text: str, detector: str) -> None:
    assert identify([text], detector=detector) == [Language(None, None)]
    assert shares([text], detector=detector) == [[]]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("detector", DETECTORS)
def test_hostile_characters_raise_in_no_detector(text: str, detector: str) -> None:
    mixed_in = f"{text}\n{TEXTS['en']}\n{text}"
    assert len(identify([text, mixed_in], detector=detector)) == 2


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=400))
@example("\ud800\udfff" * 40)
def test_no_text_raises(text: str) -> None:
    ((language, share),) = identify_shares([text])
    assert language.code is None or (language.score is not None and 0 <= language.score <= 1)
    assert sum(part for _, part in share) == pytest.approx(1 if share else 0, abs=0.001)


def test_addresses_do_not_decide() -> None:
    links = "\n".join(f"https://www.example.com/the-english-words-of-this-address/{i}" for i in range(40))
    assert identify([links + "\n" + TEXTS["de"]])[0].code == "de"


def test_a_long_text_is_sampled_from_its_whole_length() -> None:
    body = "\n".join([TEXTS["en"]] * 3 + [TEXTS["de"]] * 400)
    assert identify([body])[0].code == "de"


def test_the_script_is_named_where_a_language_has_several() -> None:
    traditional = "圖書館九點開門，但是很多讀者八點就已經在門口等候了，他們說這裡的座位總是不夠。"
    serbian = "Библиотека се отвара у девет сати, а многи читаоци већ од осам чекају испред закључаних врата."
    found = identify([TEXTS["zh"], traditional, serbian, TEXTS["en"]])
    assert [language.script for language in found] == ["Hans", "Hant", "Cyrl", None]


def test_agree_is_none_when_nobody_else_was_asked() -> None:
    assert identify([TEXTS["fr"] * 3])[0].agree is None
    asked = identify(["Ovo je samo kratka rečenica bez mnogo podataka.", "Buku itu ada di atas meja besar."])
    assert all(language.agree is not None for language in asked)


def test_two_languages_side_by_side_are_shared_out() -> None:
    text = "\n".join([TEXTS["en"]] * 6 + [TEXTS["ru"]] * 3)
    (share,) = shares([text])
    assert [code for code, _ in share] == ["en", "ru"]
    assert share[1][1] == pytest.approx(
        3 * len(TEXTS["ru"]) / (6 * len(TEXTS["en"]) + 3 * len(TEXTS["ru"])), abs=0.01
    )


def test_one_language_is_one_share() -> None:
    assert shares([TEXTS["de"] * 5]) == [[("de", 1.0)]]


def _answers(detector: str) -> list[Language]:
    return identify([*TEXTS.values(), *(text[:45] for text in TEXTS.values())], detector=detector)


def test_threads_and_processes_give_the_same_answers() -> None:
    expected = {detector: _answers(detector) for detector in DETECTORS}
    with ThreadPoolExecutor(8) as threads:
        for detector in DETECTORS:
            assert set(map(tuple, threads.map(_answers, [detector] * 8))) == {tuple(expected[detector])}
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        assert {detector: process.submit(_answers, detector).result() for detector in DETECTORS} == expected


def test_first_use_by_many_threads_at_once_is_safe() -> None:
    program = (
        "import sys, threading\n"
        "from cleaner.language import identify\n"
        "text = sys.argv[1]\n"
        "out = []\n"
        "gate = threading.Barrier(8)\n"
        "def run():\n"
        "    gate.wait()\n"
        "    out.append(identify([text], detector='langdetect')[0])\n"
        "threads = [threading.Thread(target=run) for _ in range(8)]\n"
        "[t.start() for t in threads]\n"
        "[t.join() for t in threads]\n"
        "assert len(out) == 8 and set(out) == {out[0]} and out[0].code == 'de', out\n"
    )
    subprocess.run([sys.executable, "-c", program, TEXTS["de"]], check=True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Python warns of forking beside threads
def test_a_forked_process_gives_the_same_answers() -> None:
    assert threading.active_count() >= 1
    expected = _answers("default")
    with get_context("fork").Pool(1) as pool:
        assert pool.apply(_answers, ["default"]) == expected


def test_importing_the_package_loads_no_detector() -> None:
    program = "import sys, cleaner.language; print([m for m in sys.modules if m in ('pycld2', 'py3langid', 'langdetect')])"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_second_opinions_are_seeded() -> None:
    line = "Ovo je samo kratka rečenica bez mnogo podataka."
    assert {ask_langdetect(line) for _ in range(5)} == {ask_langdetect(line)}
    assert {ask_py3langid(line) for _ in range(5)} == {ask_py3langid(line)}
