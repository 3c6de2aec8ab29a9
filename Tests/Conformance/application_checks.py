"""Checks with applications: each must come to the same on our server as on a real Redis."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional

import redis_py_checks
from checks import ALL_CHECKS, Result, Unexpected, run, shortened
from servers import Server

PEER = "redis-server"

TIMEOUT = 60.0
"""Seconds for all applications on one server."""

PROGRAM = str(Path(__file__).resolve().with_name("applications_program.py"))


class Course(NamedTuple):
    """What an application came to: its facts, or the error that ended it."""

    ended: bool
    facts: List[str]


def results(server: Server) -> Iterator[Result]:
    """A check for each application and protocol version."""
    python = redis_py_checks.interpreter()
    if python is None:
        yield Result("skip", ALL_CHECKS, "the package %s cannot be installed" % redis_py_checks.PACKAGE)
        return
    if shutil.which(PEER) is None:
        yield Result("skip", ALL_CHECKS, "no %s to compare with" % PEER)
        return
    try:
        with Server(PEER, "peer") as peer:
            expected = _courses(python, peer)
        actual = _courses(python, server)
    except Unexpected as failure:
        yield Result("FAILED", ALL_CHECKS, shortened(str(failure)))
        return
    for name, course in expected.items():
        reason = _difference(actual.get(name), course)
        yield Result("FAILED" if reason else "ok", name, shortened(reason))


def _courses(python: str, server: Server) -> Dict[str, Course]:
    """Runs all applications on a server."""
    output = run([python, PROGRAM, str(server.port)], timeout=TIMEOUT)
    if output.status != 0 or not output.lines:
        raise Unexpected("on the %s: exit status %d, %s" % (server.label, output.status, output.err.strip()[-400:]))
    return {name: Course(ended, facts) for name, ended, facts in map(json.loads, output.lines)}


def _difference(actual: Optional[Course], expected: Course) -> str:
    """How our server's course parts from the peer's; nothing if both are the same and came to the end."""
    if not expected.ended:
        return "on %s: %s" % (PEER, expected.facts[0])
    if actual is None:
        return "it did not run"
    if not actual.ended:
        return actual.facts[0]
    for number, (one, other) in enumerate(zip(actual.facts, expected.facts)):
        if one != other:
            return "fact %d is %s instead of %s" % (number, one, other)
    return "" if actual == expected else "%d facts instead of %d" % (len(actual.facts), len(expected.facts))
