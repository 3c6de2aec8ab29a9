import Glibc

/// A blocking client for tests: sends words or raw bytes, reads one reply at a time.
///
/// Every wait ends after ten seconds (times `TestEnvironment.slack`) with an error. Its parser is the plainest
/// that works, so that it checks the server's and the library's rather than sharing their mistakes.
public final class TestClient {
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    /// Connects to a port of 127.0.0.1.
    public init(port: UInt16) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        descriptor = try Self.connect(AF_INET, address)
    }

    /// Connects to a port of ::1.
    public init(port6 port: UInt16) throws {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        address.sin6_addr = in6addr_loopback
        descriptor = try Self.connect(AF_INET6, address)
    }

    /// Connects to a Unix socket.
    public init(unixPath path: String) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw TestFailure("long path")
        }
        // The path fits, as was just seen.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        descriptor = try Self.connect(AF_UNIX, address)
    }

    /// Takes over a connected socket, blocking or not.
    public init(adopting descriptor: Int32) throws {
        self.descriptor = descriptor
        guard fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK) == 0 else {
            throw TestFailure("fcntl: errno \(errno)")
        }
        Self.limitWaits(of: descriptor)
    }

    private static func connect<Address>(_ family: Int32, _ address: Address) throws -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw TestFailure("socket: errno \(errno)") }
        limitWaits(of: descriptor)
        // The address is a local of exactly that size.
        let result = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
        guard result == 0 else {
            let code = errno
            _ = Glibc.close(descriptor)
            throw TestFailure("connect: errno \(code)")
        }
        return descriptor
    }

    private static func limitWaits(of descriptor: Int32) {
        var limit = timeval(tv_sec: 10 * TestEnvironment.slack, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        // Both options read a local that outlives the calls.
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    }

    deinit { _ = Glibc.close(descriptor) }

    /// Sends a command and returns its reply.
    @discardableResult
    public func command(_ words: String...) throws -> Reply { try command(words.map { Array($0.utf8) }) }

    /// Sends a command of any bytes and returns its reply.
    @discardableResult
    public func command(_ words: [[UInt8]]) throws -> Reply {
        try send(Self.encode(words))
        return try receive()
    }

    /// A number that INFO tells; -1 if there is none of this name.
    public func figure(_ name: String) throws -> Int {
        let text = try command("INFO").string ?? ""
        let line = text.split(separator: "\r\n").first { $0.hasPrefix("\(name):") }
        return line.flatMap { Int($0.dropFirst(name.count + 1)) } ?? -1
    }

    /// A command as RESP sends it.
    public static func encode(_ words: [[UInt8]]) -> [UInt8] {
        var bytes = Array("*\(words.count)\r\n".utf8)
        for word in words { bytes += Array("$\(word.count)\r\n".utf8) + word + Array("\r\n".utf8) }
        return bytes
    }

    /// Sends text as it is.
    public func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Sends bytes as they are.
    public func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            // The array outlives the call, which reads no further than its end.
            let count = unsafe bytes.withUnsafeBytes { all in
                unsafe Glibc.send(
                    descriptor, all.baseAddress?.advanced(by: sent), all.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw TestFailure("send: errno \(errno)") }
            sent += count
        }
    }

    /// Another descriptor of the connection, which stays open until the caller closes it.
    public func duplicate() -> Int32 { dup(descriptor) }

    /// Ends the sending side: the server reads end of file.
    public func shutdownSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    /// Everything that the server sends until it closes.
    public func receiveUntilClosed() throws -> [UInt8] {
        while try fill() {}
        defer { buffer = [] }
        return buffer
    }

    /// Whether nothing arrives within the given milliseconds.
    public func isSilent(for milliseconds: Int32) -> Bool {
        var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // The structure is a local that outlives the call.
        let ready = unsafe poll(&poller, 1, milliseconds)
        return buffer.isEmpty && ready == 0
    }

    /// The next reply, or push message.
    public func receive() throws -> Reply {
        let line = try receiveLine()
        guard let type = line.first else { throw TestFailure("empty reply line") }
        let text = String(decoding: line.dropFirst(), as: UTF8.self)
        switch Character(Unicode.Scalar(type)) {
        case "+": return .simple(text)
        case "-": return .error(text)
        case ":": return .integer(Int64(text) ?? .min)
        case "_": return .null
        case ",": return .double(text)
        case "#": return .boolean(text == "t")
        case "(": return .bigNumber(text)
        case "$": return try receiveBulk(text).map { .bulk($0) } ?? .null
        case "=": return .verbatim(try receiveBulk(text) ?? [])
        case "*": return text == "-1" ? .null : .array(try receiveMany(text))
        case "~": return .set(try receiveMany(text))
        case ">": return .push(try receiveMany(text))
        case "%": return .map(try receiveMany(text, each: 2))
        default: throw TestFailure("unknown reply type in '\(String(decoding: line, as: UTF8.self))'")
        }
    }

    private func receiveMany(_ count: String, each: Int = 1) throws -> [Reply] {
        guard let count = Int(count) else { throw TestFailure("bad count '\(count)'") }
        return try (0..<count * each).map { _ in try receive() }
    }

    private func receiveBulk(_ count: String) throws -> [UInt8]? {
        guard let count = Int(count) else { throw TestFailure("bad length '\(count)'") }
        if count < 0 { return nil }
        while buffer.count < count + 2 {
            guard try fill() else { throw TestFailure("closed within a bulk string") }
        }
        defer { buffer.removeFirst(count + 2) }
        return Array(buffer.prefix(count))
    }

    private func receiveLine() throws -> [UInt8] {
        var scanned = 0
        while true {
            if let end = buffer[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { buffer.removeFirst(end + 1) }
                return Array(buffer[..<max(end - 1, 0)])
            }
            scanned = buffer.count
            guard try fill() else { throw TestFailure("closed before a reply") }
        }
    }

    /// Reads once; false at the end.
    private func fill() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65536)
        // The array outlives the call, which writes no further than its end.
        let count = unsafe chunk.withUnsafeMutableBytes {
            unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
        }
        if count < 0, errno == ECONNRESET { return false }
        guard count >= 0 else { throw TestFailure("no answer: errno \(errno)") }
        buffer += chunk.prefix(count)
        return count > 0
    }
}

/// A reply of either protocol version.
public enum Reply: Equatable, Sendable, CustomStringConvertible {
    case simple(String)
    case error(String)
    case integer(Int64)
    case bulk([UInt8])
    case verbatim([UInt8])
    case null
    case double(String)
    case boolean(Bool)
    case bigNumber(String)
    case array([Reply])
    case set([Reply])
    case push([Reply])
    /// Keys and values in turn.
    case map([Reply])

    /// A bulk string of this text.
    public static func text(_ text: String) -> Reply { .bulk(Array(text.utf8)) }

    /// The reply `+OK`.
    public static var ok: Reply { .simple("OK") }

    /// The elements of an aggregate, in order.
    public var elements: [Reply] {
        switch self {
        case .array(let all), .set(let all), .push(let all), .map(let all): all
        default: []
        }
    }

    /// The text of a string or error.
    public var string: String? {
        switch self {
        case .simple(let text), .error(let text), .double(let text), .bigNumber(let text): text
        case .bulk(let bytes), .verbatim(let bytes): String(decoding: bytes, as: UTF8.self)
        default: nil
        }
    }

    public var description: String {
        switch self {
        case .simple(let text): "+\(text)"
        case .error(let text): "-\(text)"
        case .integer(let value): ":\(value)"
        case .bulk(let bytes), .verbatim(let bytes): "\"\(String(decoding: bytes, as: UTF8.self))\""
        case .null: "null"
        case .double(let text): ",\(text)"
        case .boolean(let value): "#\(value)"
        case .bigNumber(let text): "(\(text)"
        case .array(let all): "*\(all)"
        case .set(let all): "~\(all)"
        case .push(let all): ">\(all)"
        case .map(let all): "%\(all)"
        }
    }
}
