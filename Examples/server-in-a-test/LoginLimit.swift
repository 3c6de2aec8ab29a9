import MiniRedisClient

/// The code under test: lets each user try to log in a few times a minute.
///
/// It knows nothing of tests; in production its client is one of the real server.
struct LoginLimit {
    let client: RedisClient
    var attempts = 3
    var window = Duration.seconds(60)

    /// Counts an attempt; false if there were too many.
    func admits(_ user: String) async throws -> Bool {
        let key = "attempts:\(user)"
        let count = try await client.incr(key)
        if count == 1 { _ = try await client.expire(key, .after(window)) }
        return count <= attempts
    }
}
