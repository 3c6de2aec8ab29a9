"""What every measure gets to work with, and how runs alternate."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import Callable, Dict, List, Optional

from report import Bar, Report
from resp import BenchError
from scale import Scale
from servers import OURS, PEER, SERVER_TROUBLE, Cores, Program, alternate


class RoleFailure(BenchError):
    """A measure failed on one of the two servers."""

    def __init__(self, role: str, reason: object):
        super().__init__(str(reason))
        self.role = role


@dataclass
class Context:
    """The settings of a run of the harness, and where results go."""

    programs: Dict[str, Program]
    cores: Cores
    scale: Scale
    benchmark: str
    files: int
    report: Report = field(default_factory=Report)
    began: float = field(default_factory=time.monotonic)

    def progress(self, text: str) -> None:
        """One line on standard error, with the seconds since the start."""
        print("%6.1f s  %s" % (time.monotonic() - self.began, text),
              file=sys.stderr, flush=True)

    def collect(self, what: str, runs: int, take: Callable[[str], object]) -> Dict[str, List]:
        """Results of `take(role)` by role, over `runs` alternating runs."""
        self.progress(what)
        results: Dict[str, List] = {OURS: [], PEER: []}
        for role in alternate(runs):
            try:
                results[role].append(take(role))
            except SERVER_TROUBLE as error:
                raise RoleFailure(role, error) from error
        return results

    def fail(self, name: str, bar: Optional[Bar], failure: RoleFailure) -> None:
        """Notes a measure that could not be taken."""
        self.progress("%s: %s failed: %s" % (name, failure.role, failure))
        self.report.add_failure(name, bar, failure.role, str(failure))
