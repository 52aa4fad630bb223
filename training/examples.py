"""Write into the examples of rules/any/model.toml what the rules do now; run it after a training, then read the changes."""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

from cleaner.rules.diff import diff_lines
from cleaner.rules.engine import Engine
from cleaner.rules.notation import before, parse, render
from cleaner.rules.pack import load_pack
from cleaner.shipped import packs_root

PACK = packs_root() / "any" / "model.toml"
_DIFF = re.compile(r"(?<=\ndiff = ''')\n(.*?)\n(?=''')", re.DOTALL)


def main() -> None:
    """Rewrite the file."""
    text = PACK.read_text("utf-8")
    rules = iter(
        [loaded for loaded in load_pack(PACK, root=packs_root(), checked=False) for _ in loaded.rule.example]
    )

    def renewed(match: re.Match[str]) -> str:
        loaded = next(rules)
        engine = Engine([loaded], level=loaded.rule.level, budget=1.0, title_in_text=False)
        page = before(parse(match[1]))
        shown = render(diff_lines(page, engine.clean([page])[0].edits))
        return "\n" + re.sub(r"    \[any/model/[^\]]*\]$", "", shown, flags=re.MULTILINE) + "\n"

    PACK.write_text(_DIFF.sub(renewed, text), "utf-8")


if __name__ == "__main__":
    main()
