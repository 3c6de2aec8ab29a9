import MiniRedis
import MiniRedisClient
import Reactor

/// What servers inside a program cost in time and memory.
enum ServerCosts {
    private static let count = 1000
    private static let requests = 10_000

    static func measure() async throws {
        try await measureStarts()
        try await measureIdle()
        try await measureUsed()
        try await measureRequests()
    }

    /// Prints the median and the longest of many starts and stops, one after the other.
    private static func measureStarts() async throws {
        var times: [UInt64] = []
        for _ in 0..<200 {
            let start = MonotonicClock.nanoseconds()
            let server = try await RedisServer.start()
            await server.stop()
            times.append(MonotonicClock.nanoseconds() - start)
        }
        let first = times[0]
        times.sort()
        print(
            "start and stop of a server: \(times[times.count / 2] / 1000) µs (longest \((times.last ?? 0) / 1000) µs, the first \(first / 1000) µs)"
        )
    }

    /// Prints what many servers take that nobody uses.
    private static func measureIdle() async throws {
        let before = (heap: ProcessMemory.heap().used, resident: ProcessMemory.resident())
        let start = MonotonicClock.nanoseconds()
        var servers: [RedisServer] = []
        for _ in 0..<count { servers.append(try await RedisServer.start()) }
        let taken = MonotonicClock.nanoseconds() - start
        report("an idle server of \(count)", since: before)
        print("  started in \(taken / UInt64(count) / 1000) µs each")
        for server in servers { await server.stop() }
    }

    /// Prints what many servers take that each have a client and a key.
    private static func measureUsed() async throws {
        let before = (heap: ProcessMemory.heap().used, resident: ProcessMemory.resident())
        var servers: [RedisServer] = []
        for _ in 0..<count {
            let server = try await RedisServer.start()
            _ = try await withRedisClient(.inProcess(name: server.name)) { client in
                try await client.set("hello", "world")
            }
            servers.append(server)
        }
        report("a server of \(count) with a key", since: before)
        for server in servers { await server.stop() }
        servers = []
        report("and when they have stopped", since: before)
    }

    /// Prints how long a request takes within the process, and over a port.
    private static func measureRequests() async throws {
        try await withRedisServer(on: .freePort) { server in
            let ways: [(name: String, address: RedisAddress)] = [
                ("within the process", .inProcess(name: server.name)),
                ("over a port", .tcp(host: "127.0.0.1", port: server.port ?? 0)),
            ]
            for way in ways {
                let time = try await withRedisClient(way.address) { client in
                    let start = MonotonicClock.nanoseconds()
                    for _ in 0..<requests { _ = try await client.get("hello", as: String.self) }
                    return MonotonicClock.nanoseconds() - start
                }
                print("a request \(way.name), one after the other: \(time / UInt64(requests) / 1000) µs")
            }
        }
    }

    private static func report(_ what: String, since before: (heap: Int, resident: Int)) {
        let heap = (ProcessMemory.heap().used - before.heap) / count
        let resident = (ProcessMemory.resident() - before.resident) / count
        print("\(what): \(heap) B of malloc, \(resident) B resident")
    }
}
