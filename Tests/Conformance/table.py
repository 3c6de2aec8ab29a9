"""The shape of the command table: a row for each way a command is tried, and how rows become steps.

To cover a further data type, write a module with a list `ROWS` like those of `commands_*.py` and
add it to `GROUPS` in `catalogue.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import List, Optional, Tuple

import arguments
import exchange
import inline
import wire
from arguments import Generator
from comparison import Comparator, exact

MAIN, SECOND = 0, 1
"""The connections that send commands: most come from the main one."""

LEAVE_OUT_CHANCE = 0.02
ADD_CHANCE = 0.015
TRUNCATE_CHANCE = 0.01
"""How often a command's arguments are spoilt; arity errors need no more than a few."""

LIFETIME_WORDS = (b"EX", b"PX", b"EXAT", b"PXAT")
"""Options behind which a stray number would be a deadline."""

INLINE_CHANCE = 0.03
FRAGMENT_CHANCE = 0.05
"""How often a command travels in the inline form, or in several writes."""

FRAGMENTS = 4
"""Most cuts through one request; the kernel joins more of them again anyway."""

CALM_CASE_CHANCE = 0.8
"""How often a command's name is simply in upper case, for readable reproducers."""


@dataclass(frozen=True)
class Row:
    """One way to use one command.

    - command: the name, with its subcommand if any, as the option `--only` takes it
    - arguments: what follows the name
    - weight: how often, relative to the other rows of the group
    - same: how replies are compared
    - exchange: how the command is carried out, where one request and its replies is not it
    - since: the first version of Redis that has it
    - verbatim: the name is made by `arguments`, and nothing is to be spoilt further
    - intact: its arguments are never left out or added to
    - needs: another command without which it makes no sense
    - alone: not to be sent together with others (it ends the connection, say)
    - quiet_only: not while keyspace events are compared, as it makes them come at odd moments
    - on_second: the share of uses on the second connection
    - waits_for_silence: the answer is taken to be complete when nothing more comes for a while
    """

    command: str
    arguments: Generator = arguments.nothing
    weight: float = 1.0
    same: Comparator = exact
    exchange: exchange.Exchange = exchange.single
    since: Tuple[int, ...] = (0,)
    verbatim: bool = False
    alone: bool = False
    quiet_only: bool = False
    on_second: float = 0.08
    waits_for_silence: bool = False
    intact: bool = False
    needs: str = ""

    @property
    def is_command(self) -> bool:
        """Whether the row's name is a command's, rather than one for a kind of misuse."""
        return not self.verbatim


@dataclass(frozen=True)
class Step:
    """One command, ready to be sent and sent again exactly alike."""

    row: Row
    where: int
    args: Tuple[bytes, ...]
    request: bytes
    cuts: Tuple[int, ...] = ()

    @property
    def may_share(self) -> bool:
        """Whether it can be sent in one go with others."""
        return not self.row.alone and self.row.exchange is exchange.single

    @property
    def command(self) -> bytes:
        """The arguments as one text, for the table of known differences."""
        return b" ".join(self.args)


def make_step(rng: Random, row: Row) -> Step:
    """A random use of `row`."""
    args = row.arguments(rng)
    if not row.verbatim:
        args = _name(rng, row) + args
        args = args if row.intact else _spoilt(rng, args, len(row.command.split()))
    where = SECOND if rng.random() < row.on_second else MAIN
    request = wire.encode(args)
    cuts: Tuple[int, ...] = ()
    if row.exchange is exchange.single:
        request = _inline_form(rng, args) or request
        cuts = _cuts(rng, len(request))
    return Step(row, where, tuple(args), request, cuts)


def _name(rng: Random, row: Row) -> List[bytes]:
    """The command's name words, in a random case."""
    words = [word.encode() for word in row.command.split()]
    if rng.random() < CALM_CASE_CHANCE:
        return words
    return [arguments.random_case(rng, word) for word in words]


def _spoilt(rng: Random, args: List[bytes], fixed: int) -> List[bytes]:
    """The arguments, sometimes one too few or too many, or cut off.

    No argument changes its place for another's: a small number must not become a deadline.
    """
    free = len(args) - fixed
    if free and rng.random() < LEAVE_OUT_CHANCE:
        del args[rng.randrange(fixed, len(args))]
    elif rng.random() < ADD_CHANCE and args[-1].upper() not in LIFETIME_WORDS:
        args = args + rng.choice((arguments.key, arguments.value))(rng)
    elif free and rng.random() < TRUNCATE_CHANCE:
        del args[rng.randrange(fixed, len(args)):]
    return args


def _inline_form(rng: Random, args: List[bytes]) -> Optional[bytes]:
    """Now and then, the command as a line of text."""
    return inline.encode(rng, args) if rng.random() < INLINE_CHANCE else None


def _cuts(rng: Random, length: int) -> Tuple[int, ...]:
    """Now and then, positions at which to cut the request in pieces."""
    if rng.random() >= FRAGMENT_CHANCE:
        return ()
    return tuple(sorted(rng.randrange(length + 1) for _ in range(rng.randint(1, FRAGMENTS))))
