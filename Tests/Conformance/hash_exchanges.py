"""Exchanges for hash commands whose replies only mean something together with others."""

from __future__ import annotations

from typing import TYPE_CHECKING, List, Set, Tuple

from comparison import Outcome
from exchange import Side, single
from special_exchanges import as_received, composed
from wire import Node

if TYPE_CHECKING:
    from table import Step

SCAN_ROUNDS = 2000
"""Calls until an iteration over some hundred fields is taken to be endless."""


def _pairs(side: Side, step: "Step") -> Tuple[Set[bytes], Set[Tuple[bytes, bytes]]]:
    """The fields of the command's hash, and these with their values."""
    reply = side.ask(step.where, b"HGETALL", step.args[1])[-1].node
    pairs = {(field.text, value.text) for field, value in reply.pairs()} if reply.items else set()
    return {field for field, _ in pairs}, pairs


def random_fields(side: Side, step: "Step") -> Outcome:
    """The form of HRANDFIELD's reply, and whether what it names is there and, if it must be, different."""
    if len(step.args) < 2 or side.ask(step.where, b"TYPE", step.args[1])[-1].node.text != b"hash":
        return single(side, step)
    fields, pairs = _pairs(side, step)
    frames = side.ask(step.where, *step.args)
    reply = frames[-1].node
    if reply.is_error:
        return as_received(step, frames)
    if reply.kind != "*":
        return composed(step, reply.kind, str(reply.text in fields))
    with_values = len(step.args) > 3
    items = list(reply.items)
    if with_values:
        nested = bool(items) and items[0].kind == "*"
        found = [tuple(part.text for part in item.items) for item in items] if nested else list(
            zip((item.text for item in items[0::2]), (item.text for item in items[1::2])))
        known: bool = all(pair in pairs for pair in found)
    else:
        found = [(item.text,) for item in items]
        known = all(item.text in fields for item in items)
    repeats = len(set(found)) < len(found) and not step.args[2].startswith(b"-")
    kinds = "".join(sorted({item.kind for item in items}))
    return composed(step, len(items), kinds, "all known" if known else "unknown", "repeats" if repeats else "")


def element_scan(side: Side, step: "Step") -> Outcome:
    """A full iteration of a collection: what it finds, or the first error."""
    args = list(step.args)
    if len(args) < 3:
        return single(side, step)
    found: Set[bytes] = set()
    novalues = any(arg.upper() == b"NOVALUES" for arg in args[3:])
    for _ in range(SCAN_ROUNDS):
        frames = side.ask(step.where, *args)
        reply = frames[-1].node if frames else Node("_", None)
        if len(reply.items) != 2:
            return as_received(step, frames)
        cursor = reply.items[0].text
        texts: List[bytes] = [item.text for item in reply.items[1].items]
        found.update(texts if novalues else (b"=".join(pair) for pair in zip(texts[0::2], texts[1::2])))
        if cursor == b"0":
            return composed(step, *sorted(found))
        args[2] = cursor
    return composed(step, "the cursor did not return to 0 in %d calls" % SCAN_ROUNDS)
