#!/usr/bin/env python3
"""Drives stock Redis clients against our server.

    python3 clients.py                        all clients against the release build
    python3 clients.py --ours redis-server    all clients against a real Redis (everything must pass)
    python3 clients.py --only redis-cli       one client

A client that is not installed is skipped; with --require-all that counts as a failure.
"""

from __future__ import annotations

import argparse
import sys
from typing import Callable, Dict, Iterator, Optional, Sequence

import application_checks
import hiredis_checks
import redis_benchmark_checks
import redis_cli_checks
import redis_py_checks
from checks import Result, Tally
from servers import Server, ServerFailure, clean_up_when_terminated, default_program

FAMILIES: Dict[str, Callable[[Server], Iterator[Result]]] = {
    "redis-cli": redis_cli_checks.results,
    "redis-benchmark": redis_benchmark_checks.results,
    "redis-py": redis_py_checks.results,
    "hiredis": hiredis_checks.results,
    "applications": application_checks.results,
}


def parse_options(arguments: Optional[Sequence[str]] = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", default=default_program(), metavar="PATH", help="the server under test")
    parser.add_argument("--only", default=",".join(FAMILIES), metavar="CLIENT,...", help="some of the clients")
    parser.add_argument("--require-all", action="store_true", help="a missing client is a failure")
    options = parser.parse_args(arguments)
    options.families = [name.strip() for name in options.only.split(",")]
    unknown = set(options.families) - set(FAMILIES)
    if unknown:
        parser.error("no such client: " + ", ".join(sorted(unknown)))
    return options


def main() -> int:
    """Runs what the command line asks for; returns the exit status."""
    options = parse_options()
    clean_up_when_terminated()
    tally = Tally()
    try:
        for family in options.families:
            with Server(options.ours, "server for " + family) as server:
                for result in FAMILIES[family](server):
                    tally.add(family, result)
                    if server.exit_status() is not None:
                        # The checks to come are not to blame for what this one did.
                        tally.add(family, Result("FAILED", "the server after it", server.exit_status() or ""))
                        print(server.log_tail())
                        server.restart()
    except ServerFailure as failure:
        print(failure, file=sys.stderr)
        return 2
    print(tally.closing_line())
    missing = options.require_all and bool(tally.missing)
    if missing:
        print("not installed: " + ", ".join(tally.missing), file=sys.stderr)
    return 1 if tally.counts["FAILED"] or missing else 0


if __name__ == "__main__":
    sys.exit(main())
