"""Read inputs as record batches and write record batches as files."""
