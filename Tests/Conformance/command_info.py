"""What of a command's description counts: everything a client acts upon, but no order and no prose.

Between versions of Redis a few descriptions were corrected. Fields in which they disagree are
listed below and left out, whichever version the servers imitate.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Dict, FrozenSet, List, Optional, Tuple

from wire import Node

FIELDS = ("name", "arity", "flags", "first key", "last key", "step", "categories", "tips", "key specs", "subcommands")

UNORDERED_FIELDS = ("flags", "categories")

PROSE_FIELDS = ("tips", "subcommands")
"""Hints for proxies, and descriptions that are asked for by their own names."""

MOST_ASKED = 10
"""A reply about more commands than this is about all of them, in no order."""

NO_MORE_NOSCRIPT = "blocking commands lost the flag noscript after 7.0"

VARYING: Dict[Tuple[bytes, str], str] = {
    (b"command|getkeys", "arity"): "-4 until 7.0, then -3, so that it names commands without arguments as well",
    (b"command|getkeysandflags", "arity"): "likewise",
    (b"command|getkeys", "arguments"): "not documented in 7.0",
    (b"command|getkeysandflags", "arguments"): "not documented in 7.0",
    (b"client|pause", "since"): "2.9.50 was later written as 3.0.0",
    (b"wait", "flags"): NO_MORE_NOSCRIPT,
    (b"wait", "categories"): "@blocking after 7.0",
    (b"sinterstore", "key specs"): "a flag was corrected after 7.0",
    (b"zrank", "arity"): "WITHSCORE came with 7.2",
    (b"zrevrank", "arity"): "WITHSCORE came with 7.2",
    **{(name, "flags"): NO_MORE_NOSCRIPT
       for name in (b"blmove", b"blpop", b"brpop", b"brpoplpush", b"bzpopmax", b"bzpopmin")},
}
"""(command, field): why versions differ in it."""


@lru_cache(maxsize=None)
def known_names() -> FrozenSet[bytes]:
    """All commands in the tables, as COMMAND names them: `config|get`, and `config` alone."""
    import catalogue  # Late, as the catalogue's rows use this module.
    names = [row.command.lower().split() for rows in catalogue.GROUPS.values() for row in rows if row.is_command]
    return frozenset("|".join(words[:length]).encode() for words in names for length in range(1, len(words) + 1))


def command_info_form(node: Node) -> object:
    """The reply to COMMAND INFO: a description, or null, for each name."""
    descriptions: List[object] = [_description(item) for item in node.items]
    if len(descriptions) > MOST_ASKED:
        descriptions = list(sorted(repr(_description(item)) for item in node.items
                                   if item.items and item.items[0].text in known_names()))
    return node.kind, descriptions


def docs_form(node: Node) -> object:
    """The reply to COMMAND DOCS: of each known command what is fact rather than wording."""
    return node.kind, {name.text: (doc.kind, _facts(name.text, doc)) for name, doc in node.pairs()
                       if name.text in known_names()}


def _facts(name: bytes, doc: Node) -> object:
    """When a command came, where it belongs, and whether it takes arguments."""
    fields = {field.text: item for field, item in doc.pairs()}
    facts = {"since": fields.get(b"since"), "group": fields.get(b"group"),
             "summary": b"summary" in fields, "arguments": b"arguments" in fields}
    return {field: fact for field, fact in facts.items() if (name, field) not in VARYING}


def known_part(node: Node) -> object:
    """A list of command names, reduced to those in the tables."""
    return node.kind, sorted(item.text for item in node.items if item.text in known_names())


def _description(entry: Node) -> object:
    """One command's description as a dictionary of its comparable fields."""
    if entry.value is None:
        return entry
    name = entry.items[0].text
    return {field: _field_form(field, item) for field, item in zip(FIELDS, entry.items)
            if field not in PROSE_FIELDS and (name, field) not in VARYING}


def _field_form(field: str, item: Node) -> object:
    """One field, without any order that means nothing."""
    if field in UNORDERED_FIELDS:
        return item.kind, _unordered(item)
    if field == "key specs":
        return item.kind, sorted(repr(_key_spec(spec)) for spec in item.items)
    return item


def _key_spec(spec: Node) -> object:
    """Where a command's keys are and what it does with them, without the notes for humans."""
    fields = {name.text: item for name, item in spec.pairs()}
    fields.pop(b"notes", None)
    flags: Optional[Node] = fields.pop(b"flags", None)
    return spec.kind, _unordered(flags) if flags else None, sorted(fields.items(), key=repr)


def key_flags_form(node: Node) -> object:
    """The reply to COMMAND GETKEYSANDFLAGS, each key's flags in any order."""
    return node.kind, [(item.kind, item.items[:1], [_unordered(flags) for flags in item.items[1:]])
                       for item in node.items]


def _unordered(item: Node) -> object:
    """The elements of a set."""
    return sorted(map(repr, item.items))
