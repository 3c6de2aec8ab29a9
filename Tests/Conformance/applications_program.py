"""The applications of applications/ on one server; prints what came out. Run by application_checks.py:

    python applications_program.py PORT

Each runs once with RESP3 and once with RESP2, on an emptied server. A line of output is the outcome of one:
its name, whether it came to its end, and its facts or the error, in JSON.
"""

from __future__ import annotations

import json
import sys
from typing import List

import redis

from applications import event_stream, job_queue, leader_board, rate_limiter

SCENARIOS = {
    "a leader board": leader_board.scenario,
    "a job queue with several workers": job_queue.scenario,
    "rate limiters": rate_limiter.scenario,
    "a stream with two groups of consumers": event_stream.scenario,
}

PATIENCE = 20.0
"""Seconds for a reply: more than any application lets the server wait."""


def main() -> None:
    """Runs all applications in both protocol versions."""
    port = int(sys.argv[1])
    for protocol in (3, 2):
        for name, scenario in SCENARIOS.items():
            clients: List[redis.Redis] = []

            def make_client(**options: object) -> redis.Redis:
                """A client as the application wants it."""
                clients.append(redis.Redis(port=port, protocol=protocol, socket_timeout=PATIENCE, **options))
                return clients[-1]
            try:
                make_client().flushall()
                ended, facts = True, [repr(fact) for fact in scenario(make_client)]
            except Exception as failure:  # Whatever goes wrong is what the application came to.
                ended, facts = False, ["%s: %s" % (type(failure).__name__, failure)]
            for client in clients:
                client.close()
            print(json.dumps(["RESP%d, %s" % (protocol, name), ended, facts]), flush=True)


if __name__ == "__main__":
    main()
