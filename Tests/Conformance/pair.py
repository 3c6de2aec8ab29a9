"""Two servers in step: the same commands go to both, and their outcomes are judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, List, NamedTuple, Optional, Sequence, Union

import comparison
import wire
from comparison import Outcome
from exchange import LONG_PATIENCE, SHORT_PATIENCE, Side
from table import Step

BATCH_BYTES = 60_000
"""Most that is sent at once: it fits in the socket buffers, so nobody waits for anybody."""


@dataclass(frozen=True)
class Setting:
    """What holds for a whole round of steps."""

    protocol: int
    listening: bool
    events: bool

    def __str__(self) -> str:
        return "RESP%d%s" % (self.protocol, ", comparing keyspace events" if self.events else "")


class Verdict(NamedTuple):
    """A step with what both servers made of it."""

    step: Step
    ours: Outcome
    peer: Outcome
    agreed: bool
    excused: bool


class Pair:
    """Our server and its peer."""

    def __init__(self, ours: Side, peer: Side) -> None:
        self.sides = (ours, peer)
        self._versions = (ours.server.version(), peer.server.version())

    def reset(self, setting: Setting) -> None:
        """Puts both servers in the same initial state."""
        for side in self.sides:
            side.reset(setting.protocol, setting.listening, setting.events)

    def perform(self, steps: Sequence[Step]) -> List[Verdict]:
        """Carries out steps that may be sent together (or a single one of any kind)."""
        if len(steps) == 1 and not steps[0].may_share:
            outcomes = [[side.perform(steps[0])] for side in self.sides]
        else:
            outcomes = self._perform_together(steps)
        verdicts = [self._judge(*both) for both in zip(steps, *outcomes)]
        return [self._confirmed(verdict) for verdict in verdicts]

    def _perform_together(self, steps: Sequence[Step]) -> List[List[Outcome]]:
        """Sends to both servers before waiting for either."""
        where = steps[0].where
        tokens: List[Union[List[bytes], Exception]] = []
        for side in self.sides:
            try:
                tokens.append(side.transmit_all(where, steps))
            except (OSError, wire.ReplyTimeout, wire.ConnectionClosed) as failure:
                tokens.append(failure)
        return [side.finish_all(where, sent) if isinstance(sent, list)
                else [Outcome(where, {}, side.ending_after(where, sent))]
                for side, sent in zip(self.sides, tokens)]

    def _judge(self, step: Step, ours: Outcome, peer: Outcome) -> Verdict:
        """Compares the outcomes in the way the step's row asks for."""
        agreed = comparison.agree(step.row.same, ours, peer)
        excused = not agreed and comparison.excused(step.row.same, step.command, ours, peer,
                                                    self._versions)
        return Verdict(step, ours, peer, agreed, excused)

    def _confirmed(self, verdict: Verdict) -> Verdict:
        """The verdict, after a second look where the first was limited by patience."""
        if verdict.agreed or not verdict.step.row.waits_for_silence:
            return verdict
        for side in self.sides:
            side.patience = LONG_PATIENCE
        ours, peer = (side.perform(verdict.step) for side in self.sides)
        for side in self.sides:
            side.patience = SHORT_PATIENCE
        return self._judge(verdict.step, ours, peer)

    def replay(self, setting: Setting, steps: Sequence[Step], together: bool) -> Optional[Verdict]:
        """From the initial state, carries out steps and returns the verdict on the last one.

        None if an earlier one already differed, as then the last proves nothing.
        """
        self.reset(setting)
        last: Optional[Verdict] = None
        for batch in batches(steps, together and not setting.listening):
            if last is not None and not (last.agreed or last.excused):
                return None
            verdicts = self.perform(batch)
            if any(not (verdict.agreed or verdict.excused) for verdict in verdicts[:-1]):
                return None
            last = verdicts[-1]
        return last

    def close(self) -> None:
        """Closes all connections."""
        for side in self.sides:
            side.close()


def batches(steps: Sequence[Step], together: bool) -> Iterator[List[Step]]:
    """Cuts a list of steps in parts that can be sent together, or in single steps."""
    batch: List[Step] = []
    size = 0
    for step in steps:
        fits = (together and batch and step.may_share and batch[-1].may_share
                and step.where == batch[-1].where and size + len(step.request) <= BATCH_BYTES)
        if batch and not fits:
            yield batch
            batch, size = [], 0
        batch.append(step)
        size += len(step.request)
    if batch:
        yield batch
