import Glibc
import TestSupport

/// A member of the chat that speaks its protocol byte by byte, and waits ten seconds at most.
final class ChatConnection {
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    /// Connects; the kernel keeps at most about `window` bytes for it, if that is given.
    init(port: UInt16, window: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw TestFailure("socket: errno \(errno)") }
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        // The options read locals that outlive the calls.
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        if var window {
            // As above.
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &window, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        // The address is a local of exactly that size.
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw TestFailure("connect: errno \(errno)") }
    }

    deinit { _ = close(descriptor) }

    func send(_ text: String) throws {
        let bytes = Array(text.utf8)
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

    func join(_ group: String) throws { try send(#"{"Join":{"group_name":"\#(group)"}}"# + "\n") }

    func post(_ message: String, to group: String) throws {
        try send(#"{"Post":{"group_name":"\#(group)","message":"\#(message)"}}"# + "\n")
    }

    /// Ends the sending side.
    func finish() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    /// The next line, without its end.
    func line() throws -> String {
        var scanned = 0
        while true {
            if let end = buffer[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { buffer.removeFirst(end + 1) }
                return String(decoding: buffer[..<end], as: UTF8.self)
            }
            scanned = buffer.count
            guard try fill() > 0 else { throw TestFailure("closed before a line") }
        }
    }

    /// Exactly so many bytes.
    func bytes(_ count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try fill() > 0 else { throw TestFailure("closed too soon") }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    /// Everything until the server closes.
    func rest() throws -> String {
        while try fill() > 0 {}
        defer { buffer = [] }
        return String(decoding: buffer, as: UTF8.self)
    }

    /// Whether nothing arrives within the given milliseconds.
    func isSilent(for milliseconds: Int32) -> Bool {
        var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // The structure is a local that outlives the call.
        let ready = unsafe poll(&poller, 1, milliseconds)
        return buffer.isEmpty && ready == 0
    }

    private func fill() throws -> Int {
        var chunk = [UInt8](repeating: 0, count: 65536)
        // The array outlives the call, which writes no further than its end.
        let count = unsafe chunk.withUnsafeMutableBytes {
            unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
        }
        guard count >= 0 else { throw TestFailure("no answer: errno \(errno)") }
        buffer += chunk.prefix(count)
        return count
    }
}
