"""Writes commands in the inline form: one line of text, words quoted where needed."""

from __future__ import annotations

from random import Random
from typing import List, Optional

INLINE_LIMIT = 60_000
"""Servers refuse lines of more than 64 KiB; malformed.py sees to those."""

SHORT_ESCAPES = {0x0A: b"\\n", 0x0D: b"\\r", 0x09: b"\\t", 0x08: b"\\b", 0x07: b"\\a"}

PLAIN_BYTES = frozenset(range(0x21, 0x7F)) - frozenset(b"\"'")
"""Bytes that may stand in a word without quotes."""

LITERAL_BYTES = frozenset(range(0x20, 0x7F)) - frozenset(b"\"'\\")
"""Bytes that may stand unescaped between quotes of either sort."""


def encode(rng: Random, args: List[bytes]) -> Optional[bytes]:
    """The command as a line, or None where it cannot be one."""
    if not args or not args[0] or len(args[0]) > 64:
        return None
    words = [_word(rng, arg) for arg in args]
    separator = b" " if rng.random() < 0.8 else rng.choice((b"  ", b"\t", b" \t "))
    line = separator.join(words)
    if words[0][:1] in b"*" or len(line) > INLINE_LIMIT:
        return None
    return line + rng.choice((b"\r\n", b"\r\n", b"\n", b" \r\n"))


def _word(rng: Random, arg: bytes) -> bytes:
    """One argument, in one of the ways of quoting that can express it."""
    style = rng.random()
    if arg and style < 0.5 and PLAIN_BYTES.issuperset(arg):
        return arg
    if style < 0.7 and not {0x0A, 0x0D, 0x00, 0x5C} & set(arg):
        return b"'" + arg.replace(b"'", b"\\'") + b"'"
    return b'"' + b"".join(_escaped(rng, byte) for byte in arg) + b'"'


def _escaped(rng: Random, byte: int) -> bytes:
    """One byte between double quotes."""
    if byte in LITERAL_BYTES and rng.random() < 0.95:
        return bytes((byte,))
    if byte in SHORT_ESCAPES and rng.random() < 0.7:
        return SHORT_ESCAPES[byte]
    if byte in b'"\\':
        return b"\\" + bytes((byte,))
    return (b"\\x%02x" if rng.random() < 0.5 else b"\\x%02X") % byte
