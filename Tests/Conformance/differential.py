#!/usr/bin/env python3
"""Sends the same random commands to our server and to a real Redis and compares their replies.

    python3 differential.py                          a minute of everything, random seed
    python3 differential.py --seed 7 --only strings  the same strings commands every time
    python3 differential.py --only SETRANGE,BITFIELD --keep-going --seconds 20
    python3 differential.py --coverage               which commands and options no row of the tables sends
    python3 differential.py --seed 1 --rounds 300    the same 300 rounds every time, however fast the machine

A run consists of rounds of some 300 commands. Each round starts from an empty server; when a reply
differs, the round's history is shrunk to the few commands that matter. The closing line tells how
many comparisons agreed and how many did not, and the exit status is 0 only if all did.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Dict, List, Optional, Sequence, Set, Tuple

import catalogue
import comparison as by
import coverage
import report
import selftest
import special_exchanges
from exchange import Side
from pair import BATCH_BYTES, Pair, Setting, Verdict
from servers import Server, ServerFailure, clean_up_when_terminated, default_program
from shrink import shrink
from table import Row, Step, make_step, MAIN

RANDOM_SEED = "random"
"""In place of a seed: one that is made up, and told."""

NO_LIMIT = float("inf")

ROUND_STEPS = 300
"""Commands between two FLUSHALLs: enough to build up state, few enough to shrink quickly."""

LONGEST_BATCH = 12
"""Most commands sent without waiting for replies."""

REPORTS_PER_COMMAND = 6
"""Accounts written of one command's differences with --keep-going; more are only counted."""

STATE_CHECK = Row("(everything stored)", exchange=special_exchanges.whole_state, same=by.same_state,
                  verbatim=True, alone=True)
"""Ends every round: compares what both servers hold, lest a wrong write go unread."""

STATE_COMMANDS = ("SELECT", "KEYS", "TYPE", "OBJECT ENCODING", "PEXPIRETIME", "GET")
"""What that check asks."""


@dataclass
class Tally:
    """What a run has come to."""

    passed: int = 0
    failed: int = 0
    excused: int = 0
    signatures: Set[str] = field(default_factory=set)
    reported: Dict[str, int] = field(default_factory=lambda: defaultdict(int))


class Run:
    """One run of random rounds against one pair of servers."""

    def __init__(self, pair: Pair, options: argparse.Namespace, rows: dict) -> None:
        self.pair = pair
        self.options = options
        self.rows = rows
        self.tally = Tally()

    def play_rounds(self) -> None:
        """Plays rounds until time or rounds are used up or, unless told to keep going, something differs."""
        first, rounds = self.options.first_round, self.options.rounds
        deadline = time.monotonic() + (NO_LIMIT if rounds else self.options.seconds)
        for number in itertools.count(first) if not rounds else range(first, first + rounds):
            if time.monotonic() >= deadline:
                break
            if not self._play_round(number, deadline) and not self.options.keep_going:
                break

    def _play_round(self, number: int, deadline: float) -> bool:
        """One round; false if it ended in a difference."""
        rng = random.Random("%s/%d" % (self.options.seed, number))
        setting = self._setting(rng, number)
        chooser = catalogue.Chooser(self.rows, setting.listening, setting.events)
        if not chooser:
            return True
        self.pair.reset(setting)
        history: List[Step] = []
        while len(history) < ROUND_STEPS and time.monotonic() < deadline:
            batch = self._batch(rng, chooser, setting)
            history += batch
            if not self._try(number, setting, history, batch):
                return False
        if not self.options.check_state:
            return True
        check = Step(STATE_CHECK, MAIN, (b"(everything stored)",), b"")
        return self._try(number, setting, history + [check], [check])

    def _setting(self, rng: random.Random, number: int) -> Setting:
        """Protocol and kind of round; a quarter each for publish-subscribe and keyspace events."""
        protocol = {"2": 2, "3": 3}.get(self.options.protocol, 2 + number % 2)
        must_listen = not set(self.rows) - set(catalogue.LISTENING_GROUPS)
        style = rng.random()
        return Setting(protocol, must_listen or style < 0.5, style < 0.25 and self.options.events)

    def _batch(self, rng: random.Random, chooser: catalogue.Chooser, setting: Setting) -> List[Step]:
        """One step, or several that are sent together."""
        length = 1 if setting.listening or rng.random() < 0.5 else rng.randint(2, LONGEST_BATCH)
        batch: List[Step] = []
        size = 0
        while len(batch) < length and size < BATCH_BYTES:
            step = make_step(rng, chooser.choose(rng))
            if batch and not (step.may_share and step.where == batch[0].where):
                continue
            batch.append(step)
            size += len(step.request)
            if not step.may_share:
                break
        return batch

    def _try(self, number: int, setting: Setting, history: Sequence[Step], batch: Sequence[Step]) -> bool:
        """Carries out a batch, the last steps of `history`; false if something differed."""
        before = history[:len(history) - len(batch)]
        for index, verdict in enumerate(self.pair.perform(batch)):
            if not (verdict.agreed or verdict.excused):
                self._tell(number, setting, list(before) + list(batch[:index + 1]), verdict)
                return False
            self.tally.passed += verdict.agreed
            self.tally.excused += verdict.excused
        return True

    def _tell(self, number: int, setting: Setting, history: List[Step], verdict: Verdict) -> None:
        """Shrinks and prints a difference, or just counts it if one like it was printed."""
        self.tally.failed += 1
        signature = report.signature(verdict)
        command = verdict.step.row.command
        if signature in self.tally.signatures or self.tally.reported[command] >= REPORTS_PER_COMMAND:
            return
        self.tally.signatures.add(signature)
        self.tally.reported[command] += 1
        place = "seed %s, round %d" % (self.options.seed, number)
        crashed = [side.server for side, outcome in zip(self.pair.sides, (verdict.ours, verdict.peer))
                   if outcome.ending.startswith("the server ")]
        log = "".join("\n    last words of %s:\n%s" % (server.label, server.log_tail()) for server in crashed)
        short = shrink(self.pair, setting, history)
        if short:
            self.tally.signatures.add(report.signature(short.verdict))
            text = report.difference(self.tally.failed, place, setting, short.steps, short.verdict)
        else:
            text = report.unshrunk(self.tally.failed, place, setting, history, verdict)
        print(text + log, flush=True)


def parse_options(arguments: Optional[Sequence[str]] = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", default=default_program(), metavar="PATH", help="the server under test")
    parser.add_argument("--peer", default="redis-server", metavar="PATH", help="the server that is right")
    parser.add_argument("--seed", default=RANDOM_SEED, help="repeats a run (%s: another one each time)" % RANDOM_SEED)
    parser.add_argument("--first-round", type=int, default=0, metavar="N", help="skips the rounds before")
    parser.add_argument("--seconds", type=float, default=60, help="how long to go on (60)")
    parser.add_argument("--rounds", type=int, metavar="N", help="go on for so many rounds, however long they take")
    parser.add_argument("--protocol", choices=("2", "3", "both"), default="both")
    parser.add_argument("--only", default="", metavar="NAME,...", help="groups (%s) or commands"
                        % ", ".join(catalogue.GROUPS))
    parser.add_argument("--keep-going", action="store_true", help="go on after a difference")
    parser.add_argument("--known-only", action="store_true", help="leave out commands that our server does not know")
    parser.add_argument("--coverage", action="store_true",
                        help="only say which commands and option words of our server are never sent")
    parser.add_argument("--selftest", action="store_true",
                        help="check that corrupted replies of the peer are found out")
    parser.set_defaults(events=True, check_state=True)
    options = parser.parse_args(arguments)
    if options.seed == RANDOM_SEED:
        options.seed = str(random.SystemRandom().randrange(10**9))
    return options


def options_beside(version: Tuple[int, ...]) -> List[str]:
    """What makes our server keep values as one of this version does.

    Packed sets came with Redis 7.2.
    """
    return ["--set-max-listpack-entries", "0"] if version < (7, 2) else []


def compare_servers(options: argparse.Namespace, ours: Server, peer: Server) -> Tally:
    """A whole run against two running servers."""
    catalogue.restrict_to(min(ours.version(), peer.version()))
    names = [name.strip() for name in options.only.split(",") if name.strip()]
    if options.known_only:
        missing = catalogue.leave_out_unknown(ours.port)
        print("not tried, as unknown to our server: " + (", ".join(missing) or "nothing"))
        options.protocol = "2" if "HELLO" in missing else options.protocol
        options.events = not {"CONFIG SET", "PSUBSCRIBE"} & set(missing)
        options.check_state = not set(STATE_COMMANDS) & set(missing)
    rows = catalogue.selected(names)
    print("seed %s; peer: version %s" % (options.seed, ".".join(map(str, peer.version()))), flush=True)
    pair = Pair(Side(ours), Side(peer))
    run = Run(pair, options, rows)
    try:
        run.play_rounds()
    except KeyboardInterrupt:
        print("interrupted")
    finally:
        pair.close()
    return run.tally


def tell_coverage(ours: Server) -> int:
    """Prints what the catalogue never sends; returns the exit status."""
    missing, grammar = coverage.holes(ours.port)
    for line in missing:
        print(line)
    words = sum(map(len, grammar.options.values()))
    print("%d commands with %d option words, %d holes (beside %d that no server to compare with has yet)"
          % (len(grammar.options), words, len(missing), grammar.newer))
    return 1 if missing else 0


def main() -> int:
    """Runs what the command line asks for; returns the exit status."""
    options = parse_options()
    clean_up_when_terminated()
    try:
        if options.selftest:
            return selftest.run(options, compare_servers)
        if options.coverage:
            with Server(options.ours, "ours") as ours:
                return tell_coverage(ours)
        with Server(options.peer, "peer") as peer, \
                Server(options.ours, "ours", options_beside(peer.version())) as ours:
            tally = compare_servers(options, ours, peer)
    except (ServerFailure, catalogue.UnknownName) as failure:
        print(failure, file=sys.stderr)
        return 2
    if tally.excused:
        print("%d known differences between versions" % tally.excused)
    print("%d passed, %d failed" % (tally.passed, tally.failed))
    return 1 if tally.failed or not tally.passed else 0


if __name__ == "__main__":
    sys.exit(main())
