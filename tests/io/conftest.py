"""A local S3 server."""

from __future__ import annotations

from urllib.request import Request, urlopen

import pytest


@pytest.fixture
def s3(monkeypatch):
    """Start a local S3 server and return a client for it."""
    pytest.importorskip("s3fs", reason='pip install "scraped-text-cleaner[s3]"')
    server_of = pytest.importorskip("moto.server", reason="pip install moto[server]").ThreadedMotoServer
    import s3fs

    server = server_of(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("no_proxy", "*")
    s3fs.S3FileSystem.clear_instance_cache()
    urlopen(
        Request(f"http://{host}:{port}/moto-api/reset", method="POST")
    ).close()  # servers of a process share a state
    yield s3fs.S3FileSystem()
    s3fs.S3FileSystem.clear_instance_cache()
    server.stop()
