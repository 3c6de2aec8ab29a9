import MiniRedis
import TestSupport
import Testing

/// CLIENT and its subcommands, but for KILL and PAUSE.
@Suite struct ClientCommandTests {
    @Test func namesAndLibrariesAreKept() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try client.command("CLIENT", "GETNAME") == .null)
            #expect(try client.command("CLIENT", "SETNAME", "worker-1") == .ok)
            #expect(try client.command("CLIENT", "GETNAME") == .text("worker-1"))
            let refusal = Reply.error(
                "ERR Client names cannot contain spaces, newlines or special characters.")
            for bad in ["a b", "a\nb", "\u{7f}", "é"] {
                #expect(try client.command("CLIENT", "SETNAME", bad) == refusal)
            }
            #expect(try client.command("CLIENT", "SETNAME", "") == .ok)
            #expect(try client.command("CLIENT", "GETNAME") == .null)
            #expect(try client.command("CLIENT", "SETINFO", "lib-name", "py") == .ok)
            #expect(try client.command("CLIENT", "SETINFO", "LIB-VER", "1.2") == .ok)
            #expect(
                try client.command("CLIENT", "SETINFO", "x\0z", "y") == .error("ERR Unrecognized option 'x'"))
            #expect(
                try client.command("CLIENT", "SETINFO", "lib-ver", "1 2")
                    == .error("ERR lib-ver cannot contain spaces, newlines or special characters."))
            let line = try client.clientLines("CLIENT", "INFO").first
            #expect(line?["lib-name"] == "py" && line?["lib-ver"] == "1.2")
        }
    }

    @Test func aLineHasRedissFieldsInItsOrder() async throws {
        try await withServer { server in
            let client = try server.connect()
            let text = try client.command("CLIENT", "LIST").string ?? ""
            let names = text.dropLast().split(separator: " ").map { String($0.prefix { $0 != "=" }) }
            #expect(
                names == [
                    "id", "addr", "laddr", "fd", "name", "age", "idle", "flags", "db", "sub", "psub", "ssub",
                    "multi",
                    "watch", "qbuf", "qbuf-free", "argv-mem", "multi-mem", "rbs", "rbp", "obl", "oll", "omem",
                    "tot-mem", "events", "cmd", "user", "redir", "resp", "lib-name", "lib-ver", "io-thread",
                    "tot-net-in", "tot-net-out", "tot-cmds",
                ])
            #expect(text.hasSuffix("\n"))
            let line = try client.clientLines("CLIENT", "INFO").first
            #expect(line?["cmd"] == "client|info" && line?["qbuf"] == "26" && line?["argv-mem"] == "10")
            #expect(line?["laddr"] == "127.0.0.1:\(server.port)" && line?["events"] == "r")
            // One request before this one: its bytes, and those of its reply.
            #expect(line?["tot-cmds"] == "1" && line?["tot-net-in"] == "52")
            #expect(
                line?["tot-net-out"] == String(text.utf8.count + "$\(text.utf8.count)\r\n\r\n".utf8.count))
        }
    }

    @Test func figuresOfOthersAreTrue() async throws {
        try await withServer { server in
            let asking = try server.connect()
            let other = try server.connect()
            let id = try other.id()
            try other.send("*2\r\n$4\r\nECHO\r\n$8\r\nabc")
            // The request that is not complete is seen, the one before no longer is.
            #expect(
                try asking.waitUntil { client in
                    let line = try client.clientLines("CLIENT", "LIST", "ID", id).first
                    return line?["qbuf"] == "21" && line?["argv-mem"] == "4" && line?["tot-cmds"] == "1"
                        && line?["tot-net-in"] == "45" && line?["cmd"] == "client|id"
                })
            try other.send("defgh\r\n")
            #expect(try other.receive() == .text("abcdefgh"))
            #expect(
                try asking.waitUntil { try $0.clientLines("CLIENT", "LIST", "ID", id).first?["qbuf"] == "0" })
        }
    }

    @Test func unreadOutputIsSeen() async throws {
        try await withServer { server in
            let asking = try server.connect()
            let other = try server.connect()
            let id = try other.id()
            try asking.command("SET", "big", String(repeating: "x", count: 4 << 20))
            try other.send(pipeline(["GET", "big"], ["GET", "big"], ["GET", "big"], ["GET", "big"]))
            #expect(
                try asking.waitUntil { client in
                    let line = try client.clientLines("CLIENT", "LIST", "ID", id).first
                    return line?["events"] == "rw" && Int(line?["omem"] ?? "") ?? 0 > 1 << 20
                        && line?["obl"] == "16384" && line?["oll"] == "1"
                })
            for _ in 0..<4 { #expect(try other.receive().string?.utf8.count == 4 << 20) }
            #expect(
                try asking.waitUntil { try $0.clientLines("CLIENT", "LIST", "ID", id).first?["omem"] == "0" })
        }
    }

    @Test func listTakesFilters() async throws {
        try await withServer { server in
            let asking = try server.connect()
            let named = try server.connect()
            let follower = try server.connect()
            try named.command("CLIENT", "SETNAME", "named")
            try named.command("CLIENT", "SETINFO", "LIB-NAME", "lib")
            try named.command("CLIENT", "CAPA", "other", "redirect")
            try named.command("SELECT", "5")
            try named.command("CLIENT", "NO-TOUCH", "ON")
            let ids = (try asking.id(), try named.id(), try follower.id())
            try follower.command("SUBSCRIBE", "c")
            func list(_ words: String...) throws -> [String?] {
                let reply =
                    try asking.command((["CLIENT", "LIST"] + words).map { Array($0.utf8) }).string ?? ""
                return reply.split(separator: "\n").map {
                    $0.split(separator: " ").first.map { String($0.dropFirst(3)) }
                }
            }
            #expect(try list() == [ids.0, ids.1, ids.2])
            #expect(try list("SKIPME", "yes") == [ids.1, ids.2])
            #expect(try list("TYPE", "pubsub") == [ids.2])
            #expect(try list("NOT-TYPE", "pubsub") == [ids.0, ids.1])
            #expect(try list("TYPE", "replica") == [])
            #expect(try list("ID", ids.0, "9999", ids.2) == [ids.0, ids.2])
            #expect(try list("NOT-ID", ids.0, ids.2) == [ids.1])
            #expect(try list("ID", ids.0, ids.1, "TYPE", "normal", "NAME", "named") == [ids.1])
            #expect(try list("NAME", "named") == [ids.1])
            #expect(try list("NOT-NAME", "named", "not-flags", "P") == [ids.0])
            #expect(try list("LIB-NAME", "lib") == [ids.1])
            #expect(try list("NOT-LIB-NAME", "lib") == [ids.0, ids.2])
            #expect(try list("DB", "5") == [ids.1])
            #expect(try list("NOT-DB", "5") == [ids.0, ids.2])
            #expect(try list("FLAGS", "T") == [ids.1])
            #expect(try list("FLAGS", "N") == [ids.0])
            #expect(try list("CAPA", "r") == [ids.1])
            #expect(try list("IP", "127.0.0.1") == [ids.0, ids.1, ids.2])
            #expect(try list("NOT-IP", "127.0.0.1") == [])
            #expect(try list("IP", "127.0.0") == [])
            #expect(
                try list("USER", "default", "LADDR", "127.0.0.1:\(server.port)") == [ids.0, ids.1, ids.2])
            #expect(try list("MAXAGE", "1000") == [])
            #expect(try list("IDLE", "1000") == [])
        }
    }

    @Test(arguments: [
        (["LIST", "x"], "ERR syntax error"), (["LIST", "ID"], "ERR syntax error"),
        (["LIST", "ID", "x"], "ERR Invalid client ID"), (["LIST", "ID", "1", "x"], "ERR Invalid client ID"),
        (["LIST", "TYPE", "x"], "ERR Unknown client type 'x'"),
        (["KILL"], "ERR wrong number of arguments for 'client|kill' command"),
        (["KILL", "0.0.0.0:1"], "ERR No such client"), (["KILL", "id", "10", "wrong"], "ERR syntax error"),
        (["KILL", "id", "str"], "ERR client-id should be greater than 0"),
        (["KILL", "id", "0"], "ERR client-id should be greater than 0"),
        (["KILL", "type", "x"], "ERR Unknown client type 'x'"),
        (["KILL", "user", "x"], "ERR No such user 'x'"),
        (["KILL", "skipme", "x"], "ERR syntax error"),
        (["KILL", "maxage", "x"], "ERR maxage is not an integer or out of range"),
        (["KILL", "maxage", "-1"], "ERR maxage should be greater than 0"),
        (["KILL", "idle", "0"], "ERR idle should be greater than 0"),
        (["KILL", "not-idle", "1"], "ERR syntax error"),
        (["KILL", "flags", "?"], "ERR Unknown flags found in the provided filter: ?"),
        (["KILL", "db", "16"], "ERR DB number should be between 0 and 15"),
        (["KILL", "db", "x"], "ERR DB is not an integer or out of range"),
        (["KILL", "capa", "x"], "ERR Unknown capa found in the provided filter: x"),
        (["REPLY", "x"], "ERR syntax error"), (["NO-EVICT", "x"], "ERR syntax error"),
        (["NO-TOUCH", "x"], "ERR syntax error"),
        (["PAUSE", "x"], "ERR timeout is not an integer or out of range"),
        (["PAUSE", "-1"], "ERR timeout is negative"),
        (["PAUSE", "9223372036854775807"], "ERR timeout is out of range"),
        (["PAUSE", "1", "x"], "ERR CLIENT PAUSE mode must be WRITE or ALL"),
        (
            ["PAUSE", "1", "ALL", "x"],
            "ERR unknown subcommand or wrong number of arguments for 'PAUSE'. Try CLIENT HELP."
        ),
        (["UNBLOCK", "x"], "ERR value is not an integer or out of range"),
        (["UNBLOCK", "1", "x"], "ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR"),
        (["NOPE"], "ERR unknown subcommand 'NOPE'. Try CLIENT HELP."),
    ])
    func refuses(_ words: [String], _ text: String) async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try client.command((["CLIENT"] + words).map { Array($0.utf8) }) == .error(text))
        }
    }

    @Test func trackingIsOff() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try client.command("CLIENT", "GETREDIR") == .integer(-1))
            #expect(try client.command("CLIENT", "UNBLOCK", "77") == .integer(0))
            try client.command("HELLO", "3")
            #expect(
                try client.command("CLIENT", "TRACKINGINFO")
                    == .map([
                        .text("flags"), .set([.text("off")]), .text("redirect"), .integer(-1),
                        .text("prefixes"),
                        .array([]),
                    ]))
        }
    }

    @Test func replyModes() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(
                pipeline(
                    ["CLIENT", "REPLY", "SKIP"], ["ECHO", "skipped"], ["ECHO", "1"],
                    ["CLIENT", "REPLY", "SKIP"], ["NOSUCH"], ["ECHO", "2"],
                    ["CLIENT", "REPLY", "SKIP"], ["CLIENT", "REPLY", "SKIP"], ["ECHO", "skipped"],
                    ["ECHO", "3"],
                    ["CLIENT", "REPLY", "OFF"], ["ECHO", "off"], ["NOSUCH"], ["CLIENT", "REPLY", "SKIP"],
                    ["ECHO", "off"], ["CLIENT", "REPLY", "BAD"], ["SET", "k", "v"],
                    ["CLIENT", "REPLY", "ON"], ["GET", "k"]))
            let replies = try (0..<5).map { _ in try client.receive() }
            #expect(replies == [.text("1"), .text("2"), .text("3"), .ok, .text("v")])
        }
    }

    @Test func pushesReachAClientThatWantsNoReplies() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(pipeline(["CLIENT", "REPLY", "OFF"], ["SUBSCRIBE", "c"], ["PING"]))
            #expect(try client.receive() == .array([.text("subscribe"), .text("c"), .integer(1)]))
            #expect(try server.connect().command("PUBLISH", "c", "m") == .integer(1))
            #expect(try client.receive() == .array([.text("message"), .text("c"), .text("m")]))
        }
    }

    @Test func aProtocolErrorIsNotToldToAClientThatWantsNoReplies() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(pipeline(["CLIENT", "REPLY", "OFF"], ["PING"]))
            try client.send("*1\r\n!\r\n")
            #expect(try client.receiveUntilClosed().isEmpty)
        }
    }
}
