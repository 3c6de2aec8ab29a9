"""How big each measure is: the counts and times of a full and of a quick run.

Everything that trades precision for time is kept here, so that the measures
themselves contain no sizes of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict

# LRANGE replies are hundreds of elements long, so far fewer requests fill the
# same time; the divisors keep every test at about the same length.
LRANGE_DIVISOR = {
    1: {"lrange_100": 2, "lrange_300": 4, "lrange_500": 6, "lrange_600": 6},
    16: {"lrange_100": 6, "lrange_300": 20, "lrange_500": 30, "lrange_600": 30},
}
# MSET sets ten keys per request, the other tests touch one.
MSET_DIVISOR = {1: 1, 16: 4}


@dataclass(frozen=True)
class Scale:
    """Sizes of one run of the harness; times are in seconds."""

    runs: int
    # Measures that fill a server with millions of keys vary little between
    # runs and take long, so they are repeated at most this often.
    slow_runs: int
    # redis-benchmark -n by pipeline depth, for CPU per request: 1 to 2 s each.
    cpu_requests: Dict[int, int] = field(default_factory=dict)
    # The same for each of its tests, of which there are many.
    default_requests: Dict[int, int] = field(default_factory=dict)
    # Requests of one run of a client's loop by pipeline depth: about a second each.
    client_requests: Dict[int, int] = field(default_factory=dict)
    memory_keys: int = 1_000_000
    memory_settle: float = 2.0
    expiry_background_keys: int = 1_000_000
    expiry_events: int = 2_000
    expiry_spread: float = 4.0
    # Longest a reader waits for events; an unseen event counts as this late.
    expiry_cap: float = 15.0
    wait_keys: int = 4_000_000
    idle_span: float = 3.0
    idle_spans: int = 2
    flush_tail: float = 2.0
    connections: int = 10_000
    connections_settle: float = 5.0
    starts: int = 20
    # Messages times subscribers of one measure of publishing, and messages at least.
    deliveries: int = 20_000
    fewest_messages: int = 40
    # Elements of one big collection, and of many small ones in sum.
    memory_elements: int = 1_000_000
    # A hash that is built, read and deleted while others go on.
    hash_fields: int = 10_000_000
    # How much fewer requests of the slow commands are made than there might be.
    work_divisor: int = 1
    # Messages of a kilobyte: more than a Redis lets pile up.
    stalled_messages: int = 40_000

    def test_requests(self, test: str, pipeline: int) -> int:
        """Number of requests of one of redis-benchmark's tests."""
        count = self.default_requests[pipeline]
        divisor = LRANGE_DIVISOR[pipeline].get(test, 1)
        if test == "mset":
            divisor = MSET_DIVISOR[pipeline]
        return max(1_000, count // divisor)


FULL = Scale(
    runs=5,
    slow_runs=3,
    cpu_requests={1: 200_000, 16: 1_200_000, 100: 1_600_000},
    default_requests={1: 160_000, 16: 1_200_000},
    client_requests={16: 400_000, 100: 1_200_000},
)

QUICK = Scale(
    runs=2,
    slow_runs=1,
    cpu_requests={1: 60_000, 16: 400_000, 100: 600_000},
    default_requests={1: 20_000, 16: 200_000},
    client_requests={16: 200_000, 100: 600_000},
    expiry_background_keys=300_000,
    expiry_events=1_000,
    expiry_spread=2.0,
    expiry_cap=5.0,
    wait_keys=1_000_000,
    idle_span=1.0,
    connections=2_000,
    connections_settle=2.0,
    starts=6,
    memory_elements=200_000,
    hash_fields=1_000_000,
    work_divisor=4,
    deliveries=10_000,
    fewest_messages=20,
)
