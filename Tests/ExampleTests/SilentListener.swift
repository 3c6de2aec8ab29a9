import Glibc
import TestSupport

/// A port of this machine at which nobody ever answers: its queue is full.
final class SilentListener {
    let port: UInt16
    private let descriptor: Int32
    private var queued: [ChatConnection] = []

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let number = descriptor
        // The address is a local of exactly that size, and so is what is written to it.
        let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> Int32 in
                guard unsafe bind(number, address, length) == 0, listen(number, 0) == 0 else { return -1 }
                return unsafe getsockname(number, address, &length)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        guard result == 0 else { throw TestFailure("bind: errno \(errno)") }
        // The queue of no connections has room for one.
        queued.append(try ChatConnection(port: port))
    }

    deinit { _ = close(descriptor) }

    /// Waits until somebody tries to connect.
    func waitForSomebody() throws {
        let place = String(port, radix: 16, uppercase: true)
        // In the kernel's list of connections: the peer, and the state in which nothing has been answered.
        let sought = "0100007F:\(String(repeating: "0", count: 4 - place.count))\(place) 02 "
        for _ in 0..<1_000 {
            if try connections().contains(sought) { return }
            _ = usleep(10_000)
        }
        throw TestFailure("nobody tries to connect")
    }

    private func connections() throws -> String {
        // The stream is closed below, and nobody else knows it.
        guard let file = unsafe fopen("/proc/net/tcp", "r") else { throw TestFailure("no /proc/net/tcp") }
        defer { _ = unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        // At most the array's bytes are written.
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[0..<count], as: UTF8.self)
    }
}
