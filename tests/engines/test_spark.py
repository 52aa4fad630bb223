"""Spark with two executors of its own: the rows of the embedded engine, and poison that costs only itself."""

from __future__ import annotations

import os
import runpy
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner import Cleaner
from cleaner.executors.isolate import Limits
from tests.engines.poison import ERRORS, HANGS, KILLS, RAISES, documents, poisoned, with_poison

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("pyspark", reason="the engine `pyspark` is not installed")
from cleaner.executors.spark import ARROW_SCHEMA, clean_dataframe

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # Spark's own
    pytest.mark.skipif(not (shutil.which("java") or "JAVA_HOME" in os.environ), reason="Spark needs Java"),
]
COUNT = 2_000


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")  # two processes, a core and 1 GB each
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.executorEnv.PYTHONPATH", str(Path.cwd()))  # on a real cluster the package is installed
        .config("spark.driver.memory", "1g")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def frame_of(spark: Any, batch: pa.RecordBatch, partitions: int) -> Any:
    return spark.createDataFrame(pa.Table.from_batches([batch])).repartition(partitions, "id")


def want(batch: pa.RecordBatch) -> pa.Table:
    """Return what the embedded engine makes of it, the unsigned fingerprint as a signed number."""
    table = pa.Table.from_batches([Cleaner().clean_batch(batch)])
    place = table.schema.get_field_index("fingerprint")
    signed = pa.chunked_array([chunk.view(pa.int64()) for chunk in table["fingerprint"].chunks])
    return table.set_column(place, "fingerprint", signed)


def session_of(spark: Any) -> Any:
    """Return Spark's own context, in the language that it is written in."""
    return spark.sparkContext._jsc.sc()


def rows(frame: Any) -> list[dict[str, Any]]:
    return frame.toArrow().sort_by("id").to_pylist()


def test_the_rows_are_those_of_the_embedded_engine(spark: Any, tmp_path: Path) -> None:
    batch = documents(COUNT)

    done = clean_dataframe(frame_of(spark, batch, 2), Cleaner())
    done.write.parquet(str(tmp_path / "out"))

    executors = session_of(spark).getExecutorMemoryStatus().size() - 1
    assert executors == 2
    assert len(list((tmp_path / "out").glob("part-*"))) == 2
    table = pq.read_table(tmp_path / "out").sort_by("id")
    assert table.schema.names == [*ARROW_SCHEMA.names, "place"]
    assert table.to_pylist() == want(batch).to_pylist()


def test_poison_costs_only_itself(spark: Any) -> None:
    places = {2: RAISES, 13: HANGS, 22: KILLS}
    batch = with_poison(documents(24), places)

    done = rows(clean_dataframe(frame_of(spark, batch, 2), poisoned, isolate=Limits(seconds=2.0)))

    expected = want(documents(24)).to_pylist()
    assert len(done) == 24
    for place, (row, good) in enumerate(zip(done, expected, strict=True)):
        if place in places:
            assert row["error"].startswith(ERRORS[places[place]])
        else:
            assert row == good


def test_the_example_runs(spark: Any, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes last: the example stops the session."""
    text = "Sail day.\nSubscribe to get the latest posts sent to your email."
    rows = {"id": ["a"], "url": ["https://site.example/a"], "text": [text]}
    pq.write_table(pa.table(rows), tmp_path / "in.parquet")
    monkeypatch.setattr(sys, "argv", ["spark_job", str(tmp_path / "in.parquet"), str(tmp_path / "out")])

    runpy.run_path(str(root / "docs" / "examples" / "spark_job.py"), run_name="__main__")

    assert pq.read_table(tmp_path / "out")["text"].to_pylist() == ["Sail day."]
