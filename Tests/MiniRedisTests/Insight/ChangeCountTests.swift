import TestSupport
import Testing

/// How many changes INFO counts.
///
/// `rdb_changes_since_last_save` grows by the elements of some commands, and by one for others that change two
/// keys. The numbers are those of redis-server 7.0, and of 8 for
/// the deadlines of fields.
@Suite(.timeLimit(.minutes(10))) struct ChangeCountTests {
    private static let commands: [(String, Int)] = [
        ("rpush l a b c d e f g h", 8),
        ("lmove l l1 left left", 1),
        ("lmove l l left right", 1),
        ("rpoplpush l l1", 1),
        ("rpushx l x y", 2),
        ("linsert l before c q", 1),
        ("lset l 0 z", 1),
        ("lrem l 0 b", 0),
        ("lrem l 0 d", 1),
        ("ltrim l 1 -2", 2),
        ("lpop l 2", 2),
        ("lmpop 1 l left count 2", 2),
        ("blpop l 0", 1),
        ("del l l1", 2),
        ("sadd s a b c d e f", 6),
        ("sadd s a b g", 1),
        ("srem s a b zz", 2),
        ("smove s t c", 2),
        ("spop s", 1),
        ("spop s 2", 2),
        ("sadd s u1 u2 u3 u4", 4),
        ("spop s 100", 5),
        ("sadd s a b c d e", 5),
        ("sadd t x y", 2),
        ("sunionstore d s t", 1),
        ("sinterstore d s nothing", 1),
        ("sort s alpha store q", 5),
        ("sort nothing store q", 1),
        ("zadd z 1 a 2 b 3 c 4 d", 4),
        ("zadd z 5 a 6 b 9 n", 3),
        ("zadd z xx 5 a", 0),
        ("zadd z ch 7 a", 1),
        ("zincrby z 1 a", 1),
        ("zrem z a b zz", 2),
        ("zadd z 1 a 2 b 3 c 4 d", 2),
        ("zpopmin z 2", 2),
        ("zmpop 1 z max count 2", 2),
        ("zadd z 1 a 2 b 3 c 4 d", 3),
        ("zremrangebyrank z 0 1", 2),
        ("zremrangebyscore z 0 100", 2),
        ("zadd z 1 a 2 b 3 c", 3),
        ("zunionstore dz 1 z", 1),
        ("zrangestore dz z 0 -1", 1),
        ("zdiffstore dz 2 z z", 1),
        ("hset h a 1 b 2 c 3", 3),
        ("hset h a 1 d 4", 2),
        ("hmset h x 1 y 2", 2),
        ("hsetnx h q 1", 1),
        ("hincrby h a 1", 1),
        ("hincrbyfloat h a 1", 1),
        ("hdel h a b zz", 2),
        ("hexpire h 100 fields 2 c d", 2),
        ("hexpire h 0 fields 2 c d", 2),
        ("hset h c 1 d 2", 2),
        ("hdel h c d", 2),
        ("bitfield bits set u8 0 1 set u8 8 2 get u8 0", 2),
        ("bitfield bits incrby u8 0 1 incrby u8 8 1", 2),
        ("del bits", 1),
        ("geoadd g 1 2 a 3 4 b", 2),
        ("geosearchstore gd g fromlonlat 1 2 byradius 1000 km", 2),
        ("pfadd hl a b c", 4),
        ("pfadd hl a d", 1),
        ("pfmerge hm hl hl", 1),
        ("xadd x 1-1 f v", 1),
        ("xadd x 2-1 f v", 1),
        ("xadd x 3-1 f v", 1),
        ("xadd x maxlen 2 4-1 f v", 1),
        ("xtrim x maxlen 1", 1),
        ("xadd x 5-1 f v", 1),
        ("xdel x 4-1 5-1 9-9", 2),
        ("xadd x 6-1 f v", 1),
        ("xgroup create x g 0", 1),
        ("xreadgroup group g c streams x >", 2),
        ("xack x g 6-1", 1),
        ("xsetid x 9-9", 1),
        ("set k v", 1),
        ("rename k kk", 1),
        ("renamenx kk k", 1),
        ("copy k k2", 1),
        ("move k 1", 1),
        ("set k v", 1),
        ("append k x", 1),
        ("setrange k 0 y", 1),
        ("setbit k 1 1", 0),
        ("bitop and o k k2", 1),
        ("mset a 1 b 2 c 3", 3),
        ("msetnx m1 1 m2 2", 2),
        ("incr n", 1),
        ("getset k z", 1),
        ("getex k ex 100", 1),
        ("getex k persist", 1),
        ("expire k 100", 1),
        ("expire k -1", 1),
        ("set k v ex 10", 1),
        ("setex k 10 v", 1),
        ("del a b c", 3),
        ("unlink m1 m2", 2),
        ("flushdb", 13),
    ]

    @Test func changesAreCountedAsInRedis() async throws {
        try await withServer { server in
            let client = try server.connect()
            var before = try client.figure("rdb_changes_since_last_save")
            for (command, count) in Self.commands {
                try client.command(command.split(separator: " ").map { Array($0.utf8) })
                let after = try client.figure("rdb_changes_since_last_save")
                #expect(after - before == count, "\(command)")
                before = after
            }
        }
    }
}
