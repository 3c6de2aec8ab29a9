"""Random uses of the commands on strings as arrays of bits."""

from __future__ import annotations

from random import Random
from typing import List

import arguments as arg
from arguments import Generator, key, maybe, one, repeated, sequence, weighted, word
from table import Row

UNIT = one("BYTE", "BIT", "byte", "bit", "Byte", "BITS", "", "B")

BIT = weighted(9, one("0", "1"), 1, one("2", "-1", "", "x", "01", " 1", "18446744073709551616"))


def field_type(rng: Random) -> List[bytes]:
    """A bit field's type: mostly valid, else at or beyond the limits, or nonsense."""
    style = rng.random()
    if style < 0.8:
        return [rng.choice((b"u", b"i")) + str(rng.choice((1, 2, 3, 4, 5, 7, 8, 15, 16, 31, 32, 33, 62, 63))).encode()]
    return [rng.choice((b"i64", b"u64", b"u63", b"i65", b"u0", b"i0", b"u-1", b"U8", b"I8", b"8", b"u", b"", b"ux",
                        b"f32", b"u08", b"u 8", b"i8 ", b"i99999999999999999999"))]


def _counted(offset: Generator) -> Generator:
    """A bit offset, or one counted in fields (`#3`).

    Not 2**62 fields: Redis multiplies without a look at overflow and comes out at offset 0.
    """
    def generate(rng: Random) -> List[bytes]:
        style = rng.random()
        if style < 0.6:
            return offset(rng)
        if style < 0.95:
            return [b"#%d" % rng.choice((0, 1, 2, 3, 10, 100, 1000, 2**40, 2**63 - 1))]
        return [rng.choice((b"#", b"##1", b"#-1", b"#x", b"-#1", b"# 1", b"#18446744073709551616"))]
    return generate


WRITING = _counted(arg.bit_offset)
READING = _counted(weighted(3, arg.bit_offset, 1, arg.reading_offset))

GET = sequence(word("GET"), field_type, READING)
SET = sequence(word("SET"), field_type, WRITING, arg.integer)
INCREMENT = sequence(word("INCRBY"), field_type, WRITING, arg.integer)
OVERFLOW = sequence(word("OVERFLOW"), one("WRAP", "SAT", "FAIL", "wrap", "sat", "fail", "Sat", "NONE", ""))

OPERATION = weighted(12, one("AND", "OR", "XOR", "and", "Xor"), 4, one("NOT"),
                     1, one("NAND", "", "AND ", "nOt"))

ROWS = [
    Row("SETBIT", sequence(key, arg.bit_offset, BIT), 3),
    Row("GETBIT", sequence(key, weighted(3, arg.bit_offset, 1, arg.reading_offset)), 2),
    Row("BITCOUNT", sequence(key, maybe(sequence(arg.reading_offset, arg.reading_offset, maybe(UNIT)), 0.8)), 3),
    Row("BITPOS", sequence(key, BIT, maybe(sequence(
        arg.reading_offset, maybe(sequence(arg.reading_offset, maybe(UNIT)), 0.7)), 0.8)), 3),
    Row("BITOP", sequence(OPERATION, key, repeated(key, 1, 4)), 3),
    Row("BITOP", sequence(one("NOT"), key, key), 1),
    Row("BITFIELD", sequence(key, repeated(weighted(3, GET, 3, SET, 3, INCREMENT, 2, OVERFLOW), 0, 4)), 5),
    Row("BITFIELD_RO", sequence(key, repeated(weighted(12, GET, 1, SET, 1, OVERFLOW), 0, 3)), 2),
    Row("BITFIELD", sequence(key, repeated(arg.value, 0, 3)), 0.3),
]
