"""A child process that runs a batch function, with a deadline and a limit on its memory."""

from __future__ import annotations

import atexit
import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pyarrow as pa

from cleaner.executors.wire import limit_memory, pack, unpack
from cleaner.record import reason_of

if TYPE_CHECKING:
    from collections.abc import Callable

    BatchFunction = Callable[[pa.RecordBatch], pa.RecordBatch]

__all__ = ["LostError", "ask", "end_child", "serve"]

_START = 300.0  # seconds to import and build everything: disks of new machines are slow
_PATIENCE = 5  # elapsed seconds for one of CPU, for documents that wait, and for machines that are busy
_SLACK = 5.0  # seconds after which a child ends itself, should its parent be gone
_TRIES = 3  # to start a child: on a full machine it may be killed before it has begun
_WARM = pa.record_batch({"text": ["A line to load what is loaded at first use, outside of any deadline."]})
_HEAD = struct.Struct("<dQ")
"""Stands before each message: to the child the seconds it has, from it 1 for a result and 0 for an error;
then the number of bytes that follow."""


class LostError(Exception):
    """The child did not return a batch; the message says why. `deserved` is False where it may be chance."""

    def __init__(self, reason: str, *, deserved: bool) -> None:
        super().__init__(reason)
        self.deserved = deserved


def ask(pickled: bytes, memory: int, batch: pa.RecordBatch, seconds: float) -> pa.RecordBatch:
    """Run a pickled batch function on a batch in the child of this process, starting it where there is none.

    Raises:
        LostError: the function raised, used more than `seconds` of CPU, or its process died.
        RuntimeError: the child cannot be started.

    """
    with _lock:
        child = _child(pickled, memory)
        try:
            return child.ask(batch, seconds)
        except LostError:
            if not child.lives:
                _forget(child)
            raise


class _Child:
    """A process that runs one batch function; created with it, ended by `end` or by the end of its parent."""

    def __init__(self, pickled: bytes, memory: int) -> None:
        self.lives = False
        for left in reversed(range(_TRIES)):
            self._start(memory)
            try:
                self._exchange(pickled, _START)
            except LostError as error:
                self.end()
                if error.deserved or not left:
                    raise RuntimeError(f"a child process for the batch function {error}") from error
            else:
                return

    def _start(self, memory: int) -> None:
        inward, self._out = os.pipe()
        self._in, outward = os.pipe()
        command = f"from cleaner.executors.child import serve; serve({inward}, {outward}, {memory})"
        try:
            self._running = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                [sys.executable, "-c", command],
                stdin=subprocess.DEVNULL,
                stdout=2,  # what a library prints must not end up in what our caller writes
                pass_fds=(inward, outward),
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        finally:
            os.close(inward)
            os.close(outward)
        self.lives = True

    def ask(self, batch: pa.RecordBatch, seconds: float) -> pa.RecordBatch:
        """Return what the function makes of a batch.

        Raises:
            LostError: it raised, ran too long or died.

        """
        cleaned = unpack(self._exchange(pack(batch), seconds))
        if cleaned.num_rows != batch.num_rows:
            raise LostError(f"gave {cleaned.num_rows} rows for {batch.num_rows}", deserved=True)
        return cleaned

    def end(self) -> None:
        """Kill the child and wait until it is gone."""
        if self.lives:
            self.lives = False
            self._running.kill()
            self._running.wait()
            os.close(self._out)
            os.close(self._in)

    def _exchange(self, message: bytes, seconds: float) -> bytes:
        try:
            _send(self._out, seconds, message)
            if not _is_ready(self._in, seconds * _PATIENCE):
                self.end()
                raise LostError(f"ran longer than {seconds:.0f} s", deserved=False)
            good, answer = _received(self._in)
        except (OSError, EOFError) as error:
            code = self._code()
            self.end()
            raise LostError(_cause(code, seconds), deserved=False) from error
        if not good:
            raise LostError(answer.decode(), deserved=True)
        return answer

    def _code(self) -> int:
        """Return the exit code of a child that no longer answers."""
        with suppress(subprocess.TimeoutExpired):
            return self._running.wait(_SLACK)
        self._running.kill()
        return self._running.wait()


_lock = threading.RLock()
_children: dict[int, tuple[bytes, int, _Child]] = {}  # by process: a fork must not talk to its parent's child


def _child(pickled: bytes, memory: int) -> _Child:
    """Return the child of this process for a function; the child for another one ends."""
    known = _children.get(os.getpid())
    if known is not None:
        if known[:2] == (pickled, memory):
            return known[2]
        _forget(known[2])
    child = _Child(pickled, memory)
    _children[os.getpid()] = (pickled, memory, child)
    return child


def _forget(child: _Child) -> None:
    child.end()
    _children.pop(os.getpid(), None)


def end_child() -> None:
    """End the child of this process, if it has one."""
    with _lock:
        known = _children.get(os.getpid())
        if known is not None:
            _forget(known[2])


atexit.register(end_child)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: globals().update(_lock=threading.RLock()))


def serve(inward: int, outward: int, memory: int) -> None:
    """Run a batch function on what arrives, until nothing more can; the work of the child."""
    for alarm in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(alarm, signal.SIG_DFL)  # ends the process even where C code never returns
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end is ours
    pa.set_cpu_count(1)
    _, message = _received(inward)
    function: BatchFunction | None = None
    while True:
        good, answer = 1.0, b""
        try:
            if function is None:
                function = pickle.loads(message)  # noqa: S301 - our parent sent it
                with suppress(Exception):
                    function(_WARM)
                limit_memory(memory)
            else:
                answer = pack(function(unpack(message)))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a document may raise anything
            good, answer = 0.0, reason_of(error).encode("utf-8", "replace")
        _give(0.0)
        try:
            _send(outward, good, answer)
            seconds, message = _received(inward)
        except (OSError, EOFError):
            os._exit(0)
        _give(seconds)


def _give(seconds: float) -> None:
    """Have the system end this process when it has used so much CPU, or waited too long; 0 is no limit.

    CPU decides, so that a document is not blamed for a busy machine.
    """
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds and seconds * _PATIENCE + _SLACK)


def _is_ready(source: int, seconds: float) -> bool:
    waiting = select.poll()
    waiting.register(source, select.POLLIN)
    return bool(waiting.poll(seconds * 1000))


def _send(target: int, number: float, message: bytes) -> None:
    rest = memoryview(_HEAD.pack(number, len(message)) + message)
    while rest:
        rest = rest[os.write(target, rest) :]


def _received(source: int) -> tuple[float, bytes]:
    number, size = _HEAD.unpack(_exactly(source, _HEAD.size))
    return number, _exactly(source, size)


def _exactly(source: int, size: int) -> bytes:
    parts = []
    while size:
        part = os.read(source, min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _cause(code: int, seconds: float) -> str:
    if -code in (signal.SIGALRM, signal.SIGPROF):
        return f"ran longer than {seconds:.0f} s"
    if code < 0:
        try:
            return f"killed its worker with {signal.Signals(-code).name}"
        except ValueError:
            return f"killed its worker with signal {-code}"
    return f"ended its worker with exit code {code}"
