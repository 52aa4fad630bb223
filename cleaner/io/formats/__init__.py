"""One reader a format: each turns a stream of bytes into documents."""
