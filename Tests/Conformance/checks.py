"""What the checks with stock clients have in common: registering, expecting, running, counting."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from typing import Callable, Dict, Iterator, List, Optional, Sequence

import wire

RUN_TIMEOUT = 30.0
"""Seconds for one run of a client: none needs more than a few."""

RESULT_LINE = re.compile(r"(ok|FAILED|skip) ([^:]+)(?:: (.*))?")
"""How check programs written in other languages, or run by other interpreters, tell their results."""


ALL_CHECKS = "all checks"
"""What a family calls its only result when its client is not there."""


class Skip(Exception):
    """A check cannot be made here; the message says what is missing."""


class Unexpected(Exception):
    """The client did not do what it does with a real Redis."""


@dataclass(frozen=True)
class Result:
    """How one check ended: "ok", "FAILED" or "skip", and why if not ok."""

    status: str
    name: str
    reason: str = ""


class Tally:
    """Prints results as they come and counts them."""

    def __init__(self) -> None:
        self.counts: Dict[str, int] = {"ok": 0, "FAILED": 0, "skip": 0}
        self.missing: List[str] = []

    def add(self, family: str, result: Result) -> None:
        """Takes in one result."""
        self.counts[result.status] += 1
        if result.status == "skip" and result.name == ALL_CHECKS:
            self.missing.append(family)
        reason = ": " + result.reason if result.reason else ""
        print("%-6s %s: %s%s" % (result.status, family, result.name, reason), flush=True)

    def closing_line(self) -> str:
        """The counts in words."""
        return "%d passed, %d failed, %d skipped" % tuple(self.counts.values())


class Checks:
    """A list of check functions; a function's docstring is the check's name."""

    def __init__(self) -> None:
        self._functions: List[Callable[..., None]] = []

    def __call__(self, function: Callable[..., None]) -> Callable[..., None]:
        self._functions.append(function)
        return function

    def results(self, *arguments: object) -> Iterator[Result]:
        """Runs all checks with the same arguments."""
        for function in self._functions:
            name = (function.__doc__ or function.__name__).strip().rstrip(".")
            try:
                function(*arguments)
                yield Result("ok", name)
            except Skip as reason:
                yield Result("skip", name, str(reason))
            except Exception as failure:  # Whatever goes wrong in a check is that check's failure.
                kind = "" if isinstance(failure, Unexpected) else type(failure).__name__ + ": "
                yield Result("FAILED", name, shortened(kind + str(failure)))


def shortened(text: str) -> str:
    """The text on one line of bearable length."""
    text = text.replace("\n", "\\n")
    return text if len(text) <= 600 else text[:600] + "..."


def expect(condition: object, message: str, *values: object) -> None:
    """Raises `Unexpected` unless the condition holds."""
    if not condition:
        raise Unexpected(message % values if values else message)


def expect_equal(actual: object, expected: object, what: str = "result") -> None:
    """Raises `Unexpected` unless both are equal."""
    expect(actual == expected, "%s is %r instead of %r", what, actual, expected)


def expect_match(pattern: str, text: str, what: str = "output") -> "re.Match[str]":
    """The match of a pattern somewhere in the text; raises `Unexpected` if there is none."""
    match = re.search(pattern, text, re.MULTILINE)
    if match is None:
        raise Unexpected("%s has no %r: %r" % (what, pattern, text[:400]))
    return match


def client_environment() -> Dict[str, str]:
    """Environment variables without anything that changes how clients behave."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REDISCLI")}
    return {**kept, "REDISCLI_HISTFILE": "/dev/null", "REDISCLI_RCFILE": "/dev/null", "TERM": "xterm",
            "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True)
class Output:
    """What a program left behind."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> List[str]:
        """The lines of standard output."""
        return self.out.splitlines()


def run(command: Sequence[str], stdin: Optional[bytes] = None, timeout: float = RUN_TIMEOUT) -> Output:
    """Runs a program to its end."""
    try:
        done = subprocess.run(list(command), input=stdin, stdin=None if stdin is not None else subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout,
                              env=client_environment(), check=False)
    except subprocess.TimeoutExpired as expired:
        raise Unexpected("%s did not end within %g s; so far %r"
                         % (command[0], timeout, (expired.stdout or b"")[-300:])) from None
    return Output(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))


def reported_results(command: Sequence[str], timeout: float) -> Iterator[Result]:
    """Runs a check program and passes on the results it prints, one to a line."""
    try:
        output = run(command, timeout=timeout)
    except Unexpected as failure:
        yield Result("FAILED", ALL_CHECKS, shortened(str(failure)))
        return
    for line in output.lines:
        match = RESULT_LINE.fullmatch(line)
        if match:
            yield Result(match.group(1), match.group(2), shortened(match.group(3) or ""))
    if output.status != 0:
        yield Result("FAILED", "the program's end",
                     shortened("exit status %d, %s" % (output.status, output.err.strip()[-400:])))


def fresh_connection(port: int) -> wire.Connection:
    """A connection to an emptied server."""
    connection = wire.Connection(port)
    connection.call("FLUSHALL")
    return connection
