import Glibc
import MiniRedisClient

/// A thousand tasks that share one number, which lives in the server.
///
/// Each adds to it, one step at a time; whatever the order, nothing is lost. Each also notes the highest
/// number that it saw, and the highest of all must be the sum: INCR adds and answers in one step.
func count(_ options: Options) async throws -> Int {
    try await withRedisClient(options.address) { client in
        let key = "counter:example"
        _ = try await client.del(key)
        let highest = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<options.tasks {
                group.addTask {
                    var last = 0
                    for _ in 0..<options.steps { last = try await client.incr(key) }
                    return last
                }
            }
            return try await group.reduce(0, max)
        }
        _ = try await client.del(key)
        return highest
    }
}

do {
    guard let options = try Options(CommandLine.arguments.dropFirst()) else {
        print(Options.usage)
        exit(0)
    }
    let sum = try await count(options)
    print("\(options.tasks) tasks counted to \(sum), \(options.steps) steps each")
    exit(sum == options.tasks * options.steps ? 0 : 1)
} catch {
    complain("counter: \(error)")
    exit(1)
}
