"""Clean Parquet with Spark: `spark-submit --archives environment.tar.gz#environment spark_job.py INPUT OUTPUT`.

The archive holds a virtual environment with this package (made with venv-pack), and
`PYSPARK_PYTHON=./environment/bin/python` has the executors use it.
"""

import sys

from pyspark.sql import SparkSession

from cleaner import Cleaner
from cleaner.executors.spark import clean_dataframe

source, target = sys.argv[1:]
spark = SparkSession.builder.appName("cleaner").getOrCreate()
pages = spark.read.parquet(source).select("id", "url", "text")
clean_dataframe(pages, Cleaner(level="balanced")).write.parquet(target)
spark.stop()
