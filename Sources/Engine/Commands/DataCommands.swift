/// Every data command, family by family; the server's table takes its rows from here.
public enum DataCommands {
    /// All rows.
    public static let all: [DataCommand] =
        strings + bitmaps + hyperLogLogs + lists + sets + sortedSets + geo + hashes + streams + keys
        + databases

    /// Keys without a type of their own: the family's index, one line a command.
    static let strings: [DataCommand] = [
        append, decr, decrby, delex, delifeq, digest, get, getdel, getex, getrange, getset, incr, incrby,
        incrbyfloat, increx, lcs, mget, mset, msetex, msetnx, psetex, set, setex, setnx, setrange, strlen,
        substr,
    ]

    /// Strings as rows of bits.
    static let bitmaps: [DataCommand] = [bitcount, bitfield, bitfieldRO, bitop, bitpos, getbit, setbit]

    /// Strings that count different elements.
    static let hyperLogLogs: [DataCommand] = [pfadd, pfcount, pfdebug, pfmerge, pfselftest]

    /// Rows of elements in the order in which they were put there.
    static let lists: [DataCommand] = [
        blmove, blmpop, blpop, brpop, brpoplpush, lindex, linsert, llen, lmove, lmpop, lpop, lpos, lpush,
        lpushx, lrange, lrem, lset, ltrim, rpop, rpoplpush, rpush, rpushx,
    ]

    /// Collections of different members in no order.
    static let sets: [DataCommand] = [
        sadd, scard, sdiff, sdiffstore, sinter, sintercard, sinterstore, sismember, smembers, smismember,
        smove,
        spop, srandmember, srem, sscan, sunion, sunionstore,
    ]

    /// Collections of different members in the order of their scores.
    static let sortedSets: [DataCommand] = [
        bzmpop, bzpopmax, bzpopmin, zadd, zcard, zcount, zdiff, zdiffstore, zincrby, zinter, zintercard,
        zinterstore, zlexcount, zmpop,
        zmscore, zpopmax, zpopmin, zrandmember, zrange, zrangebylex, zrangebyscore, zrangestore, zrank,
        zrem, zremrangebylex, zremrangebyrank, zremrangebyscore, zrevrange, zrevrangebylex,
        zrevrangebyscore, zrevrank, zscan, zscore, zunion, zunionstore,
    ]

    /// Sorted sets of places on earth.
    static let geo: [DataCommand] = [
        geoadd, geodist, geohash, geopos, georadius, georadiusRO, georadiusbymember, georadiusbymemberRO,
        geosearch, geosearchstore,
    ]

    /// Collections of fields with values.
    static let hashes: [DataCommand] = [
        hdel, hexists, hexpire, hexpireat, hexpiretime, hget, hgetall, hgetdel, hgetex, hincrby, hincrbyfloat,
        hkeys, hlen, hmget, hmset, hpersist, hpexpire, hpexpireat, hpexpiretime, hpttl, hrandfield, hscan,
        hset, hsetex, hsetnx, hstrlen, httl, hvals,
    ]

    /// Entries in the order in which they came.
    static let streams: [DataCommand] = [
        xack, xackdel, xadd, xautoclaim, xclaim, xdel, xdelex, xgroup, xinfo, xlen, xpending, xrange, xread,
        xreadgroup,
        xrevrange, xsetid, xtrim,
    ]

    /// Keys of any type.
    static let keys: [DataCommand] = [
        copy, del, exists, expire, expireat, expiretime, keysCommand, move, object, persist, pexpire,
        pexpireat,
        pexpiretime, pttl, randomkey, rename, renamenx, scan, sort, sortRO, touch, ttl, type, unlink,
    ]

    /// Whole keyspaces.
    static let databases: [DataCommand] = [dbsize, flushall, flushdb, swapdb]
}
