"""Says which commands, and which option words of theirs, no row of the catalogue ever sends.

What there is to be sent, the server under test tells itself by COMMAND DOCS: so a new command, or a new option,
is missed until a row has it. What no server at hand could be compared with is counted, not missed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import Dict, Iterator, List, Sequence, Set, Tuple

import catalogue
import commands_transactions
import wire
from elsewhere import ELSEWHERE
from known_differences import Version
from table import make_step
from wire import Node

DRAWS = 100
"""Uses drawn of each row, always the same ones: a word that is missed here is too rare to find anything."""

NEWEST_PEER: Version = (7, 9)
"""Servers to compare with know what came before this, the first versions on the way to 8.0."""

Words = Dict[bytes, Set[bytes]]
"""Words by the command (or `CONTAINER SUBCOMMAND`) that they belong to, all in upper case."""


@dataclass
class Grammar:
    """What a server says that it understands."""

    options: Words = field(default_factory=dict)
    containers: Set[bytes] = field(default_factory=set)
    newer: int = 0


def holes(port: int) -> Tuple[List[str], Grammar]:
    """What the catalogue never sends of what the server at `port` knows, as lines of text."""
    grammar = grammar_of(port)
    sent = words_sent(grammar.containers)
    found: List[str] = []
    for command in sorted(grammar.options):
        name = command.decode()
        if name in ELSEWHERE:
            continue
        if command not in sent:
            found.append("%s: no row" % name)
            continue
        missing = sorted(word for word in grammar.options[command] - sent[command]
                         if "%s %s" % (name, word.decode()) not in ELSEWHERE)
        if missing:
            found.append("%s: no row has %s" % (name, b", ".join(missing).decode()))
    return found, grammar


def grammar_of(port: int) -> Grammar:
    """All commands of the server at `port` with their option words."""
    connection = wire.Connection(port)
    try:
        grammar = Grammar()
        for name, facts in connection.call("COMMAND", "DOCS").pairs():
            _note(grammar, name.text.upper(), facts)
        _note_debug(grammar, connection.call("DEBUG", "HELP"))
        return grammar
    finally:
        connection.close()


def _note(grammar: Grammar, command: bytes, facts: Node) -> None:
    """Notes a command's words, or those of its subcommands."""
    parts = {name.text: value for name, value in facts.pairs()}
    if b"subcommands" in parts:
        grammar.containers.add(command)
        for name, inner in parts[b"subcommands"].pairs():
            _note(grammar, name.text.upper().replace(b"|", b" "), inner)
    elif _is_newer(parts):
        grammar.newer += 1
    else:
        words = set(_tokens(parts[b"arguments"], grammar)) if b"arguments" in parts else set()
        grammar.options[command] = words


def _note_debug(grammar: Grammar, help_text: Node) -> None:
    """Notes the subcommands of DEBUG, which COMMAND tells nothing of: what begins the lines that stand out."""
    lines = [line.text for line in help_text.items[1:]]
    grammar.containers.add(b"DEBUG")
    grammar.options.pop(b"DEBUG", None)
    for line in lines:
        if not line.startswith(b" "):
            grammar.options[b"DEBUG " + line.split()[0]] = set()


def _tokens(arguments: Node, grammar: Grammar) -> Iterator[bytes]:
    """The words that stand in a command's grammar."""
    for argument in arguments.items:
        parts = {name.text: value for name, value in argument.pairs()}
        if _is_newer(parts):
            grammar.newer += 1
            continue
        if parts.get(b"token", Node("_", None)).text:
            yield parts[b"token"].text.upper()
        if b"arguments" in parts:
            yield from _tokens(parts[b"arguments"], grammar)


def _is_newer(parts: Dict[bytes, Node]) -> bool:
    """Whether no server at hand has this command or argument yet."""
    if b"since" not in parts:
        return False
    digits = parts[b"since"].text.split(b".")
    return not all(map(bytes.isdigit, digits)) or tuple(map(int, digits)) >= NEWEST_PEER


def words_sent(containers: Set[bytes]) -> Words:
    """The words of many uses of all rows."""
    sent: Words = defaultdict(set)
    rng = Random("coverage")
    for rows in catalogue.GROUPS.values():
        for row in rows:
            for _ in range(DRAWS):
                for words in _requests(make_step(rng, row).args):
                    length = 2 if words[0] in containers and len(words) > 1 else 1
                    sent[b" ".join(words[:length])].update(words[length:])
    return sent


def _requests(args: Sequence[bytes]) -> Iterator[List[bytes]]:
    """The requests of one step, in upper case."""
    for words in commands_transactions.requests(args):
        yield [word.upper() for word in words if word != commands_transactions.FOREIGN]
