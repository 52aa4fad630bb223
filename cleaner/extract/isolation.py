"""Extraction in a child process that can be killed: a deadline that also holds inside C code.

The counts taken before parsing keep every page known to us far below any deadline. This is the last
guard, for the page nobody has seen yet: it costs that page, and never another one.
"""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from cleaner.extract import Extracted, extract

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess
    from types import TracebackType

__all__ = ["Isolation"]

_NO_MEMORY = 112  # exit code
_MEBIBYTE = 1 << 20


class Isolation:
    """Extracts pages one after the other in a child process, which is started again when it had to die.

    Args:
        deadline: seconds a page may take, the start of a child not counted.
        memory: MiB of data that the child may hold; None for no limit. Held on Linux only.

    `peak` is the most memory the child has used, in MiB.

    """

    def __init__(self, deadline: float = 30.0, memory: int | None = 512) -> None:
        self.deadline, self.memory = deadline, memory
        self.peak = 0.0
        self._child: SpawnProcess | None = None
        self._pipe: Connection[Any, Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def extract(self, data: bytes | str, *, url: str | None = None, **options: Any) -> Extracted:
        """Return what `cleaner.extract.extract` returns for the same arguments, or the error that ended it."""
        pipe = self._started()
        try:
            pipe.send((data, {"url": url, **options}))
            if not pipe.poll(self.deadline):
                self._kill()
                return Extracted(
                    url=url, error=f"extraction took longer than {self.deadline:g} seconds: stopped"
                )
            found, self.peak = pipe.recv()
        except (EOFError, ConnectionError):
            code = self._kill()
            why = (
                f"needed more than {self.memory} MiB"
                if code == _NO_MEMORY
                else f"ended its worker (exit code {code})"
            )
            return Extracted(url=url, error=f"extraction {why}: stopped")
        if isinstance(found, ValueError):
            raise found
        return found  # type: ignore[no-any-return]

    def close(self) -> None:
        """End the child, if there is one."""
        if self._child is not None:
            self._kill()

    def _started(self) -> Connection[Any, Any]:
        if self._child is None or self._pipe is None or not self._child.is_alive():
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._child = context.Process(target=_serve, args=(theirs, self.memory), daemon=True)
            self._child.start()
            theirs.close()
            self._pipe.recv()  # ready: what it imports is not the page's fault
        return self._pipe

    def _kill(self) -> int | None:
        child, self._child = self._child, None
        if self._pipe is not None:
            self._pipe.close()
        if child is None:
            return None
        child.kill()
        child.join()
        code = child.exitcode
        child.close()
        return code


def _serve(pipe: Connection[Any, Any], memory: int | None) -> None:
    """Answer requests until the other end closes."""
    extract("<html><body><p>warm</p></body></html>")
    if memory is not None and hasattr(os, "sched_getaffinity"):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory * _MEBIBYTE, memory * _MEBIBYTE))
    pipe.send(True)
    while True:
        try:
            data, options = pipe.recv()
            found: Extracted | Exception = extract(data, **options)
        except (EOFError, ConnectionError):
            return
        except MemoryError:
            os._exit(_NO_MEMORY)  # what was allocated last is anybody's guess: a new child is safer
        except ValueError as error:
            found = error
        pipe.send((found, _peak()))


def _peak() -> float:
    import resource

    # Not ru_maxrss: a process inherits that from the one it was started by.
    for line in (
        Path("/proc/self/status").read_text().splitlines() if Path("/proc/self/status").exists() else ()
    ):
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
