"""Random command arguments: the ordinary, the extreme and the absurd.

An argument generator is a function from a random source to a list of byte strings (a list, since
an option may be one word, several, or none). Everything is drawn from the given source, so a seed
reproduces a run exactly.

Two things are never produced, as they would make replies depend on the moment: deadlines that
pass during a run, and arguments that make a server allocate hundreds of megabytes.
"""

from __future__ import annotations

import string
from random import Random
from typing import Any, Callable, List, Sequence, Union

Generator = Callable[[Random], List[bytes]]
Word = Union[str, bytes]

KEYS = (b"a", b"a", b"a", b"b", b"b", b"c", b"{x}1", b"{x}2", b"k\r\n\x00\xff", b"")
"""Few keys, so that commands meet on them; the first ones most of all."""

INTEGERS = tuple(str(number).encode() for number in (
    0, 0, 1, 1, -1, 2, 7, 9, 10, 99, 100, 9999, 10000, -10000, 65535, 65536,
    2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**32 - 1, 2**32, 2**53, 2**53 + 1,
    2**62, -2**62, 2**63 - 2, 2**63 - 1, 2**63, -2**63 + 1, -2**63, -2**63 - 1,
    2**64 - 1, 2**64, 2**64 + 1))

NOT_INTEGERS = (
    b"", b" ", b"1 ", b" 1", b"+1", b"+", b"-", b"-0", b"--1", b"00", b"01", b"-01", b"1e3", b"1.0", b"1.5",
    b"0x10", b"inf", b"-inf", b"nan", b"1_000", b"1,000", b"abc", b"1\x00", b"\x001", b"1\r\n", b"\n1", b"1a",
    b"\xd9\xa1", b"1" * 40, b"-" + b"9" * 25, b"0" * 30 + b"1", b"9223372036854775807 ", b"#1", b"*", b"(1", b"[1")

FLOATS = (
    b"0", b"0.1", b"-0.1", b"0.5", b"3.0e5", b"1e17", b"1e18", b"1.5e19", b"1234567890.123456789", b"0.1e-16",
    b"3.14159265358979323846264338327950288", b"-0.0", b"0.0000000000000000000001", b"999999999999999999999",
    b"1e308", b"-1e308", b"1.7976931348623157e308", b"1e309", b"1e400", b"1e4932", b"1e5000", b"-1e5000",
    b"2.2250738585072014e-308", b"5e-324", b"1e-320", b"1e-400", b"1e-5000", b"0x1p3", b"0x1.8p1", b"10e-1",
    b".5", b"5.", b"+.5", b"1e", b"e1", b"1e+", b"1.2.3", b"infinity", b"-nan", b"nan(1)", b"inf", b"-inf",
    b"1,5", b"1.0 ", b" 1.0", b"1f", b"1d5", b"1E5", b"17179869184.000001", b"1.00000000000000000001", b"123.4500")

FAR_SECONDS = (33177117420, 33177117421, 253402300800)
"""Unix times in the years 3021 and 10000: no clock reaches them, no test outlives them."""

SAFE_LIMIT = 4 * 1024 * 1024
"""Largest string, in bytes, that a random offset brings about."""

HUGE_OFFSETS = (2**32, 2**32 + 1, 2**40, 2**62, 2**63 - 1, 2**63, -1, -2, -2**31, -2**63)
"""Offsets that must be refused wherever something would be written."""

READING_OFFSETS = (0, 1, 2, 3, 5, 7, 8, 9, 100, -1, -2, -3, -8, -100, 2**31 - 1, 2**31, 2**32, -2**31,
                   -2**32, 2**62, 2**63 - 1, -2**63 + 1, -2**63)

ALPHABET = string.ascii_letters + string.digits


def one(*choices: Word) -> Generator:
    """One of the given words, as it stands."""
    words = [_bytes(choice) for choice in choices]
    return lambda rng: [rng.choice(words)]


def weighted(*choices: Union[float, Generator]) -> Generator:
    """One of several generators: `weighted(8, usual, 1, rare)`."""
    weights: Sequence[Any] = choices[0::2]
    generators: Sequence[Any] = choices[1::2]
    return lambda rng: rng.choices(generators, weights)[0](rng)


def sequence(*generators: Generator) -> Generator:
    """Several generators, one behind the other."""
    return lambda rng: [word for generator in generators for word in generator(rng)]


def repeated(generator: Generator, least: int, most: int) -> Generator:
    """A generator used a random number of times."""
    return lambda rng: [word for _ in range(rng.randint(least, most)) for word in generator(rng)]


def timeout(rng: Random) -> List[bytes]:
    """How long a command waits, in seconds: never for longer than a moment."""
    return [rng.choice((b"0.001", b"0.001", b"0.002", b"1e-3", b"-1", b"-0.001", b"x", b"", b"nan", b"inf", b"1e300",
                        b"9223372036854775807", b"0.001\x00"))]


def maybe(generator: Generator, chance: float = 0.5) -> Generator:
    """A generator used or left out."""
    return lambda rng: generator(rng) if rng.random() < chance else []


def nothing(_: Random) -> List[bytes]:
    """No argument at all."""
    return []


def word(text: Word) -> Generator:
    """An option word: in random case, now and then misspelt."""
    plain = _bytes(text)

    def generate(rng: Random) -> List[bytes]:
        if rng.random() < 0.02:
            return [misspelt(rng, plain)]
        return [random_case(rng, plain)]
    return generate


def options(*alternatives: Any, most: int = 4) -> Generator:
    """A random number of options in random order, repeated and contradicting each other at will.

    An alternative is a word, or a sequence of a word and the generators of its values; a value
    is missing now and then.
    """
    generators = [_option(alternative) for alternative in alternatives]

    def generate(rng: Random) -> List[bytes]:
        # Skewed towards few options, as long contradictory lists all answer the same error.
        count = min(rng.randint(0, most), rng.randint(0, most))
        return [part for _ in range(count) for part in rng.choice(generators)(rng)]
    return generate


def _option(alternative: Any) -> Generator:
    """The generator of one alternative of `options`."""
    if isinstance(alternative, (str, bytes)):
        return word(alternative)
    if callable(alternative):
        return alternative
    head, values = word(alternative[0]), alternative[1:]

    def generate(rng: Random) -> List[bytes]:
        parts = head(rng)
        for value in values:
            parts += value(rng) if rng.random() > 0.03 else []
        return parts
    return generate


def random_case(rng: Random, text: bytes) -> bytes:
    """The word in upper case mostly, else lower or mixed."""
    style = rng.random()
    if style < 0.5:
        return text.upper()
    if style < 0.75:
        return text.lower()
    return bytes(rng.choice((byte, byte ^ 0x20)) if chr(byte).isalpha() else byte for byte in text)


def misspelt(rng: Random, text: bytes) -> bytes:
    """The word with one character removed, doubled, replaced or appended."""
    position = rng.randrange(len(text) + 1)
    insert = rng.choice((b"", text[position:position + 1] * 2, b"\x00", b" ", b"x"))
    return text[:position] + insert + text[position + 1:]


def key(rng: Random) -> List[bytes]:
    """A key of the small pool, rarely one that nothing ever creates."""
    return [rng.choice(KEYS) if rng.random() > 0.03 else b"missing"]


def integer(rng: Random) -> List[bytes]:
    """An integer: small, at an edge of its range, beyond it, or not quite an integer."""
    style = rng.random()
    if style < 0.4:
        return [str(rng.randint(-20, 20)).encode()]
    if style < 0.85:
        return [rng.choice(INTEGERS)]
    return [rng.choice(NOT_INTEGERS)]


def floating(rng: Random) -> List[bytes]:
    """A floating point number in every spelling, or an integer."""
    style = rng.random()
    if style < 0.2:
        return [repr(rng.uniform(-1000, 1000)).encode()]
    if style < 0.3:
        return [b"%d.%d" % (rng.randint(-99, 99), rng.randint(0, 10**rng.randint(1, 18)))]
    return [rng.choice(FLOATS)] if style < 0.8 else integer(rng)


def value(rng: Random) -> List[bytes]:
    """A string value of any sort and of up to 20 kB."""
    style = rng.random()
    if style < 0.3:
        return integer(rng)
    if style < 0.38:
        return floating(rng)
    if style < 0.65:
        return [random_text(rng, rng.randint(0, 12))]
    if style < 0.8:
        return [rng.randbytes(rng.choice((0, 1, 2, 3, 8, 31, 32, 33)))]
    if style < 0.95:
        # Around 44 bytes the string encoding changes from embstr to raw.
        return [random_text(rng, rng.choice((19, 20, 21, 39, 40, 43, 44, 45, 64, 127, 128, 255, 256)))]
    return [_large(rng)]


def _large(rng: Random) -> bytes:
    """A value beyond the sizes at which requests stop being read in one go (16 and 32 kB)."""
    if rng.random() < 0.7:
        return random_text(rng, rng.randint(300, 2000))
    pattern = rng.randbytes(rng.randint(1, 7))
    return (pattern * 20480)[:rng.choice((5000, 16383, 16384, 16385, 20000))]


def random_text(rng: Random, length: int) -> bytes:
    """Letters and digits, often from a tiny alphabet so that texts have parts in common."""
    letters = ALPHABET if rng.random() < 0.5 else "ab1"
    return "".join(rng.choices(letters, k=length)).encode()


def reading_offset(rng: Random) -> List[bytes]:
    """An offset that is only read at: anything goes."""
    style = rng.random()
    if style < 0.4:
        return [str(rng.randint(-50, 50)).encode()]
    return [str(rng.choice(READING_OFFSETS)).encode()] if style < 0.93 else [rng.choice(NOT_INTEGERS)]


def _writing_offset(limit: int, unit: int) -> Generator:
    """An offset that is written at: below `limit`, or so far out that it must be refused."""
    def generate(rng: Random) -> List[bytes]:
        style = rng.random()
        if style < 0.78:
            return [str(rng.randint(0, 40) * (unit if rng.random() < 0.3 else 1)).encode()]
        if style < 0.84:
            return [str(rng.randint(0, 1500) * unit).encode()]
        if style < 0.85:
            return [str(rng.randrange(limit)).encode()]
        if style < 0.95:
            return [str(rng.choice(HUGE_OFFSETS)).encode()]
        return [rng.choice(NOT_INTEGERS)]
    return generate


byte_offset = _writing_offset(SAFE_LIMIT, 1)
bit_offset = _writing_offset(SAFE_LIMIT * 8, 8)


def seconds_from_now(rng: Random) -> List[bytes]:
    """A relative time in seconds: never one that elapses while the test runs."""
    style = rng.random()
    if style < 0.6:
        return [_jittered(rng, rng.choice((1000, 86400, 9000000000)), 10**6)]
    if style < 0.9:
        # 9223372036854775 s is the edge where milliseconds overflow; 9223370000000000 lies safely below.
        return [rng.choice((b"0", b"-1", b"-100", b"-9223372036854775808", b"9223372036854775807",
                            b"9223372036854775808", b"9223372036854775", b"9223372036854776",
                            b"9223370000000000", b"-9223372036854776", b"18446744073709551616"))]
    return [_not_small(rng)]


def milliseconds_from_now(rng: Random) -> List[bytes]:
    """A relative time in milliseconds, likewise."""
    style = rng.random()
    if style < 0.6:
        return [_jittered(rng, rng.choice((1000000, 86400000, 9000000000000)), 10**9)]
    if style < 0.9:
        return [rng.choice((b"0", b"-1", b"-100", b"-9223372036854775808", b"9223372036854775807",
                            b"9223372036854775808", b"9223370000000000000", b"18446744073709551616"))]
    return [_not_small(rng)]


def unix_seconds(rng: Random) -> List[bytes]:
    """An absolute time in seconds: long ago or far away."""
    style = rng.random()
    if style < 0.7:
        return [str(rng.choice(FAR_SECONDS)).encode()]
    if style < 0.9:
        return [rng.choice((b"0", b"1", b"-1", b"1000000000", b"9223372036854775807", b"9223372036854775808",
                            b"9223372036854775", b"9223372036854776", b"-9223372036854776"))]
    return [_not_small(rng)]


def unix_milliseconds(rng: Random) -> List[bytes]:
    """An absolute time in milliseconds, likewise."""
    style = rng.random()
    if style < 0.7:
        return [str(rng.choice(FAR_SECONDS) * 1000 + rng.randrange(1000)).encode()]
    if style < 0.9:
        return [rng.choice((b"0", b"1", b"-1", b"1000000000000", b"9223372036854775807",
                            b"9223372036854775808", b"-9223372036854775808"))]
    return [_not_small(rng)]


def _jittered(rng: Random, base: int, spread: int) -> bytes:
    """A number no other call is likely to yield.

    Whether a deadline lies after (GT) another one set by the same number hangs on a millisecond.
    """
    return str(base + rng.randrange(spread)).encode()


def _not_small(rng: Random) -> bytes:
    """Something that no server takes for a small positive number."""
    return rng.choice([text for text in NOT_INTEGERS if text not in (b"+1", b"01")])


def database(rng: Random) -> List[bytes]:
    """A database number: the first few mostly, else out of range or no number."""
    style = rng.random()
    if style < 0.8:
        return [str(rng.choice((0, 0, 0, 1, 2))).encode()]
    if style < 0.9:
        return [str(rng.choice((15, 16, -1, 2**31, 2**32, 2**63, 999999))).encode()]
    return [rng.choice(NOT_INTEGERS)]


def glob(rng: Random) -> List[bytes]:
    """A glob pattern, sometimes malformed."""
    return [rng.choice((
        b"*", b"*", b"a", b"a*", b"?", b"??", b"[a-c]", b"[c-a]", b"[^a]", b"[!a]", b"\\a", b"\\*", b"*\\", b"",
        b"[", b"[a", b"[^", b"[a-", b"{x}*", b"*1", b"**", b"*?*", b"k*\xff", b"[]", b"[]a]", b"[\\]a]", b"A",
        b"*" * 20 + b"a", b"k\r\n\x00\xff", b"[a\\-c]", b"[\x00-\x7f]", b"missing"))]


def _bytes(text: Word) -> bytes:
    """A word as bytes."""
    return text.encode() if isinstance(text, str) else text
