import Glibc
import MiniRedisClient

/// Sets a key, reads it back, and prints what came.
func hello(_ address: RedisAddress) async throws {
    try await withRedisClient(address) { client in
        try await client.set("hello", "world")
        let value = try await client.get("hello", as: String.self)
        print("got value from the server; value=\(value ?? "nil")")
    }
}

let usage = """
    usage: hello-redis [--host HOST] [--port PORT] [--socket PATH]

    Sets the key "hello" to "world" in a Redis server and prints what it reads back.

      --host HOST    where the server is; 127.0.0.1 unless given
      --port PORT    its port; 6379 unless given
      --socket PATH  its Unix socket, instead of host and port
      --help         print this
    """

do {
    guard let address = try address(from: CommandLine.arguments.dropFirst()) else {
        print(usage)
        exit(0)
    }
    try await hello(address)
} catch {
    complain("hello-redis: \(error)")
    exit(1)
}
