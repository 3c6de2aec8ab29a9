"""All command rows by group, and the choice among them."""

from __future__ import annotations

from random import Random
from typing import Dict, List, Sequence, Tuple

import commands_bitmaps
import commands_connection
import commands_encodings
import commands_geo
import commands_hashes
import commands_hyperloglogs
import commands_keys
import commands_lists
import commands_pubsub
import commands_server
import commands_sets
import commands_sort
import commands_sorted_sets
import commands_streams
import commands_strings
import commands_transactions
import malformed
import wire
from table import Row

GROUPS: Dict[str, List[Row]] = {
    "strings": commands_strings.ROWS,
    "bitmaps": commands_bitmaps.ROWS,
    "hyperloglogs": commands_hyperloglogs.ROWS,
    "lists": commands_lists.ROWS,
    "sets": commands_sets.ROWS,
    "sortedsets": commands_sorted_sets.ROWS,
    "geo": commands_geo.ROWS,
    "hashes": commands_hashes.ROWS,
    "sort": commands_sort.ROWS,
    "streams": commands_streams.ROWS,
    "encodings": commands_encodings.ROWS,
    "keys": commands_keys.ROWS,
    "connection": commands_connection.ROWS,
    "server": commands_server.ROWS,
    "pubsub": commands_pubsub.ROWS,
    "transactions": commands_transactions.ROWS,
    "malformed": malformed.ROWS,
}

DATA_GROUPS = ("strings", "bitmaps", "hyperloglogs", "lists", "sets", "sortedsets", "geo", "hashes", "sort",
               "streams", "keys")
"""Groups whose commands work on keys: the others borrow arguments from them."""

GROUP_WEIGHTS = {"strings": 8, "bitmaps": 5, "hyperloglogs": 2, "lists": 6, "sets": 5, "sortedsets": 6, "geo": 4,
                 "hashes": 5, "sort": 4, "streams": 6, "encodings": 4, "keys": 8, "connection": 2, "server": 3,
                 "pubsub": 6, "transactions": 2, "malformed": 0.15}
"""How often a group's commands occur; each malformed one costs as much time as hundreds of others."""

LISTENING_GROUPS = ("pubsub",)
"""Groups used only while all connections are listened to."""


MANY_ARGUMENTS = 60
"""Empty arguments with which a known command does little but complain of them."""


class UnknownName(Exception):
    """The option `--only` names nothing in the catalogue."""


def restrict_to(version: Tuple[int, ...]) -> None:
    """Forgets the rows whose commands came later than `version`. To be called before all else."""
    for rows in GROUPS.values():
        rows[:] = [row for row in rows if row.since <= version]


def selected(names: Sequence[str]) -> Dict[str, List[Row]]:
    """The rows of the named groups or commands; all when none is named."""
    wanted = {name.lower().replace("|", " ") for name in names}
    found = set()
    result: Dict[str, List[Row]] = {}
    for group, rows in GROUPS.items():
        for row in rows:
            labels = {group, row.command.lower(), row.command.lower().split()[0]}
            if wanted and not wanted & labels:
                continue
            found |= wanted & labels
            result.setdefault(group, []).append(row)
    if wanted - found:
        raise UnknownName("nothing is called " + ", ".join(sorted(wanted - found)))
    return result


def leave_out_unknown(port: int) -> List[str]:
    """Forgets the rows of commands which the server at `port` says it does not know; returns their names."""
    names = sorted({row.command for rows in GROUPS.values() for row in rows if row.is_command})
    missing = [name for name in names if _is_unknown(name.split(), port)]
    for rows in GROUPS.values():
        rows[:] = [row for row in rows if row.command not in missing and row.needs not in missing]
    return missing


def _is_unknown(words: List[str], port: int) -> bool:
    """Whether the server at `port` does not know this command."""
    connection = wire.Connection(port)  # A new one each time, as some of them make it a subscriber's.
    text = connection.call(*words, *([""] * MANY_ARGUMENTS)).text
    connection.close()
    return text.startswith(b"ERR unknown command '") or (
        len(words) > 1 and text.startswith(b"ERR unknown subcommand '"))


class Chooser:
    """Draws rows at random by their weights."""

    def __init__(self, groups: Dict[str, List[Row]], listening: bool, events: bool) -> None:
        usable = {name: [row for row in rows if not (events and row.quiet_only)] for name, rows in groups.items()
                  if listening or name not in LISTENING_GROUPS}
        self._groups = {name: rows for name, rows in usable.items() if rows}
        self._names = list(self._groups)
        self._weights = [GROUP_WEIGHTS.get(name, 1) for name in self._names]

    def __bool__(self) -> bool:
        return bool(self._names)

    def choose(self, rng: Random) -> Row:
        """A row."""
        rows = self._groups[rng.choices(self._names, self._weights)[0]]
        return rng.choices(rows, [row.weight for row in rows])[0]
