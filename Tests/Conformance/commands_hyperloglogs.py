"""Random uses of the commands on strings that count different elements."""

from __future__ import annotations

from random import Random
from typing import List

import arguments as arg
from arguments import key, maybe, one, repeated, sequence, weighted, word
from table import Row


def many(rng: Random) -> List[bytes]:
    """Elements by the hundred: enough for the dense encoding after a few times."""
    start = rng.choice((0, 0, 500, 1000, 10**6))
    return [str(number).encode() for number in range(start, start + rng.choice((50, 300, 700)))]


ELEMENTS = weighted(6, repeated(arg.value, 0, 4), 2, many)

# What only looks like a HyperLogLog, and runs that do not add up.
BROKEN = one(b"HYLL", b"HYLL\x01" + bytes(11) + b"\x05\x80", b"HYLL\x01" + bytes(11), b"HYLL\x02" + bytes(12),
             b"HYLL\x00" + bytes(12), b"HYLL\x01" + bytes(11) + b"\x7f\xff\x7f\xff", b"5")

ROWS = [
    Row("PFADD", sequence(key, ELEMENTS), 8),
    Row("PFCOUNT", repeated(key, 1, 3), 4),
    Row("PFMERGE", repeated(key, 1, 4), 4),
    Row("PFDEBUG", sequence(one("ENCODING", "decode", "ToDense", "nonsense", ""), key), 3),
    Row("PFDEBUG", sequence(word("GETREG"), key), 0.2),
    Row("SET", sequence(key, BROKEN), 0.5),
    Row("PFSELFTEST", maybe(arg.value, 1.0), 0.1),
]
