import TestSupport
import Testing

/// What a server without replicas and files answers.
@Suite struct ReplicationCommandTests {
    @Test func nobodyFollows() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try client.command("ROLE") == .array([.text("master"), .integer(0), .array([])]))
            #expect(try client.command("WAIT", "0", "0") == .integer(0))
            #expect(try client.command("WAIT", "1", "5") == .integer(0))
            #expect(try client.command("WAIT", "1", "-1") == .error("ERR timeout is negative"))
            #expect(try client.command("WAITAOF", "0", "1", "5") == .array([.integer(0), .integer(0)]))
            #expect(
                try client.command("WAITAOF", "1", "0", "0")
                    == .error("ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled."))
            try client.command("MULTI")
            try client.command("WAIT", "1", "0")
            #expect(try client.command("EXEC") == .array([.integer(0)]))
            let (saved, info) = (try client.command("LASTSAVE"), try client.command("INFO").string ?? "")
            guard case .integer(let time) = saved else {
                Issue.record("no time")
                return
            }
            #expect(info.contains("rdb_last_save_time:\(time)\r\n"))
        }
    }

    @Test func aWaitCanBeEnded() async throws {
        try await withServer { server in
            let client = try server.connect()
            let id = try client.id()
            try client.send(pipeline(["WAIT", "1", "0"]))
            let other = try server.connect()
            #expect(try other.waitUntil { try $0.command("CLIENT", "UNBLOCK", id) == .integer(1) })
            #expect(try client.receive() == .integer(0))
        }
    }
}
