"""`cleaner near-duplicates`: mark what stands more than once in a corpus that is cleaned already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.duplicates import JACCARD
from cleaner.sections import Size

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["near_duplicates"]

_PATH = click.Path(path_type=Path)


@click.command("near-duplicates")
@click.argument("files", nargs=-1, required=True, metavar="OUT.parquet...", type=_PATH)
@click.option("--jaccard", type=float, default=JACCARD, show_default=True, help="The similarity from which on texts are near-duplicates.")  # fmt: skip
@click.option("-o", "--output", type=_PATH, metavar="NEW", help="A file, or a folder for several.  [default: the files themselves]")  # fmt: skip
@click.option("--reject", is_flag=True, help="Move near-duplicates to NEW.rejected.parquet.")
@click.option("--memory", type=Size(), metavar="SIZE", help="What the joins may take; more goes to disk.  [default: 1GiB]")  # fmt: skip
@click.option("--scratch", type=_PATH, metavar="FOLDER", help="For temporary files, about 1.5 times the size of the texts.")  # fmt: skip
@click.option(
    "--text-column", metavar="NAME", default="text", help="The column of the text.  [default: text]"
)
@click.option("--id-column", metavar="NAME", default="id", help="The column of the id.  [default: id, else the number of the row]")  # fmt: skip
@click.option(
    "--date-column", metavar="NAME", default="date", help="The column of the date.  [default: date]"
)
def near_duplicates(
    files: Sequence[Path], jaccard: float, output: Path | None, memory: int | None, scratch: Path | None,
    text_column: str, id_column: str, date_column: str, *, reject: bool,
) -> None:  # fmt: skip
    """Mark documents that say nearly the same, and paragraphs that stand in several documents.

    All files are one corpus; folders are searched for .parquet files. The columns near_duplicate_of, cluster_size,
    similarity and shared_paragraphs are added, or filled anew.
    """
    from cleaner.duplicates.files import mark_files
    from cleaner.duplicates.marking import NearDuplicates
    from cleaner.duplicates.near import MEMORY

    def told(near: int, clusters: int, sharing: int, rejected: int) -> None:
        click.echo(
            f"{near:,} near-duplicates of {clusters:,} others, {rejected:,} rejected; "
            f"{sharing:,} documents share paragraphs",
            err=True,
        )

    look = NearDuplicates(jaccard, reject, memory or MEMORY, scratch, told)
    columns = {"text": text_column, "id": id_column, "date": date_column}
    mark_files(files, look, output=output, columns=columns)
