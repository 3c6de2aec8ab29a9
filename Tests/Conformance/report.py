"""Writes differences so that a reader can try them by hand."""

from __future__ import annotations

import re
from typing import List, Sequence

from comparison import Normalised, Outcome
from exchange import WATCHER
from pair import Setting, Verdict
from table import MAIN, SECOND, Step

LONGEST_ARGUMENT = 200
LONGEST_REPLY = 400
"""Bytes shown of one argument and of one server's answer."""

RECENT_STEPS = 12
"""Steps shown of a history that could not be shrunk."""

PLAIN = frozenset(range(0x21, 0x7F)) - frozenset(b"\"'\\")

CONNECTION_NAMES = {MAIN: "main", SECOND: "second", WATCHER: "keyspace events"}


def quoted(data: bytes, limit: int = LONGEST_ARGUMENT) -> str:
    """Bytes as redis-cli takes them; a long text's end is left out and its length told."""
    shown = data[:limit]
    if shown and PLAIN.issuperset(shown):
        text = shown.decode("ascii")
    else:
        text = '"%s"' % "".join(_escaped(byte) for byte in shown)
    return text if len(data) <= limit else "%s... (%d bytes)" % (text, len(data))


def _escaped(byte: int) -> str:
    """One byte between double quotes."""
    special = {0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t", 0x22: '\\"', 0x5C: "\\\\"}
    return special.get(byte) or (chr(byte) if 0x20 <= byte < 0x7F else "\\x%02x" % byte)


def step_line(step: Step) -> str:
    """One step: the connection and the command."""
    args = " ".join(quoted(arg) for arg in step.args)
    notes = "" if step.request[:1] == b"*" or step.row.verbatim else "   (inline: %s)" % quoted(step.request)
    if step.cuts:
        notes += "   (cut at %s)" % ", ".join(map(str, step.cuts))
    kind = step.row.command + ", raw bytes: " if step.row.waits_for_silence else ""
    return "    [%-6s] %s%s%s" % (CONNECTION_NAMES[step.where], kind, args, notes)


def outcome_lines(label: str, outcome: Outcome) -> List[str]:
    """What one server answered, connection by connection."""
    lines = []
    for where in sorted(outcome.frames, key=lambda where: where != outcome.where):
        raw = b"".join(frame.raw for frame in outcome.frames[where])
        if raw or where == outcome.where:
            place = "" if where == outcome.where else " (%s)" % CONNECTION_NAMES[where]
            lines.append("    %s%s: %s" % (label, place, quoted(raw, LONGEST_REPLY) if raw else "(nothing)"))
    if outcome.ending:
        lines.append("    %s: <%s>" % (label, outcome.ending))
    return lines


def explanation_lines(verdict: Verdict) -> List[str]:
    """Where long replies part, as their beginnings are often the same."""
    replies = [outcome.frames.get(outcome.where, ()) for outcome in (verdict.ours, verdict.peer)]
    if isinstance(verdict.step.row.same, Normalised):
        text = verdict.step.row.same.explanation(*replies)
        return ["    %s" % text[:2 * LONGEST_REPLY]] if text else []
    left, right = (b"".join(frame.raw for frame in frames) for frames in replies)
    if max(len(left), len(right)) <= LONGEST_REPLY:
        return []
    start = next((index for index, (a, b) in enumerate(zip(left, right)) if a != b), min(len(left), len(right)))
    return ["    from byte %d on: ours %s" % (start, quoted(left[start:])), "      peer %s" % quoted(right[start:])]


def difference(number: int, place: str, setting: Setting, steps: Sequence[Step], verdict: Verdict) -> str:
    """The whole account of one difference."""
    lines = ["DIFFERENCE %d (%s, %s)" % (number, place, setting)]
    lines += [step_line(step) for step in steps]
    lines += outcome_lines("ours", verdict.ours) + outcome_lines("peer", verdict.peer)
    lines += explanation_lines(verdict)
    return "\n".join(lines)


def unshrunk(number: int, place: str, setting: Setting, history: Sequence[Step], verdict: Verdict) -> str:
    """The account of a difference that did not show again: the last commands on the same keys."""
    words = set(verdict.step.args[1:])
    related = [step for step in history[:-1] if words & set(step.args[1:])]
    text = difference(number, place, setting, related[-RECENT_STEPS:] + [verdict.step], verdict)
    return text + "\n    (not reproduced by sending the same commands again)"


def signature(verdict: Verdict) -> str:
    """What makes two differences look like one: the command, and the replies without numbers and quotations."""
    def form(outcome: Outcome) -> str:
        text = outcome.raw()[:60].decode("latin-1") + outcome.ending[:60]
        return re.sub(r"'.*|\d+", "N", text)
    return "%s | %s | %s" % (verdict.step.row.command, form(verdict.ours), form(verdict.peer))
