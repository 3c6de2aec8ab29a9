import Glibc
import MiniRedisClient

/// Words of the command line that mean nothing.
struct UsageError: Error, CustomStringConvertible {
    let description: String
}

/// Where the words of the command line say that the server is; nil when they ask for help.
func address(from words: ArraySlice<String>) throws -> RedisAddress? {
    var (host, port, socket) = ("127.0.0.1", UInt16(6379), String?.none)
    var rest = words
    while let option = rest.popFirst() {
        if option == "--help" || option == "-h" { return nil }
        guard ["--host", "--port", "--socket"].contains(option) else {
            throw UsageError(description: "unknown option '\(option)' (see --help)")
        }
        guard let value = rest.popFirst() else {
            throw UsageError(description: "\(option) needs a value (see --help)")
        }
        switch option {
        case "--host": host = value
        case "--socket": socket = value
        default:
            guard let number = UInt16(value), number > 0 else {
                throw UsageError(description: "'\(value)' is no port")
            }
            port = number
        }
    }
    return socket.map { .unix(path: $0) } ?? .tcp(host: host, port: port)
}

/// Prints to standard error.
func complain(_ text: String) {
    let line = Array("\(text)\n".utf8)
    // The array outlives the call, which reads no more than it has.
    _ = unsafe line.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
