"""Finds the shortest history that still shows a difference."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Callable, List, Optional, Sequence

import wire
from pair import Pair, Setting, Verdict
from table import Step

BUDGET = 15.0
"""Seconds spent on one difference: most shrink within two."""

SHORT_ENOUGH = 12
"""Arguments up to this length are left as they are."""

Check = Callable[[Sequence[Step]], Optional[Verdict]]


class Reproducer:
    """A history whose last step differs, as short as it could be made."""

    def __init__(self, steps: Sequence[Step], verdict: Verdict) -> None:
        self.steps = list(steps)
        self.verdict = verdict


def shrink(pair: Pair, setting: Setting, history: Sequence[Step]) -> Optional[Reproducer]:
    """A short history, or None when not even the full one shows the difference again."""
    deadline = time.monotonic() + BUDGET
    for together in (False, True):
        check = _checker(pair, setting, together, deadline)
        verdict = check(history)
        if verdict is not None:
            steps = _with_fewer_steps(check, list(history))
            steps = _with_plainer_steps(check, steps)
            # A last time without limit, for the replies to this very history.
            verdict = _checker(pair, setting, together, float("inf"))(steps) or verdict
            return Reproducer(steps, verdict)
    return None


def _checker(pair: Pair, setting: Setting, together: bool, deadline: float) -> Check:
    """A function that says whether (and how) a history's last step differs."""
    def check(steps: Sequence[Step]) -> Optional[Verdict]:
        if time.monotonic() > deadline:
            return None
        verdict = pair.replay(setting, steps, together)
        return None if verdict is None or verdict.agreed or verdict.excused else verdict
    return check


def _with_fewer_steps(check: Check, steps: List[Step]) -> List[Step]:
    """Delta debugging: leaves out ever smaller parts of the history before the last step."""
    last = steps[-1]
    earlier = steps[:-1]
    if check([last]):
        return [last]
    part = max(1, len(earlier) // 2)
    while True:
        start, removed = 0, False
        while start < len(earlier):
            candidate = earlier[:start] + earlier[start + part:]
            if check(candidate + [last]):
                earlier, removed = candidate, True
            else:
                start += part
        if part == 1 and not removed:
            return earlier + [last]
        part = max(1, part // 2)


def _with_plainer_steps(check: Check, steps: List[Step]) -> List[Step]:
    """Writes each step in the ordinary form and shortens its long arguments, where that changes nothing."""
    for index in range(len(steps)):
        if not steps[index].request:
            continue
        plain = replace(steps[index], request=wire.encode(steps[index].args), cuts=())
        if plain != steps[index] and check(steps[:index] + [plain] + steps[index + 1:]):
            steps[index] = plain
        if steps[index].request == plain.request:
            for position in range(len(steps[index].args)):
                steps = _with_shorter_argument(check, steps, index, position)
    return steps


def _with_shorter_argument(check: Check, steps: List[Step], index: int, position: int) -> List[Step]:
    """Halves one argument as long as the difference stays."""
    while len(steps[index].args[position]) > SHORT_ENOUGH:
        args = list(steps[index].args)
        args[position] = args[position][:len(args[position]) // 2]
        step = replace(steps[index], args=tuple(args), request=wire.encode(args))
        candidate = steps[:index] + [step] + steps[index + 1:]
        if not check(candidate):
            break
        steps = candidate
    return steps
