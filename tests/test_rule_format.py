"""What is wrong with a pack is said with file, rule and field."""

from __future__ import annotations

from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from cleaner.fold import fold
from cleaner.rules.conditions import compile_condition
from cleaner.rules.edges import pattern_edges
from cleaner.rules.kinds.span import SpanRule
from cleaner.rules.literals import lint, reach_from_end, required_literals
from cleaner.rules.model import Condition
from cleaner.rules.mutants import alternatives
from cleaner.rules.notation import DiffLine, NotationError, parse, render
from cleaner.rules.pack import PackError, built_in, load_pack, load_paths

HEAD = '[pack]\nid = "p"\nsummary = "Pack"\nsource = "here"\n'
RULE = '[[rule]]\nid = "r"\nsummary = "Rule"\nkind = "line"\nexact = "gone"\nmatch = ["gone"]\nkeep = ["stays"]\n'


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("exact", "exacts"), ":9: rule r: exacts: is unknown; did you mean exact?"),
        (
            ('kind = "line"', 'kind = "lines"'),
            ":8: rule r: kind: 'lines' is unknown; did you mean 'line'? The kinds are ",
        ),
        (('match = ["gone"]\n', ""), "no match example"),
        (('keep = ["stays"]\n', ""), "no keep example"),
        (('exact = "gone"', 'exact = "gone"\nprefix = "x"\nmax_chars = 5'), "exactly one of"),
        (('exact = "gone"', 'prefix = "go"'), "needs max_chars"),
        (('exact = "gone"', 'regex = "(a+)+"'), "unbounded repeat inside another repeat"),
        (('exact = "gone"', 'regex = ".*x.*"'), "several unbounded repeats"),
        (('exact = "gone"', r"regex = '(a)\1'"), "back reference"),
        (('exact = "gone"', 'regex = "("'), "not a regular expression"),
        (('exact = "gone"', 'regex = "Gone"'), "never stands in a folded line"),
        (('exact = "gone"', 'regex = "gone…"'), "never stands in a folded line"),
        (('id = "r"', 'id = "R"'), ":6: rule R: id: expected `str` matching regex"),
        (('exact = "gone"', 'exact = "gone"\naction = "trim"'), "does not fit kind 'line'"),
        (('exact = "gone"', 'exact = "gone"\nhead = 0'), ":10: rule r: head: expected `int` >= 1"),
        (
            ('keep = ["stays"]', 'keep = ["stays"]\n[[rule.example]]\nname = "odd"\ndiff = "x y"'),
            "diff line 1 begins with 'x '",
        ),
        (
            ('kind = "line"\nexact = "gone"', 'kind = "span"\naction = "trim"\nregex = "gone"\ntail = 3'),
            "takes no guard",
        ),
        (
            (
                'kind = "line"\nexact = "gone"',
                'kind = "sequence"\nlines = [{exact = "a", optional = true}, {exact = "b"}]',
            ),
            "the first step must be there",
        ),
        (("[[rule]]", "[rule]"), "write [[rule]] with two brackets"),
        (
            ('exact = "gone"', 'exact = "gone"\nlanguages = ["english"]'),
            ":10: rule r: languages: 'english' is no language code: use 'en'",
        ),
        (('summary = "Rule"\n', ""), ":5: rule r: summary: is missing"),
        (("[[rule]]", "[[rule]]\n[[rules]]"), "rules: is unknown; a pack has [pack] and [[rule]]"),
        (("[[rule]]", "[[rule"), "is not valid TOML"),
    ],
)
def test_a_bad_pack_names_file_rule_and_field(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(HEAD + RULE.replace(*change), "utf-8")
    with pytest.raises(PackError) as error:
        load_pack(path)
    assert str(path) in str(error.value)
    assert message in str(error.value)


def test_all_problems_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        HEAD.replace('"p"', '"a"').replace("source", "sauce")
        + RULE.replace('exact = "gone"', "exact = 3\nheads = 2").replace('summary = "Rule"', "summary = 1")
        + RULE.replace('"r"', '"s"').replace('kind = "line"', 'kind = "boundary"\nlanguages = ["eng"]'),
        "utf-8",
    )
    (tmp_path / "b.toml").write_text(HEAD.replace('"p"', '"b"') + RULE.replace("line", "word_runs"), "utf-8")
    with pytest.raises(PackError) as error:
        load_paths([tmp_path])
    told = str(error.value).replace(f"{tmp_path}/", "").split("\n")
    starts = [
        "a.toml:4: sauce: is unknown", "a.toml:1: source: is missing", "a.toml:7: rule r: summary: expected `str`",
        "a.toml:9: rule r: exact: expected", "a.toml:10: rule r: heads: is unknown; did you mean head?",
        "b.toml:8: rule r: kind: 'word_runs' is unknown; did you mean 'word_run'?",
    ]  # fmt: skip
    assert [any(line.startswith(start) for line in told) for start in starts] == [True] * len(starts), told


def test_languages_of_a_pack_mean_what_they_mean_in_a_rule(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    own = RULE.replace('"r"', '"s"') + 'languages = ["fr"]\n'
    path.write_text(HEAD + 'languages = ["de"]\n' + RULE + own, "utf-8")
    assert [loaded.rule.languages for loaded in load_pack(path)] == [("de",), ("fr",)]
    path.write_text(HEAD + 'languages = ["german"]\n' + RULE, "utf-8")
    with pytest.raises(PackError, match=r"p\.toml:5: languages: 'german' is no language code: use 'de'"):
        load_pack(path)


def test_ids_stand_once(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(HEAD + RULE + RULE, "utf-8")
    with pytest.raises(PackError, match="rule r: id: stands twice"):
        load_pack(path)
    (tmp_path / "a").mkdir()
    for name in ("p.toml", "a/q.toml"):
        (tmp_path / name).write_text(HEAD + RULE, "utf-8")
    with pytest.raises(PackError, match="must equal its path: 'a/q'"):
        load_paths([tmp_path])


def test_a_pack_replaces_rules_only_when_it_says_so(tmp_path: Path) -> None:
    path = tmp_path / "jetpack.toml"
    text = (HEAD + RULE).replace('id = "p"', 'id = "en/jetpack"').replace('id = "r"', 'id = "subscribe-line"')
    path.write_text(text, "utf-8")
    with pytest.raises(PackError, match="override = true"):
        load_paths([path], built_in())
    path.write_text(text.replace("[pack]", "[pack]\noverride = true"), "utf-8")
    rules = {loaded.name: loaded for loaded in load_paths([path], built_in())}
    assert rules["en/jetpack/subscribe-line"].path == path
    assert len(rules) == len(built_in())


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("share this: .{0,20}", {"share this:"}),
        ("(?:share|tweet) on x", {"share on x", "tweet on x"}),
        (r"\d+ comments?", {"comment", "comments"}),
        ("(?:follow us|find us)? ?on [a-z]+ today", {"today"}),
        (r"\d{1,3}/\d{1,3}", None),
        ("a|.{3}", None),
    ],
)
def test_literals_are_found_in_patterns(pattern: str, literals: set[str] | None) -> None:
    found = required_literals(pattern)
    assert found == (None if literals is None else {text.strip() for text in literals})


def test_every_match_of_every_pack_holds_a_literal_of_its_rule() -> None:
    from cleaner.fold import fold
    from cleaner.rules.kinds import finder_of

    for loaded in built_in():
        for matcher in finder_of(loaded.rule).matchers:
            for line in loaded.rule.match:
                key = fold(line)
                if matcher(key) and matcher.literals is not None:
                    assert any(literal in key for literal in matcher.literals), (loaded.name, line)


def test_matches_begin_and_end_as_their_pattern_says() -> None:
    seen = 0
    for loaded in built_in():
        pattern = getattr(loaded.rule, "regex", None)
        for line in map(fold, loaded.rule.match) if pattern else ():
            for matched in regex.finditer(pattern, line):
                # A folded line has no spaces at its ends.
                data, edges = matched[0].strip(" ").encode(), pattern_edges(pattern)
                assert not data or (data[0] in edges.first and data[-1] in edges.last), (loaded.name, line)
                seen += 1
    assert seen > 1000


def test_lines_end_as_the_spans_say_that_reach_to_their_end() -> None:
    seen = 0
    for loaded in built_in():
        if isinstance(loaded.rule, SpanRule) and reach_from_end(loaded.rule.regex) is not None:
            last = pattern_edges(loaded.rule.regex, folded=False).last
            for line in loaded.rule.match:
                for form in (line, line.upper(), line + " "):
                    if regex.search(loaded.rule.regex, form, regex.IGNORECASE):
                        assert fold(form).encode()[-1] in last, (loaded.name, form)
                        seen += 1
    assert seen > 100


@pytest.mark.parametrize(
    ("pattern", "first", "last"),
    [
        ("share|tweet", "st", "et"),
        (r"\d+ comments?", None, "ts"),
        ("(?:a|b)?c{1,3}", "abc", "c"),
        ("[x-z]?(?=q)[^a]", None, None),
        (r"(?i:share)", None, None),
        ("x.*", "x", None),
    ],
)
def test_edges_of_patterns(pattern: str, first: str | None, last: str | None) -> None:
    edges = pattern_edges(pattern)
    assert edges.first >= set((first or "059").encode())
    assert edges.last >= set((last or "").encode())
    if first is not None:
        assert edges.first == set(first.encode())
    if last is not None:
        assert edges.last == set(last.encode())


WORDS = st.lists(
    st.sampled_from(["share", "ß", "İ", "ı", "Σ", "ς", "ﬁ", "abonnez", "é", "…", " ", "Ж", "分享", "x"]),
    min_size=1,
    max_size=5,
)


@given(
    WORDS.map("".join),
    st.sampled_from(["exact", "prefix", "contains"]),
    st.sampled_from(["lower", "upper", "title", "casefold"]),
)
def test_the_gate_lets_every_spelling_of_a_text_through(text: str, how: str, case: str) -> None:
    from cleaner.fold import fold

    matcher = compile_condition(Condition(**{how: text}))
    key = fold(getattr(text, case)())
    if matcher(key):
        assert any(literal in key for literal in matcher.literals)
    assert matcher(fold(text))


def test_lint_accepts_ordinary_patterns() -> None:
    for pattern in ("a.{0,80}b", r"\w+ shares", "(?:ab){1,5}c", "[^x]{2,9}"):
        assert lint(pattern, folded=True) is None


def test_alternatives_are_taken_out_one_by_one() -> None:
    assert dict(alternatives(r"a(?:b|c\|d|[|)])e")) == {
        "b": r"a(?:c\|d|[|)])e",
        r"c\|d": "a(?:b|[|)])e",
        "[|)]": r"a(?:b|c\|d)e",
    }
    assert dict(alternatives("x|y")) == {"x": "y", "y": "x"}


@given(
    st.lists(
        st.builds(
            DiffLine,
            st.sampled_from(" -~+"),
            st.text("ab ", min_size=1, max_size=5).filter(lambda t: t.strip() == t and t),
            st.none(),
        ),
        min_size=1,
    )
)
def test_notation_reads_what_it_writes(lines: list[DiffLine]) -> None:
    assert parse(render(lines)) == lines


def test_notation_refuses_other_text() -> None:
    with pytest.raises(NotationError, match="diff line 2"):
        parse("  kept\nno mark")


def test_the_schema_for_editors_is_that_of_the_code(root: Path) -> None:
    import json

    from cleaner import config
    from cleaner.rules import pack

    for name, schema in (("schema.json", pack.json_schema()), ("config.schema.json", config.json_schema())):
        written = json.loads((root / "rules" / name).read_text("utf-8"))
        assert written == json.loads(json.dumps(schema)), "run scripts/write-schema"


def test_descriptions_of_the_schema_are_not_indented(root: Path) -> None:
    """Docstrings come with indentation or without, by the version of Python and msgspec."""
    for name in ("schema.json", "config.schema.json"):
        assert "\\n    " not in (root / "rules" / name).read_text("utf-8")
