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
            try await withRedisClient(.tcp(host: "127.0.0.1", port: port)) { client in
                let start = ContinuousClock.now
                for done in stride(from: 0, to: words[2], by: words[1]) {
                    try await round(through: client, from: done, depth: words[1])
                }
                print(Int(Double(words[2]) / ((ContinuousClock.now - start) / .seconds(1))))
            }
        } catch {
            fatalError("\(error)")
        }
    }

    /// One pipeline: every key is set, and then read.
    private static func round(through client: RedisClient, from first: Int, depth: Int) async throws {
        var pipeline = RedisPipeline()
        var reads: [RedisPipeline.Slot<[UInt8]?>] = []
        var writes: [RedisPipeline.Slot<Bool>] = []
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
