"""A job queue that loses no job: a worker keeps what it works on in a list of its own until it is done."""

from __future__ import annotations

import threading
import time
from typing import Callable, Dict, List, Optional

import redis

WORKERS = 5
JOBS = 300
STOP = "stop"

PATIENCE = 10.0
"""Seconds that a worker waits for a job, and a scenario for its workers."""


class JobQueue:
    """Jobs in the order in which they were added."""

    def __init__(self, client: redis.Redis, name: str) -> None:
        self.client = client
        self.waiting = "queue:%s" % name
        self.name = name

    def in_progress(self, worker: str) -> str:
        """The list of what a worker works on."""
        return "queue:%s:%s" % (self.name, worker)

    def add(self, *jobs: str) -> int:
        """Appends jobs."""
        return self.client.rpush(self.waiting, *jobs)

    def take(self, worker: str, patience: float = PATIENCE) -> Optional[str]:
        """The next job, as soon as there is one; None when patience ends."""
        return self.client.blmove(self.waiting, self.in_progress(worker), patience, "LEFT", "RIGHT")

    def done(self, worker: str, job: str) -> int:
        """Forgets a finished job."""
        return self.client.lrem(self.in_progress(worker), 1, job)

    def recover(self, worker: str) -> List[str]:
        """Puts back, in front, what a worker that died has left."""
        recovered = []
        while True:
            job = self.client.lmove(self.in_progress(worker), self.waiting, "RIGHT", "LEFT")
            if job is None:
                return recovered
            recovered.append(job)

    def __len__(self) -> int:
        return self.client.llen(self.waiting)


def scenario(make_client: Callable[..., redis.Redis]) -> List[object]:
    """One worker, several that wait in line, many that share the work, one that dies."""
    client = make_client(decode_responses=True)
    facts: List[object] = []
    queue = JobQueue(client, "single")
    facts += [queue.take("w", 0.05), queue.add("a", "b", "c"), queue.take("w"), queue.take("w"), len(queue)]
    facts += [queue.done("w", "a"), queue.done("w", "a"), queue.recover("w"), queue.take("w"), queue.take("w")]
    facts += [len(queue), client.lrange(queue.in_progress("w"), 0, -1), client.lpos(queue.in_progress("w"), "c")]
    facts += _in_line(make_client)
    facts += _shared(make_client)
    return facts


def _in_line(make_client: Callable[..., redis.Redis]) -> List[object]:
    """Workers get jobs in the order in which they began to wait."""
    client = make_client(decode_responses=True)
    queue = JobQueue(client, "line")
    taken: Dict[str, Optional[str]] = {}

    def wait(worker: str) -> None:
        taken[worker] = JobQueue(make_client(decode_responses=True), "line").take(worker)
    threads = []
    for number in range(WORKERS):
        threads.append(threading.Thread(target=wait, args=("worker:%d" % number,)))
        threads[-1].start()
        _until(lambda: client.info("clients")["blocked_clients"] == number + 1)
    added = queue.add(*["job:%d" % number for number in range(WORKERS)])
    for thread in threads:
        thread.join(PATIENCE)
    left = [client.lrange(queue.in_progress(worker), 0, -1) for worker in sorted(taken)]
    return [added, sorted(taken.items()), left, len(queue), client.info("clients")["blocked_clients"]]


def _shared(make_client: Callable[..., redis.Redis]) -> List[object]:
    """Every job is done once, even though a worker dies with some in its hands."""
    client = make_client(decode_responses=True)
    queue = JobQueue(client, "shared")

    def work(worker: str) -> None:
        own = make_client(decode_responses=True)
        mine = JobQueue(own, "shared")
        while True:
            job = mine.take(worker)
            if job is None or job == STOP:
                mine.done(worker, STOP)
                return
            own.rpush("results", "%s squared is %d" % (job, int(job) ** 2))
            mine.done(worker, job)
    names = ["worker:%d" % number for number in range(WORKERS)]
    threads = [threading.Thread(target=work, args=(name,)) for name in names]
    queue.add("7", "8")
    lost = [queue.take("dead"), queue.take("dead")]
    for thread in threads:
        thread.start()
    for start in range(10, JOBS, 10):
        queue.add(*map(str, range(start, start + 10)))
    recovered = queue.recover("dead")
    queue.add(*[STOP] * WORKERS)
    for thread in threads:
        thread.join(PATIENCE)
    results = client.lrange("results", 0, -1)
    left = [client.exists(queue.in_progress(name)) for name in names + ["dead"]]
    return [lost, recovered, len(results), sorted(results), left, len(queue), client.keys("queue:shared*")]


def _until(condition: Callable[[], bool]) -> None:
    """Waits for what other threads bring about."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("what was waited for did not happen in %g s" % PATIENCE)
        time.sleep(0.002)
