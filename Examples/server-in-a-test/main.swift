import Glibc
import MiniRedis
import MiniRedisClient

/// What a check has found wrong.
struct Failure: Error, CustomStringConvertible {
    let description: String
}

/// Fails unless the condition holds.
func check(_ condition: Bool, _ what: String) throws {
    guard condition else { throw Failure(description: what) }
}

/// Runs a check with a server, a clock and a client of its own, on no port, and stops the server.
func withFreshServer(
    _ check: @Sendable (LoginLimit, RedisManualClock) async throws -> Void
) async throws {
    let clock = RedisManualClock()
    try await withRedisServer(clock: clock) { server in
        try await withRedisClient(.inProcess(name: server.name)) { client in
            try await check(LoginLimit(client: client), clock)
        }
    }
}

/// The tests, as a test library would find them.
let checks: [(name: String, run: @Sendable () async throws -> Void)] = [
    (
        "three attempts are admitted, a fourth is not",
        {
            try await withFreshServer { limit, _ in
                for _ in 1...3 { try check(try await limit.admits("ada"), "an attempt was refused") }
                try check(try await !limit.admits("ada"), "a fourth attempt was admitted")
            }
        }
    ),
    (
        "users don't count against each other",
        {
            try await withFreshServer { limit, _ in
                for _ in 1...4 { _ = try await limit.admits("ada") }
                try check(try await limit.admits("grace"), "another user was refused")
            }
        }
    ),
    (
        "a minute later it begins anew, and nobody waits for it",
        {
            try await withFreshServer { limit, clock in
                for _ in 1...4 { _ = try await limit.admits("ada") }
                await clock.advance(by: .seconds(60))
                try check(try await !limit.admits("ada"), "the minute was too short")
                await clock.advance(by: .milliseconds(1))
                try check(try await limit.admits("ada"), "the minute was too long")
            }
        }
    ),
]

/// Runs all checks at once, each with its server; returns how many have failed.
func runChecks() async -> Int {
    await withTaskGroup(of: Bool.self) { group in
        for (name, run) in checks {
            group.addTask {
                do {
                    try await run()
                    print("passed: \(name)")
                    return true
                } catch {
                    print("FAILED: \(name): \(error)")
                    return false
                }
            }
        }
        return await group.reduce(0) { $0 + ($1 ? 0 : 1) }
    }
}

let start = ContinuousClock.now
let failures = await runChecks()
let taken = (ContinuousClock.now - start).components.attoseconds / 1_000_000_000_000_000
print("\(checks.count) checks with \(checks.count) servers in \(taken) ms, \(failures) failed")
exit(failures == 0 ? 0 : 1)
