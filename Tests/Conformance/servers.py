"""Starts servers on free loopback ports in directories of their own, and stops them again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import List, Optional, Sequence, Tuple

import wire

START_TIMEOUT = 15.0
"""Seconds until a new server must answer: a debug build on a busy machine starts slowly."""

STOP_TIMEOUT = 3.0
"""Seconds between the polite and the final signal."""

LOG_TAIL_LINES = 30
"""Lines of a crashed server's output that are shown: enough for a stack trace's head."""

COMMON_OPTIONS = ("--save", "", "--appendonly", "no", "--bind", "127.0.0.1",
                  "--enable-debug-command", "yes")

NEWEST_VERSION = (255, 255, 255)
"""Development builds call themselves this; servers that tell no version are taken as such."""


class ServerFailure(Exception):
    """A server could not be started."""


def default_program() -> str:
    """Where the release build of this repository's server lies."""
    return str(Path(__file__).resolve().parents[2] / ".build" / "release" / "mini-redis-server")


def resolve_program(program: str) -> str:
    """The program's absolute path, looked up in PATH when it has no slash."""
    found = shutil.which(program)
    if found is None:
        raise ServerFailure("no program %s" % program)
    return os.path.abspath(found)


def free_port() -> int:
    """A loopback port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_up_when_terminated() -> None:
    """Lets SIGTERM unwind the stack, so that no server and no folder stays behind."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))


class Server:
    """One running server process. Use as a context manager."""

    def __init__(self, program: str, label: str, options: Sequence[str] = ()) -> None:
        self.program = resolve_program(program)
        self.label = label
        self.options = list(options)
        self.port = 0
        self._process: Optional[subprocess.Popen] = None
        self._directory = tempfile.mkdtemp(prefix="conformance-")
        self._log_path = os.path.join(self._directory, "server.log")

    def __enter__(self) -> "Server":
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self._directory, ignore_errors=True)

    def start(self) -> None:
        """Starts the process and waits until it answers."""
        self.port = free_port()
        command = [self.program, "--port", str(self.port), *COMMON_OPTIONS, *self.options]
        with open(self._log_path, "wb") as log:
            self._process = subprocess.Popen(command, cwd=self._directory, stdin=subprocess.DEVNULL,
                                             stdout=log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + START_TIMEOUT
        while not self._answers():
            if self.exit_status() is not None or time.monotonic() > deadline:
                log_tail = self.log_tail()
                self.stop()
                raise ServerFailure("%s (%s) did not start:\n%s" % (self.label, self.program, log_tail))
            time.sleep(0.02)

    def _answers(self) -> bool:
        """Whether a PING gets any reply (an error such as NOAUTH will do)."""
        try:
            connection = wire.Connection(self.port, timeout=1.0)
        except OSError:
            return False
        try:
            connection.call("PING")
            return True
        except (wire.ConnectionClosed, wire.ReplyTimeout, wire.ProtocolViolation):
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """Ends the process, by force if it does not go on its own."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def restart(self) -> None:
        """A fresh process, on a new port."""
        self.stop()
        self.start()

    def exit_status(self) -> Optional[str]:
        """How the process ended, in words; None while it runs."""
        code = self._process.poll() if self._process else None
        if code is None:
            return None
        if code < 0:
            return "killed by %s" % signal.Signals(-code).name
        return "exited with status %d" % code

    def log_tail(self) -> str:
        """The last lines the server wrote."""
        try:
            with open(self._log_path, "rb") as log:
                lines = log.read().decode(errors="replace").splitlines()
        except OSError:
            return ""
        return "\n".join(lines[-LOG_TAIL_LINES:])

    def version(self) -> Tuple[int, ...]:
        """The `redis_version` of INFO as numbers."""
        connection = wire.Connection(self.port)
        try:
            lines: List[bytes] = connection.call("INFO", "server").text.split(b"\r\n")
        finally:
            connection.close()
        for line in lines:
            if line.startswith(b"redis_version:"):
                digits = line.split(b":", 1)[1].split(b".")
                return tuple(int(part) for part in digits if part.isdigit())
        return NEWEST_VERSION
