"""Clean the result of a query in DuckDB, batch after batch, and query what came out."""

import duckdb
import pyarrow as pa

from cleaner import Cleaner

database = duckdb.connect()
database.sql(
    "create table pages as select * from (values "
    "('a', 'Sail day.\nSubscribe to get the latest posts sent to your email.'), ('b', 'Fine.')) v(id, text)"
)

cleaner = Cleaner()
reader = database.sql("select id, text from pages order by id").fetch_record_batch(1_000)
cleaned = pa.Table.from_batches(map(cleaner.clean_batch, reader))

print(database.sql("select id, text, len(edits) as edits from cleaned order by id").fetchall())
