import Glibc
import TestSupport

/// A `redis-server` of the machine, to compare with: on a Unix socket of its own, without files.
///
/// Debian's `redis-server` is found in the path; where there is none, tests that need it are skipped.
final class RealServer {
    private let process: ChildProcess
    private let socketPath: String

    /// Where the program is, if it is installed.
    static let program: String? = ["/usr/bin", "/usr/local/bin", "/bin"].map { $0 + "/redis-server" }
        // The path outlives the call.
        .first { unsafe access($0, X_OK) == 0 }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Starts it in a directory of the caller's, and waits until it listens.
    init(in directory: String) throws {
        guard let program = Self.program else { throw Failure(description: "redis-server is not installed") }
        socketPath = "\(directory)/real-server"
        process = try ChildProcess(
            program,
            [
                "--port", "0", "--unixsocket", socketPath, "--save", "", "--appendonly", "no", "--dir",
                directory,
            ])
        try process.wait(for: "eady to accept connections")
    }

    /// Sends bytes on a connection of their own; what comes back until the server closes or ends with `last`.
    func answer(to bytes: [UInt8], until last: String) throws -> String {
        let descriptor = try connect()
        defer { _ = close(descriptor) }
        // The array outlives the call.
        let sent = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard sent == bytes.count else { throw Failure(description: "sent \(sent) of \(bytes.count) bytes") }
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while !all.reversed().starts(with: last.utf8.reversed()) {
            // As above; it writes no further than the array's end.
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
            }
            guard count >= 0 else {
                throw Failure(description: "no answer, after '\(String(decoding: all, as: UTF8.self))'")
            }
            if count == 0 { break }
            all += chunk.prefix(count)
        }
        return String(decoding: all, as: UTF8.self)
    }

    private func connect() throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(description: "socket: errno \(errno)") }
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        // The option reads a local that outlives the call.
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // The path is shorter than the field, which is zero behind it.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) {
            unsafe $0.copyBytes(from: socketPath.utf8.prefix(107))
        }
        // The address is a local of exactly that size.
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            let number = errno
            _ = close(descriptor)
            throw Failure(description: "connect: errno \(number)")
        }
        return descriptor
    }
}
