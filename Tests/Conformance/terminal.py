"""Runs a program on a pseudo terminal, as if someone sat there typing."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from typing import List

from checks import Unexpected, client_environment

ANSWER_TIMEOUT = 10.0
"""Seconds until what is waited for must have appeared on the screen."""

ROWS, COLUMNS = 40, 200
"""Wide enough that hints are neither cut nor wrapped."""

CONTROL_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A program with its screen. Use as a context manager."""

    def __init__(self, command: List[str]) -> None:
        self._command = command
        self._screen = ""
        self._pid = 0
        self._terminal = -1

    def __enter__(self) -> "Terminal":
        environment = client_environment()
        self._pid, self._terminal = pty.fork()
        if self._pid == 0:
            try:
                os.execvpe(self._command[0], self._command, environment)
            finally:
                os._exit(127)
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        return self

    def __exit__(self, *_: object) -> None:
        try:
            os.kill(self._pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(self._pid, 0)
        os.close(self._terminal)

    def type(self, text: str) -> None:
        """Presses the keys one after the other, and forgets what the screen showed before."""
        self._screen = ""
        for character in text:
            os.write(self._terminal, character.encode())
            time.sleep(0.005)

    def wait_for(self, pattern: str) -> None:
        """Waits until the pattern has appeared since the last key was pressed."""
        deadline = time.monotonic() + ANSWER_TIMEOUT
        while not re.search(pattern, self._plain_screen(), re.DOTALL):
            if not self._read(deadline):
                raise Unexpected("no %r on the screen: %r" % (pattern, self._plain_screen()[-300:]))

    def wait_for_end(self) -> None:
        """Waits until the program has ended."""
        deadline = time.monotonic() + ANSWER_TIMEOUT
        while self._read(deadline):
            pass
        if time.monotonic() >= deadline:
            raise Unexpected("the program goes on; its screen ends with %r" % self._plain_screen()[-300:])

    def _plain_screen(self) -> str:
        """What was written to the screen, without cursor movements and colours."""
        return CONTROL_SEQUENCE.sub("", self._screen)

    def _read(self, deadline: float) -> bool:
        """Takes in what the program writes; false when nothing more comes."""
        ready, _, _ = select.select([self._terminal], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return False
        try:
            data = os.read(self._terminal, 65536)
        except OSError:  # How Linux tells that the program closed its end.
            return False
        self._screen += data.decode(errors="replace")
        return bool(data)
