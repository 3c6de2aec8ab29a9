"""Rate limiters: a counter that expires, and a window that slides over the times of requests."""

from __future__ import annotations

import threading
import time
from typing import Callable, List

import redis

THREADS = 8
REQUESTS = 15
LIMIT = 50

PATIENCE = 5.0
"""Seconds until something must have expired."""


class FixedWindow:
    """So many requests in each span of time that begins with the first of them."""

    def __init__(self, client: redis.Redis, limit: int, seconds: int) -> None:
        self.client = client
        self.limit = limit
        self.seconds = seconds

    def allows(self, user: str) -> bool:
        """Counts a request, and tells whether it may go on."""
        key = "requests:" + user
        count, _ = self.client.pipeline().incr(key).expire(key, self.seconds, nx=True).execute()
        return count <= self.limit


class SlidingWindow:
    """So many requests in the last seconds, whenever that is."""

    def __init__(self, client: redis.Redis, limit: int, seconds: float, clock: Callable[[], float]) -> None:
        self.client = client
        self.limit = limit
        self.seconds = seconds
        self.clock = clock

    def allows(self, user: str, request: str) -> bool:
        """Notes a request if it may go on; nobody else comes between looking and noting."""
        key = "window:" + user

        def attempt(pipeline: redis.client.Pipeline) -> None:
            now = self.clock()
            count = pipeline.zcount(key, "(%r" % (now - self.seconds), "+inf")
            pipeline.multi()
            pipeline.zremrangebyscore(key, "-inf", now - self.seconds)
            if count < self.limit:
                pipeline.zadd(key, {request: now})
                pipeline.pexpire(key, int(self.seconds * 1000))
        return len(self.client.transaction(attempt, key)) == 3


def scenario(make_client: Callable[..., redis.Redis]) -> List[object]:
    """Both limiters alone and with several threads at once."""
    return _fixed(make_client) + _sliding(make_client)


def _fixed(make_client: Callable[..., redis.Redis]) -> List[object]:
    """Three of five requests go through; a new window opens when the old has passed."""
    client = make_client()
    limiter = FixedWindow(client, 3, 1000)
    facts: List[object] = [[limiter.allows("ann") for _ in range(5)], limiter.allows("bob"), client.get("requests:ann")]
    client.expire("requests:ann", 500)
    limiter.allows("ann")
    facts += [490 < client.ttl("requests:ann") <= 500, 990 < client.ttl("requests:bob") <= 1000]
    client.pexpire("requests:ann", 5)
    deadline = time.monotonic() + PATIENCE
    while client.exists("requests:ann") and time.monotonic() < deadline:
        time.sleep(0.002)
    facts += [limiter.allows("ann"), client.get("requests:ann"), 990 < client.ttl("requests:ann") <= 1000]

    def ask(number: int) -> List[bool]:
        own = FixedWindow(make_client(), LIMIT, 1000)
        return [own.allows("crowd") for _ in range(REQUESTS)]
    return facts + [sum(_at_once(ask)), client.get("requests:crowd")]


def _sliding(make_client: Callable[..., redis.Redis]) -> List[object]:
    """With a clock that the scenario moves, so that the same happens everywhere."""
    client = make_client(decode_responses=True)
    now = [1_700_000_000.5]
    limiter = SlidingWindow(client, 3, 10, lambda: now[0])
    facts: List[object] = []
    for number, step in enumerate((0, 1, 2, 0.25, 6.7, 0.05, 0.5, 1, 1, 20)):
        now[0] += step
        facts.append((limiter.allows("ann", "request %d" % number), client.zcard("window:ann")))
    facts += [client.zrange("window:ann", 0, -1, withscores=True), 9000 < client.pttl("window:ann") <= 10000]

    def ask(number: int) -> List[bool]:
        own = SlidingWindow(make_client(), LIMIT, 1000, time.time)
        return [own.allows("crowd", "%d from %d" % (request, number)) for request in range(REQUESTS)]
    return facts + [sum(_at_once(ask)), client.zcard("window:crowd")]


def _at_once(ask: Callable[[int], List[bool]]) -> List[bool]:
    """What several threads were answered."""
    answers: List[bool] = []
    threads = [threading.Thread(target=lambda number=number: answers.extend(ask(number))) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
