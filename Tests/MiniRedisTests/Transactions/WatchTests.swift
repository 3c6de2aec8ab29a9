@testable import MiniRedis
import TestSupport
import Testing

/// WATCH: what makes a transaction come to nothing.
@Suite struct WatchTests {
    /// What others do to `x` while it is watched, which is there before, and whether that is a change.
    private static let deeds: [(commands: [[String]], isChange: Bool)] = [
        ([["SET", "x", "2"]], true), ([["SET", "x", "1"]], true), ([["APPEND", "x", "1"]], true),
        ([["DEL", "x"]], true), ([["UNLINK", "x"]], true), ([["RENAME", "x", "y"]], true),
        ([["RENAME", "y", "x"]], true), ([["COPY", "y", "x", "REPLACE"]], true),
        ([["COPY", "x", "z"]], false), ([["MOVE", "x", "1"]], true), ([["EXPIRE", "x", "100"]], true),
        ([["PERSIST", "x"]], false), ([["GET", "x"]], false), ([["TOUCH", "x"]], false),
        ([["SET", "z", "1"]], false), ([["SELECT", "1"], ["SET", "x", "2"]], false),
        ([["FLUSHALL"]], true), ([["FLUSHDB"]], true), ([["SELECT", "1"], ["FLUSHDB"]], false),
        ([["SWAPDB", "0", "1"]], true), ([["SWAPDB", "1", "0"]], true), ([["SWAPDB", "0", "0"]], false),
        ([["SWAPDB", "2", "3"]], false), ([["GETDEL", "x"]], true), ([["GETEX", "x", "PX", "1000"]], true),
        ([["GETEX", "x"]], false), ([["MSETNX", "x", "1", "w", "1"]], false),
        ([["MULTI"], ["SET", "x", "1"], ["EXEC"]], true),
        ([["MULTI"], ["SET", "x", "1"], ["DISCARD"]], false),
        ([["SADD", "x", "m"]], false), ([["MSET", "w", "1", "x", "1"]], true),
    ]

    @Test func changesOfOthersDecide() async throws {
        try await withServer { server in
            let client = try server.connect()
            for (commands, isChange) in Self.deeds {
                try client.command("FLUSHALL")
                try client.command("MSET", "x", "1", "y", "2")
                try client.command("WATCH", "x")
                let other = try server.connect()
                for words in commands { try other.command(words.map { Array($0.utf8) }) }
                try client.command("MULTI")
                try client.command("PING")
                let expected = isChange ? Reply.null : .array([.simple("PONG")])
                #expect(try client.command("EXEC") == expected, "after \(commands)")
                // It holds for one transaction only.
                try other.command("SET", "x", "3")
                try client.command("MULTI")
                try client.command("PING")
                #expect(try client.command("EXEC") == .array([.simple("PONG")]))
            }
        }
    }

    @Test func keysThatAreNotThereCanCome() async throws {
        try await withServer { server in
            let client = try server.connect()
            let other = try server.connect()
            func outcome(_ commands: [String]...) throws -> Bool {
                try client.command("WATCH", "x")
                for words in commands { try other.command(words.map { Array($0.utf8) }) }
                try client.command("MULTI")
                try client.command("PING")
                return try client.command("EXEC") != .null
            }
            #expect(try outcome(["FLUSHALL"]))
            #expect(try outcome(["DEL", "x"]))
            #expect(try outcome(["SWAPDB", "0", "1"]))
            #expect(try !outcome(["SET", "x", "1"], ["DEL", "x"]))
            try other.command("SELECT", "1")
            try other.command("SET", "x", "1")
            #expect(try !outcome(["SWAPDB", "0", "1"]))
            // And others may have gone the moment they came.
            #expect(try !outcome(["SWAPDB", "0", "1"]))
            #expect(try !outcome(["MULTI"], ["SWAPDB", "0", "1"], ["SELECT", "0"], ["FLUSHDB"], ["EXEC"]))
        }
    }

    @Test func unwatchForgetsTheChange() async throws {
        try await withServer { server in
            let client = try server.connect()
            let other = try server.connect()
            for forget in [["UNWATCH"], ["MULTI", "DISCARD"], ["MULTI", "EXEC"], ["RESET"]] {
                try client.command("WATCH", "x")
                try other.command("INCR", "x")
                for word in forget { try client.command(word) }
                try client.command("MULTI")
                try client.command("PING")
                #expect(try client.command("EXEC") == .array([.simple("PONG")]))
            }
        }
    }

    @Test func dueKeysAreChangesOnce() async throws {
        try await withServer({ $0.enableDebugCommand = .yes }) { server in
            let client = try server.connect()
            let other = try server.connect()
            try other.command("DEBUG", "SET-ACTIVE-EXPIRE", "0")
            func outcome(_ commands: [String]...) throws -> Bool {
                try client.command("WATCH", "x")
                for words in commands { try other.command(words.map { Array($0.utf8) }) }
                try client.command("MULTI")
                try client.command("PING")
                return try client.command("EXEC") != .null
            }
            func set(milliseconds: String) throws {
                try other.command("SET", "x", "1", "PX", milliseconds)
            }
            // Due before: it stays as gone as it is, deleted or not.
            try set(milliseconds: "1")
            try other.command("DEBUG", "SLEEP", "0.005")
            #expect(try outcome())
            #expect(try outcome(["GET", "x"]))
            try set(milliseconds: "1")
            try other.command("DEBUG", "SLEEP", "0.005")
            #expect(try outcome(["FLUSHALL"]))
            try set(milliseconds: "1")
            try other.command("DEBUG", "SLEEP", "0.005")
            #expect(try !outcome(["SET", "x", "2"]))
            // Due meanwhile: that is a change, deleted or not.
            try set(milliseconds: "500")
            #expect(try !outcome(["DEBUG", "SLEEP", "0.6"]))
            try set(milliseconds: "500")
            #expect(try !outcome(["DEBUG", "SLEEP", "0.6"], ["GET", "x"]))
            try other.command("DEBUG", "SET-ACTIVE-EXPIRE", "1")
            try set(milliseconds: "500")
            #expect(try !outcome(["DEBUG", "SLEEP", "0.6"]))
        }
    }

    @Test func watchersComeAndGo() async throws {
        try await withServer { server in
            let steering = try server.connect()
            for _ in 0..<20 {
                let gone = try server.connect()
                try gone.command("WATCH", "x", "y")
                if Bool.random() { try gone.command("MULTI") }
            }
            let client = try server.connect()
            try client.command("WATCH", "x")
            for number in 0..<50 { try steering.command("SET", "x", "\(number)") }
            try client.command("MULTI")
            #expect(try client.command("EXEC") == .null)
        }
    }

    /// Optimistic locking by many at once loses no increment.
    @Test(arguments: [1, 3]) func racesLoseNothing(_ loops: Int) async throws {
        try await withServer {
            $0.ioThreads = loops
        } _: { server in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let client = try server.connect()
                        var done = 0
                        var tries = 0
                        while done < 40 {
                            tries += 1
                            try client.command("WATCH", "n")
                            let value = Int(try client.command("GET", "n").string ?? "0") ?? 0
                            try client.send(pipeline(["MULTI"], ["SET", "n", "\(value + 1)"], ["EXEC"]))
                            _ = (try client.receive(), try client.receive())
                            if try client.receive() == .array([.ok]) { done += 1 }
                        }
                        return tries
                    }
                }
                for try await _ in group {}
            }
            #expect(try server.connect().command("GET", "n") == .text("320"))
        }
    }

    /// What belongs to a consumer group is no change of the stream, whether somebody waits for it or not.
    @Test(arguments: [false, true]) func endOfAGroupIsNoChange(somebodyWaits: Bool) async throws {
        try await withServer { server in
            let client = try server.connect()
            let other = try server.connect()
            let waiting = try server.connect()
            try other.command("XGROUP", "CREATE", "s", "g", "$", "MKSTREAM")
            if somebodyWaits {
                try waiting.send(
                    pipeline(["XREADGROUP", "GROUP", "g", "c", "BLOCK", "0", "STREAMS", "s", ">"]))
                #expect(
                    try other.waitUntil {
                        try $0.command("INFO", "clients").string?.contains("blocked_clients:1") == true
                    })
            }
            try client.command("WATCH", "s")
            #expect(try other.command("XGROUP", "DESTROY", "s", "g") == .integer(1))
            if somebodyWaits, case .array = try waiting.receive() { Issue.record("served without a group") }
            try client.command("MULTI")
            try client.command("SET", "k", "v")
            #expect(try client.command("EXEC") == .array([.ok]))
        }
    }
}
