"""Figures on left-out sites, and the model card."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from data import FREE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray
    from pages import Pages

LONGEST = 240  # characters of a line that may go
BOUNDS = {
    "manual": (0.5, 2, 5), "residual": (0.3, 1, 3), "full-old": (0.4, 1.2, 2.5), "full-new": (0.4, 1.2, 2.5),
    "ps": (0.15, 0.4, 1), "extracts": (0.2, 0.5, 1.5), "nodes": (0.5, 2, 5),
}  # fmt: skip
"""For each group the good characters, in per cent, that may be lost at safe, balanced and strict."""
_APART = ("waddle", "dragnet")  # sources of before 2013, reported on their own


def best(
    pages: Pages, mask: NDArray[np.bool_], points: NDArray[np.float64], bound: float
) -> tuple[float, int]:
    """Return the best F1 of furniture while at most `bound` per cent of the good characters go, and its threshold."""
    rows = np.flatnonzero(mask & (pages.label != FREE) & ~np.isnan(points))
    good, furniture = pages.label[rows] == 0, int((pages.label[rows] == 1).sum())
    total = pages.chars[rows][good].sum()
    rows = rows[pages.chars[rows] <= LONGEST]
    order = rows[np.argsort(-points[rows], kind="stable")]
    lost = np.cumsum(np.where(pages.label[order] == 0, pages.chars[order], 0)) / max(total, 1)
    right = np.cumsum(pages.label[order] == 1)
    within = int(np.searchsorted(lost, bound / 100, side="right"))
    if not within:
        return 0.0, 0
    score = 2 * right / (right + np.arange(1, len(order) + 1) - right + furniture)
    place = int(np.argmax(score[:within]))
    return float(score[place]), int(points[order[place]])


def table(pages: Pages, points: NDArray[np.float64]) -> str:
    """Return the F1 of each group at its bounds, as a table in Markdown."""
    lines = ["| group | documents | safe | balanced | strict |", "|---|---|---|---|---|"]
    old = np.char.startswith(pages.source, _APART[0]) | np.char.startswith(pages.source, _APART[1])
    chosen = {name: (pages.group == name) & ~old for name in BOUNDS}
    chosen |= {name: np.char.startswith(pages.source, name) for name in _APART}
    for name, documents in chosen.items():
        bounds = BOUNDS.get(name, (0.15, 0.4, 1))
        found = [best(pages, documents[pages.document], points, bound) for bound in bounds]
        cells = " | ".join(
            f"{f1:.3f} at {bound} % ({least})" for (f1, least), bound in zip(found, bounds, strict=True)
        )
        measured = len(np.unique(pages.document[documents[pages.document] & ~np.isnan(points)]))
        lines.append(f"| {name} | {measured} | {cells} |")
    return "\n".join(lines)


def write_card(
    path: Path, pages: Pages, figures: str, digest: str, size: int, weight_of: Callable[[str, str], float]
) -> None:
    """Write the figures of a training into the model card, between its two marks; what people wrote around them stays."""
    rows = ["| source | documents | sites | lines | furniture | weight |", "|---|---|---|---|---|---|"]
    for source in np.unique(pages.source):
        documents = pages.source == source
        lines = documents[pages.document]
        rows.append(
            f"| {source} | {documents.sum()} | {len(np.unique(pages.site[documents]))} | {lines.sum()} | "
            f"{(pages.label[lines] == 1).sum()} | {weight_of(pages.group[documents][0], source)} |"
        )
    made = "\n".join(
        [
            "",
            f"SHA-256 `{digest}`, {size} bytes.",
            "",
            "## Left-out sites, the model alone",
            "",
            figures,
            "",
            "## Data",
            "",
            *rows,
            "",
        ]
    )
    begin, end = "<!-- written by training/train.py -->", "<!-- end -->"
    text = path.read_text("utf-8") if path.exists() else f"# The line model\n\n{begin}\n{end}\n"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    path.write_text(f"{before}{begin}\n{made}\n{end}{after}", "utf-8")
