"""A leader board: players by points, in sorted sets."""

from __future__ import annotations

from typing import Callable, Dict, List, Optional, Tuple

import redis

Standing = List[Tuple[str, float]]

PLAYERS = 1000
"""More than fit into a sorted set's small encoding."""

DAYS = 3


class LeaderBoard:
    """Who has how many points."""

    def __init__(self, client: redis.Redis, name: str) -> None:
        self.client = client
        self.key = "board:" + name

    def add_points(self, player: str, points: float) -> float:
        """Gives a player more points; returns the sum."""
        return self.client.zincrby(self.key, points, player)

    def submit(self, results: Dict[str, float]) -> int:
        """Keeps each player's best result; returns how many are new or better."""
        return self.client.zadd(self.key, results, gt=True, ch=True)

    def rank(self, player: str) -> Optional[int]:
        """The player's place, from 1 on; None for who does not play."""
        place = self.client.zrevrank(self.key, player)
        return None if place is None else place

    def top(self, count: int) -> Standing:
        """The best players."""
        return self.client.zrange(self.key, 0, count - 1, desc=True, withscores=True)

    def around(self, player: str, distance: int) -> Standing:
        """A player among the neighbours in rank."""
        place = self.client.zrevrank(self.key, player)
        if place is None:
            return []
        return self.client.zrevrange(self.key, max(place - distance, 0), place + distance, withscores=True)

    def page_between(self, low: float, high: float, page: int, size: int) -> Standing:
        """A page of the players whose points lie between two numbers, the best first."""
        return self.client.zrevrangebyscore(self.key, high, low, start=page * size, num=size, withscores=True)

    def keep_best(self, count: int) -> int:
        """Drops all but the best; returns how many went."""
        return self.client.zremrangebyrank(self.key, 0, -count - 1)

    def award(self, count: int) -> Standing:
        """Takes the winners off the board."""
        return self.client.zpopmax(self.key, count)

    def __len__(self) -> int:
        return self.client.zcard(self.key)


def scenario(make_client: Callable[..., redis.Redis]) -> List[object]:
    """A few days of games, and the week's result."""
    client = make_client(decode_responses=True)
    facts: List[object] = []
    days = [LeaderBoard(client, "day:%d" % day) for day in range(DAYS)]
    for day, board in enumerate(days):
        for number in range(PLAYERS):
            if (number + day) % 7:
                board.add_points("player:%04d" % number, (number * 37 + day * 11) % 997 / 4)
    facts += [len(board) for board in days]
    first = days[0]
    facts += [first.top(5), first.around("player:0500", 2), first.around("nobody", 2), first.rank("player:0500")]
    facts += [first.add_points("player:0500", 1000), first.rank("player:0500"), first.rank("nobody")]
    facts += [first.submit({"player:0500": 1.5, "player:0501": 5000.25, "newcomer": -3}), first.top(2)]
    facts += [first.page_between(10, 20.5, page, 7) for page in range(3)]
    facts += [client.zcount(first.key, "(10", "+inf"), client.zmscore(first.key, ["newcomer", "nobody"])]
    facts += _week(client, days)
    facts += [first.keep_best(50), len(first), client.object("encoding", first.key), first.award(3), first.top(1)]
    facts += [sorted(dict(client.zscan_iter(first.key))) == sorted(client.zrange(first.key, 0, -1))]
    facts += [client.zpopmin(first.key), client.bzpopmax([first.key], timeout=1), client.zrem(first.key, "newcomer")]
    facts += _same_points(client)
    return facts


def _week(client: redis.Redis, days: List[LeaderBoard]) -> List[object]:
    """The days joined: sums, the best of each, who played daily, and who missed a day."""
    week = LeaderBoard(client, "week")
    keys = [board.key for board in days]
    facts: List[object] = [client.zunionstore(week.key, {key: weight for weight, key in enumerate(keys, 1)}),
                           week.top(4), client.object("encoding", week.key)]
    facts += [client.zunionstore(week.key, keys, aggregate="MAX"), week.top(4)]
    facts += [client.zinterstore(week.key, keys, aggregate="MIN"), week.top(4), week.keep_best(10)]
    facts += [client.zintercard(2, keys[:2]), client.zintercard(2, keys[:2], limit=5)]
    facts += [client.zdiff(keys[:2], withscores=True)[:5], client.zrangestore("copy", week.key, 0, 2, desc=True)]
    facts += [client.expire("copy", 3600), client.ttl("copy") > 3500, client.zrange("copy", 0, -1)]
    return facts


def _same_points(client: redis.Redis) -> List[object]:
    """Players with the same points stand in the order of their names, which can be searched."""
    board = LeaderBoard(client, "names")
    board.submit({name: 0 for name in ("eve", "adam", "carol", "bob", "dave")})
    picked = client.zrandmember(board.key, 3)
    return [board.top(5), client.zrangebylex(board.key, "[b", "(d"), client.zlexcount(board.key, "-", "[carol"),
            client.zremrangebylex(board.key, "-", "[adam"), len(set(picked)), len(board)]
