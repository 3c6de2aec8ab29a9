import Reactor
import TestSupport
import Testing

@testable import MiniRedis

@Suite("The process's score for the kernel's choice of whom to end")
struct OutOfMemoryScoreTests {
    private func withProgram(
        _ arguments: [String] = [], _ body: (ChildProcess, TestClient) throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let server = try ChildProcess(
                "mini-redis-server", ["--port", "0", "--dir", directory, "--unixsocket", "s"] + arguments)
            try server.wait(for: "Ready to accept connections unix")
            try body(server, try TestClient(unixPath: "\(directory)/s"))
        }
    }

    private func score(of server: ChildProcess) throws -> Int? {
        let text = String(decoding: try Files.read("/proc/\(server.id)/oom_score_adj"), as: UTF8.self)
        return Int(text.dropLast())
    }

    private func set(_ client: TestClient, _ words: String...) throws -> Reply {
        try client.command((["CONFIG", "SET"] + words).map { Array($0.utf8) })
    }

    private func shown(_ client: TestClient, _ name: String) throws -> String? {
        try client.command("CONFIG", "GET", name).elements.last?.string
    }

    @Test("follows the configuration, and is put back")
    func follows() async throws {
        try await withProgram { server, client in
            let base = try #require(try score(of: server))
            #expect(try shown(client, "oom-score-adj") == "no")
            #expect(try set(client, "oom-score-adj-values", "10 20 30") == .ok)
            #expect(try score(of: server) == base)
            for (word, name, expected) in [
                ("yes", "yes", base + 10), ("absolute", "absolute", 10), ("Relative", "yes", base + 10),
                ("no", "no", base),
            ] {
                #expect(try set(client, "oom-score-adj", word) == .ok)
                #expect(try shown(client, "oom-score-adj") == name)
                #expect(try score(of: server) == expected)
            }
            #expect(try set(client, "oom-score-adj-values", "1500 1500 1500", "oom-score-adj", "yes") == .ok)
            #expect(try score(of: server) == 1000)
            #expect(try set(client, "oom-score-adj", "no") == .ok)
            #expect(try score(of: server) == base)
        }
    }

    @Test("holds from the start")
    func start() async throws {
        try await withProgram(["--oom-score-adj", "absolute", "--oom-score-adj-values", "77 88 99"]) {
            (server, _) throws in
            #expect(try score(of: server) == 77)
        }
    }

    @Test("stays with its settings where a new one can't be had")
    func rollback() async throws {
        try await withProgram { server, client in
            let base = try score(of: server)
            for (values, error) in [
                ("1 2", "wrong number of arguments"),
                ("-2001 0 0", "Invalid oom-score-adj-values, elements must be between -2000 and 2000."),
                ("0 0 2001", "Invalid oom-score-adj-values, elements must be between -2000 and 2000."),
                ("a 0 0", "Invalid oom-score-adj-values, elements must be between -2000 and 2000."),
            ] {
                #expect(
                    try set(client, "oom-score-adj-values", values)
                        == .error(
                            "ERR CONFIG SET failed (possibly related to argument 'oom-score-adj-values') - \(error)"
                        ))
            }
            #expect(
                try set(client, "oom-score-adj", "maybe")
                    == .error(
                        "ERR CONFIG SET failed (possibly related to argument 'oom-score-adj') - "
                            + "argument(s) must be one of the following: no, yes, relative, absolute"))
            // Another setting that fails takes it along: nobody gets so many files.
            let together = try set(
                client, "oom-score-adj", "yes", "oom-score-adj-values", "100 100 100", "maxclients",
                "4000000000")
            #expect(together.string?.contains("related to argument 'maxclients')") == true)
            #expect(try shown(client, "oom-score-adj") == "no")
            #expect(try shown(client, "oom-score-adj-values") == "0 200 800")
            #expect(try score(of: server) == base)
            // Only the privileged may ask for less.
            #expect(try set(client, "oom-score-adj-values", "5 5 5", "oom-score-adj", "absolute") == .ok)
            let less = try set(client, "oom-score-adj-values", "-1000 -1000 -1000")
            guard less != .ok else { return #expect(try score(of: server) == -1000) }
            #expect(
                less
                    == .error(
                        "ERR CONFIG SET failed (possibly related to argument 'oom-score-adj-values') - "
                            + "Failed to set current oom_score_adj. Check server logs."))
            #expect(try shown(client, "oom-score-adj-values") == "5 5 5")
            #expect(try score(of: server) == 5)
            try server.wait(for: "Unable to write oom_score_adj: Permission denied")
        }
    }
}
