"""Random uses of the commands on places."""

from __future__ import annotations

from random import Random
from typing import List

from arguments import Generator, key, maybe, one, options, repeated, sequence, weighted, word
from commands_sorted_sets import COUNT
from table import Row

MEMBERS = (b"a", b"b", b"c", b"d", b"e", b"f", b"", b"1", b"-7", b"01", b"\r\n", b"m" * 64, b"m" * 65)

CENTRES = ((13.4, 38.1), (-122.4, 37.8), (0.0, 0.0), (179.99, -17.5), (-179.9, 66.5), (20.0, 84.9), (151.2, -33.9))
"""Where most places lie around: some towns, the edges of the map, and where it begins."""


def member(rng: Random) -> List[bytes]:
    """A member of a small pool."""
    return [rng.choice(MEMBERS)]


def _number(value: float) -> bytes:
    return repr(value).encode()


def place(rng: Random) -> List[bytes]:
    """A longitude and a latitude, now and then none that exist."""
    style = rng.random()
    if style < 0.8:
        x, y = rng.choice(CENTRES)
        spread = 10.0 ** rng.uniform(-5, 1.2)
        x, y = x + rng.uniform(-spread, spread), y + rng.uniform(-spread, spread)
        return [_number(max(-180.0, min(180.0, x))), _number(max(-85.05, min(85.05, y)))]
    if style < 0.9:
        return [_number(rng.uniform(-180, 180)), _number(rng.uniform(-85, 85))]
    return [rng.choice((b"0", b"180", b"-180", b"181", b"-1e300", b"inf", b"-inf", b"nan", b"x", b"", b"13.361389")),
            rng.choice((b"0", b"85.05112878", b"-85.05112878", b"85.06", b"-90", b"1e20", b"x", b"38.115556"))]


def many(rng: Random) -> List[bytes]:
    """As many places as bring a sorted set to the next encoding, or just not."""
    count = rng.choice((127, 128, 129, 300))
    x, y = rng.choice(CENTRES)
    spread = rng.choice((0.01, 1, 20))
    return [text for number in range(count)
            for text in (_number(max(-180.0, min(180.0, x + rng.uniform(-spread, spread)))),
                         _number(max(-85.0, min(85.0, y + rng.uniform(-spread, spread)))), b"n%d" % number)]


def length(rng: Random) -> List[bytes]:
    """A radius or side."""
    style = rng.random()
    if style < 0.85:
        return [_number(10.0 ** rng.uniform(-2, 5))]
    return [rng.choice((b"0", b"-1", b"x", b"", b"inf", b"1e300", b"25000", b"20037726", b"nan", b"1e-300"))]


UNIT = weighted(20, one("m", "km", "km", "km", "mi", "ft", "KM", "Ft"), 1, one("x", "", "kms"))
FROM = weighted(6, sequence(word("FROMLONLAT"), place), 4, sequence(word("FROMMEMBER"), member))
BY = weighted(5, sequence(word("BYRADIUS"), length, UNIT), 4, sequence(word("BYBOX"), length, length, UNIT))
NUMBER = weighted(10, one("1", "2", "3", "5", "100", "1000"), 1, COUNT)
ORDER = ("ASC", "DESC", ("COUNT", NUMBER), sequence(word("COUNT"), NUMBER, word("ANY")))
WITH = ("WITHCOORD", "WITHDIST", "WITHHASH")


def search(*extra: object) -> Generator:
    """Where to look and what for, the parts mostly in their usual order."""
    parts = (FROM, BY, options(*ORDER, *extra, most=3))

    def generate(rng: Random) -> List[bytes]:
        chosen = list(parts)
        if rng.random() < 0.2:
            rng.shuffle(chosen)
        if rng.random() < 0.05:
            chosen.append(rng.choice(chosen))
        if rng.random() < 0.04:
            chosen.pop(rng.randrange(len(chosen)))
        return [text for part in chosen for text in part(rng)]
    return generate


STORE = (("STORE", key), ("STOREDIST", key))

ROWS = [
    Row("GEOADD", sequence(key, options("NX", "XX", "CH", most=2), repeated(sequence(place, member), 1, 4)), 8),
    Row("GEOADD", sequence(key, maybe(word("CH"), 0.2), many), 2),
    Row("GEOPOS", sequence(key, repeated(member, 0, 3)), 2),
    Row("GEODIST", sequence(key, member, member, maybe(UNIT)), 3),
    Row("GEOHASH", sequence(key, repeated(member, 0, 3)), 2),
    Row("GEOSEARCH", sequence(key, search(*WITH)), 10),
    Row("GEOSEARCHSTORE", sequence(key, key, search("STOREDIST", "STOREDIST", *WITH[:1])), 3),
    Row("GEORADIUS", sequence(key, place, length, UNIT, options(*ORDER, *WITH, *STORE, most=3)), 4),
    Row("GEORADIUS_RO", sequence(key, place, length, UNIT, options(*ORDER, *WITH, *STORE[:1], most=3)), 1),
    Row("GEORADIUSBYMEMBER", sequence(key, member, length, UNIT, options(*ORDER, *WITH, *STORE, most=3)), 4),
    Row("GEORADIUSBYMEMBER_RO", sequence(key, member, length, UNIT, options(*ORDER, *WITH, *STORE[:1], most=3)), 1),
    Row("ZRANGE", sequence(key, one("0"), one("-1"), word("WITHSCORES")), 3),
    Row("ZADD", sequence(key, one("-1", "0.5", "4503599627370496", "3479099956230698", "-inf"), member), 1),
    Row("OBJECT", sequence(one("ENCODING"), key), 2),
    Row("SET", sequence(key, member), 0.5),
    Row("DEL", key, 0.5),
]
