"""Where options come from: the command line over the file over the environment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from cleaner.config import Config, ConfigError, from_environment, load_config
from cleaner.options import settings

if TYPE_CHECKING:
    from pathlib import Path

GIVEN = dict.fromkeys(
    ["config", "memory", "learn", "level", "title_in_text", "language", "languages", "extract", "drop", "keep", "flag", "workers"]
) | {"no_edits": False, "no_language": False, "no_signals": False, "reject": (), "near_duplicates": None}  # fmt: skip
GIVEN |= dict.fromkeys(("rules", "select", "ignore", "profiles", "word_lists"), ())


def test_the_environment_is_weakest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "LEVEL": "strict", "SIGNALS": "false", "IGNORE": "en/share, en/jetpack", "BUDGET": ".4", "WORKERS": "3",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"CLEAN_{name}", value)
    chosen, workers = settings(GIVEN)
    assert (chosen.level, chosen.signals, chosen.budget, workers) == ("strict", False, 0.4, 3)
    assert chosen.ignore == ("en/share", "en/jetpack")
    (tmp_path / "c.toml").write_text('level = "balanced"\nignore = ["de/share"]\n')
    monkeypatch.setenv("CLEAN_CONFIG", str(tmp_path / "c.toml"))
    chosen, _ = settings(GIVEN)
    assert (chosen.level, chosen.ignore) == ("balanced", ("en/share", "en/jetpack", "de/share"))
    assert settings(GIVEN | {"level": "safe"})[0].level == "safe"


def test_other_variables_are_left_alone() -> None:
    assert from_environment({"CLEAN_BUILD": "1", "LEVEL": "3", "CLEAN_EXTEND": "x"}) == Config()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("level = 3", "level cannot be 3: use safe, balanced, strict"),
        ('level = "high"', "level cannot be 'high': use safe, balanced, strict"),
        ('extract = "all"', "extract cannot be 'all': use fast, balanced, precision, recall"),
        ("ignores = []", "ignores is unknown; did you mean ignore?"),
        ("budget = true", "budget cannot be True: expected"),
        ("select = [1]", "select cannot be [1]: expected `str`, got `int`"),
    ],
)
def test_a_wrong_value_is_told_with_what_is_right(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "c.toml").write_text(text)
    with pytest.raises(ConfigError, match=re.escape(f"c.toml: {message}")):
        load_config(tmp_path / "c.toml")


def test_a_wrong_variable_is_named() -> None:
    with pytest.raises(
        ConfigError, match="the environment: CLEAN_LEVEL cannot be 'high': use safe, balanced, strict"
    ):
        from_environment({"CLEAN_LEVEL": "high"})


def test_every_option_of_the_config_is_documented(root: Path) -> None:
    page = (root / "docs" / "config.md").read_text("utf-8")
    for name in Config.__struct_encode_fields__:
        assert f"`{name}`" in page
