import TestSupport
import Testing

/// The hash commands through the wire.
@Suite struct HashTests {
    @Test func fieldsComeAndGo() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try client.command("HSET", "h", "a", "1", "b", "2", "a", "3") == .integer(2))
            #expect(try client.command("HSETNX", "h", "a", "4") == .integer(0))
            #expect(try client.command("HSETNX", "h", "c", "4") == .integer(1))
            #expect(try client.command("HMSET", "h", "d", "") == .ok)
            #expect(try client.command("HGET", "h", "a") == .text("3"))
            #expect(try client.command("HGET", "h", "x") == .null)
            #expect(
                try client.command("HMGET", "h", "a", "x", "d") == .array([.text("3"), .null, .text("")]))
            #expect(try client.command("HMGET", "none", "a") == .array([.null]))
            #expect(try client.command("HLEN", "h") == .integer(4))
            #expect(try client.command("HSTRLEN", "h", "a") == .integer(1))
            #expect(try client.command("HEXISTS", "h", "d") == .integer(1))
            #expect(try client.command("HEXISTS", "h", "x") == .integer(0))
            #expect(try client.command("HKEYS", "h") == .array(["a", "b", "c", "d"].map { .text($0) }))
            #expect(try client.command("HVALS", "h") == .array(["3", "2", "4", ""].map { .text($0) }))
            #expect(try client.command("HDEL", "h", "a", "a", "b") == .integer(2))
            #expect(try client.command("HDEL", "h", "c", "d") == .integer(2))
            #expect(try client.command("EXISTS", "h") == .integer(0))
            #expect(try client.command("HGETALL", "h") == .array([]))
        }
    }

    @Test func errors() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("SET", "s", "x")
            let wrongType = Reply.error("WRONGTYPE Operation against a key holding the wrong kind of value")
            for words in [["HSET", "s", "a", "1"], ["HGET", "s", "a"], ["HTTL", "s", "x", "1", "a"]] {
                #expect(try client.command(words.map { Array($0.utf8) }) == wrongType)
            }
            for (words, text) in [
                (["HSET", "h", "a"], "wrong number of arguments for 'hset' command"),
                (["HSET", "h", "a", "1", "b"], "wrong number of arguments for 'hset' command"),
                (["HMSET", "h", "a", "1", "b"], "wrong number of arguments for 'hmset' command"),
                (["HINCRBY", "h", "a", "x"], "value is not an integer or out of range"),
                (["HINCRBYFLOAT", "h", "a", "x"], "value is not a valid float"),
                (["HINCRBYFLOAT", "h", "a", "inf"], "value is NaN or Infinity"),
                (["HRANDFIELD", "h", "x"], "value is not an integer or out of range"),
                (["HRANDFIELD", "h", "1", "y"], "syntax error"),
                (["HRANDFIELD", "h", "9223372036854775807", "withvalues"], "value is out of range"),
                (
                    ["HEXPIRE", "h", "-1", "FIELDS", "1", "a"], "invalid expire time, must be >= 0"
                ),
                (
                    ["HEXPIRE", "h", "9999999999999", "FIELDS", "1", "a"],
                    "invalid expire time in 'hexpire' command"
                ),
                (
                    ["HEXPIRE", "h", "1", "NX", "XX", "1", "a"],
                    "Mandatory argument FIELDS is missing or not at the right position"
                ),
                (
                    ["HEXPIRE", "h", "1", "FIELDS", "0", "a"],
                    "Parameter `numFields` should be greater than 0"
                ),
                (
                    ["HTTL", "h", "FIELDS", "2", "a"],
                    "The `numfields` parameter must match the number of arguments"
                ),
                (["HPERSIST", "h", "FIELDS", "x", "a"], "Number of fields must be a positive integer"),
                (
                    ["HSETEX", "h", "EX", "1", "PX", "1", "FIELDS", "1", "a", "1"],
                    "Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified"
                ),
                (
                    ["HSETEX", "h", "FNX", "FXX", "FIELDS", "1", "a", "1"],
                    "Only one of FXX or FNX arguments can be specified"
                ),
                (["HSETEX", "h", "FIELDS", "2", "a", "1"], "wrong number of arguments"),
                (["HSETEX", "h", "FIELDS", "1", "a", "1", "x"], "unknown argument: x"),
                (["HGETEX", "h", "KEEPTTL", "FIELDS", "1", "a"], "unknown argument"),
                (["HGETEX", "h", "FIELDS", "0", "a"], "invalid number of fields"),
            ] {
                let reply = try client.command(words.map { Array($0.utf8) })
                #expect(reply == .error("ERR \(text)"), "\(words)")
            }
            try client.command("HSET", "h", "a", "x", "n", "9223372036854775807", "m", "1e4932")
            for (words, text) in [
                (["HINCRBY", "h", "a", "1"], "hash value is not an integer"),
                (["HINCRBY", "h", "n", "1"], "increment or decrement would overflow"),
                (["HINCRBYFLOAT", "h", "a", "1"], "hash value is not a float"),
                (["HINCRBYFLOAT", "h", "m", "1.1e4932"], "increment would produce NaN or Infinity"),
            ] {
                #expect(try client.command(words.map { Array($0.utf8) }) == .error("ERR \(text)"), "\(words)")
            }
        }
    }

    @Test func encodingsChangeAtTheThresholds() async throws {
        try await withServer { server in
            let client = try server.connect()
            let pairs = (0..<512).flatMap { ["f\($0)", "\($0)"] }
            try client.command((["HSET", "h"] + pairs).map { Array($0.utf8) })
            #expect(try client.command("OBJECT", "ENCODING", "h") == .text("listpack"))
            try client.command("HSET", "h", "one more", "1")
            #expect(try client.command("OBJECT", "ENCODING", "h") == .text("hashtable"))
            #expect(try client.command("HGET", "h", "f511") == .text("511"))
            for (key, field, value) in [
                ("v", "f", String(repeating: "v", count: 65)), ("f", String(repeating: "f", count: 65), "v"),
            ] {
                try client.command("HSET", key, "short", String(repeating: "s", count: 64))
                #expect(try client.command("OBJECT", "ENCODING", key) == .text("listpack"))
                try client.command("HSET", key, field, value)
                #expect(try client.command("OBJECT", "ENCODING", key) == .text("hashtable"))
                #expect(try client.command("HGET", key, field) == .text(value))
            }
            try client.command("HSET", "d", "a", "1")
            #expect(try client.command("HEXPIRE", "d", "100", "FIELDS", "1", "x") == .array([.integer(-2)]))
            #expect(try client.command("OBJECT", "ENCODING", "d") == .text("listpackex"))
            try client.command("HSET", "d", "b", String(repeating: "v", count: 65))
            #expect(try client.command("OBJECT", "ENCODING", "d") == .text("hashtable"))
        }
    }

    @Test func repliesOfTheNewerProtocol() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("HELLO", "3")
            try client.command("HSET", "h", "a", "1")
            try client.send(
                "HGETALL h\r\nHRANDFIELD h -1 WITHVALUES\r\nHSCAN h 0\r\nHGETALL x\r\nHKEYS x\r\n")
            let bytes =
                "%1\r\n$1\r\na\r\n$1\r\n1\r\n*1\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n"
                + "*2\r\n$1\r\n0\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n%0\r\n*0\r\n"
            client.shutdownSending()
            #expect(String(decoding: try client.receiveUntilClosed(), as: UTF8.self) == bytes)
        }
    }

    @Test func bigValuesGoThrough() async throws {
        try await withServer { server in
            let client = try server.connect()
            for size in [63, 64, 65, 255, 256, 32768, 1_000_000] {
                let value = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                try client.command([Array("HSET".utf8), Array("big".utf8), Array("f\(size)".utf8), value])
                #expect(try client.command("HGET", "big", "f\(size)") == .bulk(value))
                #expect(try client.command("HSTRLEN", "big", "f\(size)") == .integer(Int64(size)))
            }
        }
    }

    @Test func randomFieldsAreDifferentOnes() async throws {
        try await withServer { server in
            let client = try server.connect()
            for count in [10, 600] {
                let pairs = (0..<count).flatMap { ["f\($0)", "\($0)"] }
                try client.command((["HSET", "h\(count)"] + pairs).map { Array($0.utf8) })
                for wanted in [2, count / 2, count, count + 5] {
                    guard
                        case .array(let fields) = try client.command(
                            "HRANDFIELD", "h\(count)", "\(wanted)")
                    else { throw Missing() }
                    #expect(fields.count == min(wanted, count))
                    #expect(Set(fields.map { "\($0)" }).count == fields.count)
                }
                guard
                    case .array(let picks) = try client.command(
                        "HRANDFIELD", "h\(count)", "-50", "WITHVALUES")
                else { throw Missing() }
                #expect(picks.count == 100)
            }
        }
    }

    private struct Missing: Error {}

    /// Fields end by themselves, exactly when they are due, with nobody looking.
    @Test func fieldsEndByThemselves() async throws {
        try await withServer { server in
            let (client, listener) = (try server.connect(), try server.connect())
            try client.command("CONFIG", "SET", "notify-keyspace-events", "Khg")
            try listener.command("PSUBSCRIBE", "*")
            for value in ["1", String(repeating: "v", count: 100)] {
                try client.command("HSET", "h", "a", "1", "b", value)
                try client.command("HPEXPIRE", "h", "30", "FIELDS", "2", "a", "b")
                #expect(
                    String(decoding: try info(client, "keyspace"), as: UTF8.self).contains("subexpiry=1"))
                for event in ["hset", "hexpire", "hexpired", "del"] {
                    #expect(
                        try listener.receive()
                            == .array(["pmessage", "*", "__keyspace@0__:h", event].map { .text($0) }))
                }
                #expect(try client.command("EXISTS", "h") == .integer(0))
            }
            #expect(String(decoding: try info(client, "stats"), as: UTF8.self).contains("expired_subkeys:4"))
        }
    }

    private func info(_ client: TestClient, _ section: String) throws -> [UInt8] {
        guard case .bulk(let text) = try client.command("INFO", section) else { throw Missing() }
        return text
    }
}
