import Glibc
import MiniRedisClient

/// A loop of pipelines through the client, to compare with hiredis: pipelines.c does the same.
///
/// It prints the requests per second.
///
///     pipelines PORT DEPTH REQUESTS
@main
enum Pipelines {
    private static let value = Array("0123456789abcdef".utf8)
    private static let keys = (0..<1000).map { Array("key:\($0)".utf8) }

    static func main() async {
        let words = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        guard words.count == 3, let port = UInt16(exactly: words[0]), words[1] > 0 else {
            fatalError("usage: pipelines PORT DEPTH REQUESTS")
        }
        do {
            let thread = try RedisClientThread.shared()
            try await withRedisClient(.tcp(host: "127.0.0.1", port: port)) { client in
                // As one thread does all in a program with hiredis, too.
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask(executorPreference: thread.executor) {
                        try await loop(through: client, depth: words[1], requests: words[2])
                    }
                    try await group.waitForAll()
                }
            }
        } catch {
            fatalError("\(error)")
        }
    }

    private static func loop(through client: RedisClient, depth: Int, requests: Int) async throws {
        let start = ContinuousClock.now
        for done in stride(from: 0, to: requests, by: depth) {
            try await round(through: client, from: done, depth: depth)
        }
        print(Int(Double(requests) / ((ContinuousClock.now - start) / .seconds(1))))
    }

    /// One pipeline: every key is set, and then read.
    private static func round(through client: RedisClient, from first: Int, depth: Int) async throws {
        var pipeline = RedisPipeline()
        var reads: [RedisPipeline.Slot<[UInt8]?>] = []
        var writes: [RedisPipeline.Slot<Bool>] = []
        reads.reserveCapacity(depth / 2)
        writes.reserveCapacity(depth / 2)
        for request in first..<(first + depth) {
            let key = keys[request / 2 % keys.count]
            if request.isMultiple(of: 2) {
                writes.append(pipeline.append(.set(key, value)))
            } else {
                reads.append(pipeline.append(.get(key)))
            }
        }
        let replies = try await client.send(pipeline)
        for write in writes where try !replies[write] { fatalError("an unexpected reply") }
        for read in reads where try replies[read]?.count != value.count {
            fatalError("an unexpected reply")
        }
    }
}
