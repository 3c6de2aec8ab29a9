import Engine
@testable import MiniRedis
import Reactor
import TestSupport
import Testing

/// MULTI, EXEC and DISCARD through the wire.
@Suite struct TransactionTests {
    private static let queued = Reply.simple("QUEUED")
    private static let discarded = Reply.error(
        "EXECABORT Transaction discarded because of previous errors.")

    @Test func whatIsQueuedRunsTogether() async throws {
        try await withServer { server in
            let client = try server.connect()
            let other = try server.connect()
            #expect(try client.command("MULTI") == .ok)
            #expect(try client.command("SET", "k", "v") == Self.queued)
            #expect(try client.command("incr", "k") == Self.queued)
            #expect(try client.command("GET", "k") == Self.queued)
            #expect(try other.command("GET", "k") == .null)
            #expect(
                try client.command("EXEC")
                    == .array([
                        .ok, .error("ERR value is not an integer or out of range"), .text("v"),
                    ]))
            #expect(try client.command("EXEC") == .error("ERR EXEC without MULTI"))
            #expect(try client.command("DISCARD") == .error("ERR DISCARD without MULTI"))
            try client.command("MULTI")
            #expect(try client.command("EXEC") == .array([]))
        }
    }

    @Test func discardForgetsAll() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("MULTI")
            try client.command("SET", "k", "v")
            #expect(try client.command("DISCARD") == .ok)
            #expect(try client.command("GET", "k") == .null)
            try client.command("MULTI")
            try client.command("SET", "k", "v")
            #expect(try client.command("RESET") == .simple("RESET"))
            #expect(try client.command("EXEC") == .error("ERR EXEC without MULTI"))
            try client.command("MULTI")
            #expect(try client.command("QUIT") == .ok)
        }
    }

    @Test(
        arguments: [
            (["NOSUCH"], "ERR unknown command 'NOSUCH', with args beginning with: "),
            (["SET", "k"], "ERR wrong number of arguments for 'set' command"),
            (["OBJECT", "NOSUCH"], "ERR unknown subcommand 'NOSUCH'. Try OBJECT HELP."),
            (["SHUTDOWN"], "ERR Command not allowed inside a transaction"),
        ] as [([String], String)])
    func aRefusedRequestSpoilsIt(_ words: [String], _ error: String) async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("MULTI")
            #expect(try client.command(words.map { Array($0.utf8) }) == .error(error))
            #expect(try client.command("SET", "k", "v") == Self.queued)
            #expect(try client.command("EXEC") == Self.discarded)
            #expect(try client.command("GET", "k") == .null)
        }
    }

    @Test func whatIsOnlyOutOfPlaceSpoilsNothing() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("MULTI")
            #expect(try client.command("MULTI") == .error("ERR MULTI calls can not be nested"))
            #expect(try client.command("WATCH", "k") == .error("ERR WATCH inside MULTI is not allowed"))
            #expect(try client.command("PING") == Self.queued)
            #expect(try client.command("EXEC") == .array([.simple("PONG")]))
        }
    }

    @Test(.enabled(if: ProcessMemory.heap().used > 0, "a sanitizer's allocator tells nothing"))
    func aRefusedExecTellsWhyAndEndsIt() async throws {
        try await withServer { server in
            let client = try server.connect()
            let prefix = "EXECABORT Transaction discarded because of: "
            try client.command("MULTI")
            #expect(
                try client.command("EXEC", "x")
                    == .error(prefix + "wrong number of arguments for 'exec' command"))
            #expect(try client.command("EXEC") == .error("ERR EXEC without MULTI"))
            try client.command("MULTI")
            try client.command("SET", "k", "v")
            let steering = try server.connect()
            try steering.command("CONFIG", "SET", "maxmemory", "1")
            #expect(
                try client.command("EXEC")
                    == .error(prefix + "OOM command not allowed when used memory > 'maxmemory'."))
            try client.command("MULTI")
            try client.command("GET", "k")
            #expect(try client.command("EXEC") == .array([.null]))
            try steering.command("CONFIG", "SET", "maxmemory", "0", "requirepass", "p")
            let stranger = try server.connect()
            #expect(try stranger.command("EXEC") == .error(prefix + "NOAUTH Authentication required."))
        }
    }

    @Test func theSessionChangesAsCommandsRun() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("MULTI")
            try client.command("SELECT", "3")
            try client.command("SET", "k", "v")
            try client.command("HELLO", "3")
            try client.command("GET", "none")
            try client.send(pipeline(["EXEC"], ["GET", "k"], ["GET", "none"]))
            guard case .array(let replies) = try client.receive(), replies.count == 4 else {
                Issue.record("no four replies")
                return
            }
            #expect(replies[0] == .ok && replies[1] == .ok && replies[3] == .null)
            #expect(try client.receive() == .text("v"))
            #expect(try client.receive() == .null)
            #expect(try server.connect().command("GET", "k") == .null)
        }
    }

    @Test func messagesToTheClientItselfFollowTheReplies() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("HELLO", "3")
            #expect(
                try client.command("SUBSCRIBE", "c")
                    == .push([.text("subscribe"), .text("c"), .integer(1)]))
            try client.send(pipeline(["MULTI"], ["PUBLISH", "c", "m"], ["PING"], ["EXEC"], ["GET", "k"]))
            for expected in [.ok, Self.queued, Self.queued, .array([.integer(1), .simple("PONG")])] {
                #expect(try client.receive() == expected)
            }
            #expect(try client.receive() == .push([.text("message"), .text("c"), .text("m")]))
            #expect(try client.receive() == .null)
        }
    }

    @Test func eventsAndMessagesComeInOrder() async throws {
        try await withServer {
            $0.notifyKeyspaceEvents = [.keyevent, .all]
        } _: { server in
            let listener = try server.connect()
            try listener.command("PSUBSCRIBE", "*")
            let client = try server.connect()
            try client.send(
                pipeline(
                    ["MULTI"], ["PUBLISH", "c", "1"], ["SET", "k", "v"], ["PUBLISH", "c", "2"], ["DEL", "k"],
                    ["EXEC"]))
            for expected in [
                ("c", "1"), ("__keyevent@0__:set", "k"), ("c", "2"), ("__keyevent@0__:del", "k"),
            ] {
                #expect(
                    try listener.receive()
                        == .array([
                            .text("pmessage"), .text("*"), .text(expected.0), .text(expected.1),
                        ]))
            }
        }
    }

    /// As in Redis the array then lacks an element, and the reply to the command after the next follows.
    @Test func clientReplyHoldsWithin() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("MULTI")
            try client.command("GET", "k")
            try client.command("CLIENT", "REPLY", "SKIP")
            try client.send(pipeline(["EXEC"], ["PING"], ["ECHO", "next"]))
            #expect(try client.receive() == .array([.null, .text("next")]))
        }
    }

    @Test func bigAndManyCommandsKeepTheirWords() async throws {
        try await withServer { server in
            let client = try server.connect()
            let big = String(repeating: "x", count: 100_000)
            var commands = [["MULTI"], ["SET", "big", big], ["STRLEN", "big"]]
            for number in 0..<5000 { commands.append(["APPEND", "k", "\(number % 10)"]) }
            try client.send(
                commands.flatMap { words in TestClient.encode(words.map { Array($0.utf8) }) })
            for _ in commands { _ = try client.receive() }
            guard case .array(let replies) = try client.command("EXEC") else {
                Issue.record("no array")
                return
            }
            #expect(replies.count == 5002 && replies[1] == .integer(100_000))
            #expect(replies.last == .integer(5000))
            #expect(try client.command("GET", "big") == .text(big))
        }
    }

    @Test func whatIsQueuedCountsAsInput() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("CONFIG", "SET", "client-query-buffer-limit", "1mb")
            let steering = try server.connect()
            try client.command("MULTI")
            let value = String(repeating: "x", count: 30_000)
            var refused = false
            for _ in 0..<60 where !refused {
                do {
                    let reply = try client.command("SET", "k", value)
                    #expect(reply == Self.queued)
                } catch {
                    refused = true
                }
            }
            #expect(refused)
            let info = try steering.command("INFO", "stats").string ?? ""
            #expect(info.contains("client_query_buffer_limit_disconnections:1"))
        }
    }

    @Test func theListTellsOfIt() async throws {
        try await withServer { server in
            let client = try server.connect()
            let id = try client.id()
            let other = try server.connect()
            func line() throws -> [String: String] {
                try other.clientLines("CLIENT", "LIST", "ID", id).first ?? [:]
            }
            var fields = try line()
            #expect(fields["multi"] == "-1" && fields["watch"] == "0" && fields["multi-mem"] == "0")
            try client.command("WATCH", "a", "b", "a")
            try client.command("MULTI")
            try client.command("SET", "key", "value")
            fields = try line()
            #expect(fields["multi"] == "1" && fields["watch"] == "2" && fields["flags"] == "x")
            #expect(fields["multi-mem"] == "\(3 + 3 + 5 + 3 * 8)")
            try other.command("SET", "b", "1")
            #expect(try line()["flags"] == "xd")
            try client.command("EXEC")
            fields = try line()
            #expect(fields["multi"] == "-1" && fields["watch"] == "0" && fields["flags"] == "N")
        }
    }

    @Test func eachCommandCounts() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("CONFIG", "RESETSTAT")
            try client.command("MULTI")
            for words in [["SET", "k", "x"], ["INCR", "k"], ["GET", "k"]] {
                try client.command(words.map { Array($0.utf8) })
            }
            try client.command("EXEC")
            try client.command("EXEC")
            let info = try client.command("INFO", "commandstats", "errorstats").string ?? ""
            func counts(_ name: String) -> String {
                let line = info.split(whereSeparator: \.isNewline).first { $0.hasPrefix("cmdstat_\(name):") }
                return line?.split(separator: ",").filter { !$0.hasPrefix("usec") }.joined(separator: ",")
                    ?? ""
            }
            #expect(counts("set") == "cmdstat_set:calls=1,rejected_calls=0,failed_calls=0")
            #expect(counts("incr") == "cmdstat_incr:calls=1,rejected_calls=0,failed_calls=1")
            #expect(counts("exec") == "cmdstat_exec:calls=2,rejected_calls=0,failed_calls=1")
            #expect(info.contains("errorstat_ERR:count=2"))
        }
    }

    @Test func aPauseHoldsBackThoseThatWrite() async throws {
        try await withServer { server in
            let writer = try server.connect()
            let reader = try server.connect()
            try writer.send(pipeline(["MULTI"], ["SET", "k", "v"]))
            try reader.send(pipeline(["MULTI"], ["GET", "k"]))
            for client in [writer, reader] {
                #expect(try client.receive() == .ok)
                #expect(try client.receive() == Self.queued)
            }
            let steering = try server.connect()
            try steering.command("CLIENT", "PAUSE", "60000", "WRITE")
            #expect(try reader.command("EXEC") == .array([.null]))
            try writer.send(pipeline(["EXEC"]))
            #expect(writer.isSilent(for: 20))
            #expect(try steering.command("GET", "k") == .null)
            try steering.command("CLIENT", "UNPAUSE")
            #expect(try writer.receive() == .array([.ok]))
        }
    }
}
