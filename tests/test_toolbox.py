"""The command `cleaner`: explain, and the rules."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from cleaner.rules.pack import built_in, load_paths
from cleaner.toolbox import main


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return stop.value.code, out, err


def test_explain_shows_the_rule_behind_each_line(capsys: pytest.CaptureFixture[str], root: Path) -> None:
    code, out, _ = run(capsys, "explain", root / "samples" / "repeated-headline.txt")
    headline = "Ormsby Lighthouse to Shine Again After Council Vote"
    assert code == 0
    assert f"\n- {headline}    [any/structure/repeated-headline]\n" in out
    assert f"\n  {headline}\n" in out
    assert "~ The lighthouse on Gull Spit" in out


def test_explain_shows_a_line_that_is_repaired_and_removed_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(
        "Text.\nSub\u00adscribe to get the latest posts sent to your email.\nMore &amp; more text.\n", "utf-8"
    )
    _, out, _ = run(capsys, "explain", tmp_path / "a.txt")
    lines = out.splitlines()[1:]
    assert lines[0] == "  Text."
    assert lines[1].startswith("- Sub\u00adscribe")
    assert "repair/soft-hyphen, en/jetpack/subscribe-line" in lines[1]
    assert lines[2].startswith("- More &amp; more")
    assert lines[3] == "+ More & more text."


def test_explain_refuses_what_is_no_text(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(bytes(range(256)) * 20)
    code, _, err = run(capsys, "explain", tmp_path / "a.txt")
    assert (code, "not text" in err) == (2, True)
    code, _, err = run(capsys, "explain", tmp_path / "missing.txt")
    assert (code, "No such file" in err) == (2, True)


def test_list_names_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "rules", "list")
    assert [line.split()[0] for line in out.splitlines()] == [loaded.name for loaded in built_in()]
    _, out, _ = run(capsys, "rules", "list", "en/jetpack")
    assert all(line.startswith("en/jetpack/") for line in out.splitlines())


def test_show_names_the_file_and_the_source(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "rules", "show", "en/jetpack/subscribe-box")
    assert "jetpack.toml" in out
    assert "- Discover more from Harbour Notes" in out
    assert tomllib.loads(out)["rule"][0]["id"] == "subscribe-box"


@pytest.mark.parametrize("prefix", ["en/jetpack", "any/model", "any/structure"])
def test_what_show_prints_is_a_pack(capsys: pytest.CaptureFixture[str], prefix: str) -> None:
    _, out, _ = run(capsys, "rules", "show", prefix)
    shipped = [loaded for loaded in built_in() if loaded.name.startswith(prefix + "/")]
    assert [(loaded.name, loaded.rule) for loaded in load_paths([out])] == [
        (loaded.name, loaded.rule) for loaded in shipped
    ]


def test_a_name_that_is_nearly_right_is_suggested(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "rules", "show", "en/shar")
    assert (code, "did you mean en/share" in err) == (2, True)


def test_new_writes_into_no_pack_that_ships(capsys: pytest.CaptureFixture[str], root: Path) -> None:
    pack = root / "rules" / "en" / "jetpack.toml"
    before = pack.read_bytes()
    code, _, err = run(capsys, "rules", "new", "en/jetpack/box", "--to", pack)
    assert (code, "is a pack that ships" in err, pack.read_bytes()) == (2, True, before)


def test_check_shows_what_a_pack_takes_from_a_corpus(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, root: Path
) -> None:
    (tmp_path / "texts").mkdir()
    for name, line in (("a", "A gull."), ("b", "A gull."), ("c", "A tern.")):
        (tmp_path / "texts" / f"{name}.txt").write_text(
            f"The sea.\n{line}\nSubscribe to get the latest posts sent to your email.\n"
        )
    (tmp_path / "mine.toml").write_text(
        '[pack]\nid = "mine"\nsummary = "Mine"\nsource = "here"\nartifact = "debris"\n[[rule]]\nid = "bird"\nsummary = "Bird"\n'
        'kind = "line"\nexact = ["a gull.", "a tern."]\nmatch = ["A gull.", "A tern."]\nkeep = ["A hull."]\n'
    )
    code, out, _ = run(capsys, "rules", "check", tmp_path / "mine.toml", "--corpus", tmp_path / "texts")
    assert code == 0
    assert "3 documents; at level strict these rules take" in out
    assert [line.strip().split("    ")[0] for line in out.splitlines()[2:]] == ["2  A gull.", "1  A tern."]
    shipped = root / "rules" / "en" / "jetpack.toml"
    code, out, _ = run(capsys, "rules", "check", shipped, "--no-mutants", "--corpus", tmp_path / "texts")
    assert (code, "3  Subscribe to get" in out) == (0, True)


def test_a_shell_completes_rules_and_profiles(root: Path) -> None:
    for words, wanted in (("clean --ignore en/sha", "en/share"), ("clean --profile fin", "fineweb")):
        done = subprocess.run(
            [sys.executable, "-c", "import sys; sys.argv[0] = 'clean'; from cleaner.cli import main; main()"],
            capture_output=True, text=True, check=False, cwd=root,
            env={**os.environ, "_CLEAN_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": "2"},
        )  # fmt: skip
        assert f"plain,{wanted}" in done.stdout.splitlines(), done.stderr


def test_a_new_rule_fails_its_check_until_it_is_filled_in(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    pack = tmp_path / "mine.toml"
    assert run(capsys, "rules", "new", "mine/box", "--to", pack)[0] == 0
    code, out, _ = run(capsys, "rules", "check", pack)
    assert (code, "1 problems" in out) == (1, True)
    filled = pack.read_text().replace(
        "A line that goes; it differs from `exact` above, so this check fails until both are true",
        "The line that shall go",
    )
    pack.write_text(filled)
    assert run(capsys, "rules", "check", pack)[0] == 0
    assert run(capsys, "rules", "new", "mine/other", "--to", pack)[0] == 0
    assert pack.read_text().count("[pack]") == 1


def test_check_names_a_change_that_no_example_notices(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    pack = tmp_path / "mine.toml"
    pack.write_text(
        '[pack]\nid = "mine"\nsummary = "Mine"\nsource = "here"\n[[rule]]\nid = "box"\nsummary = "Box"\nkind = "line"\n'
        'exact = ["one", "two"]\nmatch = ["one"]\nkeep = ["three"]\n'
    )
    code, out, _ = run(capsys, "rules", "check", pack)
    assert code == 1
    assert "mine/box: no example notices this change: exact: without 'two'" in out
