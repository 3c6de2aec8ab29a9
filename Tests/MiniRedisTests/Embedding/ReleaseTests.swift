import Glibc
import MiniRedis
import Testing
import TestSupport

/// Each runs in a process of its own, whose descriptors, threads and memory no other test touches; one
/// after the other, as each takes what it can get of the machine.
@Suite("What servers inside a program give back", .serialized, .timeLimit(.minutes(10)))
struct ReleaseTests {
    @Test("after stop no descriptor and no thread is left, however they were used")
    func descriptorsAndThreads() async throws {
        let end = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            await telling {
                try await withTemporaryDirectory { directory in
                    try await use(.freePort, [:])
                    let before = ProcessResources.now()
                    for _ in 0..<5 {
                        try await use(.asConfigured, [:])
                        try await use(.freePort, ["timeout": "100"])
                        try await use(.unixSocket(path: "\(directory)/s"), [:])
                        try await use(.freePort, ["io-threads": "3"])
                        try? await use(.unixSocket(path: "\(directory)/no/s"), [:])
                        try await abandon([:])
                        try await abandon(["io-threads": "3"])
                    }
                    try await expectLeft(before)
                }
            }
        }
        expectSilence(end)
    }

    @Test("after stop no memory is left")
    func memory() async throws {
        let end = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            await telling {
                // The C library counts as used what threads keep of what was freed, so at first the figure
                // grows in any case. Without a leak that ends: less than the smallest block a server.
                var figures: [Int] = []
                repeat {
                    for _ in 0..<25 { try await use(.asConfigured, [:]) }
                    figures.append(ProcessResources.heapBytes())
                    try check(figures.count < 40, "\(figures)")
                } while figures.count < 2 || figures[figures.count - 1] - figures[figures.count - 2] >= 400
            }
        }
        expectSilence(end)
    }

    @Test("a thousand run at once, each with a client, and leave nothing")
    func thousand() async throws {
        let end = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            await telling {
                try raiseDescriptorLimit(to: 4096)
                try await use(.asConfigured, [:])
                let before = ProcessResources.now()
                var servers: [RedisServer] = []
                var clients: [TestClient] = []
                for index in 0..<1000 {
                    let server = try await RedisServer.start()
                    let client = try TestClient(adopting: server.connect())
                    try check(try client.command("SET", "n", "\(index)") == .ok, "SET")
                    servers.append(server)
                    clients.append(client)
                }
                try check(Set(servers.map(\.name)).count == 1000, "names")
                for (index, client) in clients.enumerated() {
                    try check(try client.command("GET", "n") == .text("\(index)"), "GET")
                }
                let threads = ProcessResources.now().threads.count { $0 == "mini-redis" }
                try check((1...8).contains(threads), "\(threads) threads")
                for server in servers { await server.stop() }
                for client in clients { try check(try client.receiveUntilClosed().isEmpty, "end") }
                servers = []
                clients = []
                try await expectLeft(before)
            }
        }
        expectSilence(end)
    }

    @Test("starting and stopping takes less than 5 ms")
    func duration() async throws {
        let end = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            await telling {
                var times: [Duration] = []
                for _ in 0..<51 {
                    times.append(
                        try await ContinuousClock().measure {
                            await (try RedisServer.start(on: .freePort)).stop()
                        })
                }
                // The shortest: all the other tests use the machine at the same time. `make costs` tells more.
                let most = Duration.milliseconds(5 * TestEnvironment.slack)
                try check((times.min() ?? .zero) < most, "\(times)")
            }
        }
        expectSilence(end)
    }
}

/// Runs the body, and says on standard error why it failed, for the test to find.
private func telling(_ body: () async throws -> Void) async {
    do {
        try await body()
    } catch {
        let line = Array("\(mark)\(error)\n".utf8)
        // The array outlives the call, which reads no more than it has.
        _ = unsafe write(STDERR_FILENO, line, line.count)
    }
}

/// Records what a process has said of a failure; a process that crashed is recorded already.
private func expectSilence(_ end: ExitTest.Result?) {
    guard let end else { return }
    let lines = String(decoding: end.standardErrorContent, as: UTF8.self).split(separator: "\n")
    #expect(lines.filter { $0.hasPrefix(mark) } == [])
}

private let mark = "FAILED: "

// What the tests' processes do; failures are thrown, since expectations there reach nobody.

private func use(
    _ listening: RedisServer.Listening, _ configuration: RedisServer.Configuration, keys: Int = 10
) async throws {
    try await withRedisServer(on: listening, configuration: configuration) { server in
        let client = try TestClient(adopting: server.connect())
        let subscriber = try TestClient(adopting: server.connect())
        try subscriber.command("SUBSCRIBE", "c")
        for index in 0..<keys { try client.command("SET", "key:\(index)", "value", "EX", "100") }
        try client.command("SETRANGE", "long", "100000", "v")
        try client.command("PUBLISH", "c", "m")
        // Values of all kinds, and clients that are in the middle of something when the server stops.
        let members = (0..<130).map { "member:\($0)" }
        func fill(_ words: [String]) throws { try client.command(words.map { Array($0.utf8) }) }
        try fill(["RPUSH", "list"] + members)
        try fill(["SADD", "set"] + members)
        try fill(["ZADD", "scores"] + members.enumerated().flatMap { ["\($0)", $1] })
        try fill(["HSET", "hash"] + members.flatMap { [$0, "v"] })
        try client.command("HPEXPIRE", "hash", "100000", "FIELDS", "1", "member:7")
        for index in 0..<20 { try client.command("XADD", "stream", "*", "f", "\(index)") }
        try client.command("XGROUP", "CREATE", "stream", "g", "0")
        try client.command("XREADGROUP", "GROUP", "g", "c", "STREAMS", "stream", ">")
        if case .integer(let number) = try client.command("CLIENT", "ID") {
            try client.command("CLIENT", "TRACKING", "ON", "BCAST", "REDIRECT", "\(number)")
        }
        try client.command("GET", "key:1")
        try client.command("WATCH", "key:1")
        try client.command("MULTI")
        try client.command("INCR", "key:1")
        let waiting = try TestClient(adopting: server.connect())
        try waiting.send(pipeline(["BLPOP", "none", "0"]))
        if let port = server.port { try check(try TestClient(port: port).command("PING") != .null, "PING") }
    }
}

/// Starts a server and lets go of it while clients are there.
private func abandon(_ configuration: RedisServer.Configuration) async throws {
    var clients: [TestClient] = []
    do {
        let server = try await RedisServer.start(configuration: configuration)
        for _ in 0..<6 { clients.append(try TestClient(adopting: server.connect())) }
        for client in clients { try check(try client.command("PING") == .simple("PONG"), "PING") }
    }
    for client in clients { try check(try client.receiveUntilClosed().isEmpty, "end") }
}

private func expectLeft(_ before: ProcessResources) async throws {
    // The kernel takes a thread off its list a little after it is joined.
    try await expect("\(before)") { ofServers(ProcessResources.now()) == ofServers(before) }
}

/// Without what Swift's own thread pool comes to have, such as the timer of `Task.sleep`.
private func ofServers(_ all: ProcessResources) -> ProcessResources {
    var ours = all
    ours.descriptors.removeAll { $0 == "anon_inode:[timerfd]" }
    ours.threads.removeAll { $0 != "mini-redis" && !$0.hasPrefix("mini-redis-") }
    return ours
}

private func expect(_ what: String, _ condition: () -> Bool) async throws {
    for _ in 0..<500 {
        if condition() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    throw TestFailure(
        "expected \(what); there are \(ProcessResources.now()), \(ProcessResources.heapBytes()) B")
}

private func check(_ condition: Bool, _ what: String) throws {
    guard condition else { throw TestFailure(what) }
}

private func raiseDescriptorLimit(to count: UInt) throws {
    var limit = rlimit()
    // The pointers are to a local that outlives the calls.
    _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = max(limit.rlim_cur, min(rlim_t(count), limit.rlim_max))
    // As above.
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    guard limit.rlim_cur >= rlim_t(count) else { throw TestFailure("no \(count) descriptors here") }
}
