import Glibc

/// Tells systemd how the server is doing, where it has asked for that (`sd_notify(3)`).
struct Supervisor {
    private let socketPath: String

    /// The manager to tell: none if `supervised` is no, or the process was not started by one.
    init?(_ supervision: Supervision, _ log: Log) {
        guard supervision != .no else { return nil }
        // The environment is read while the process has only one thread.
        guard let path = unsafe getenv("NOTIFY_SOCKET").map({ unsafe String(cString: $0) }), !path.isEmpty
        else {
            if supervision == .systemd {
                log(.warning, "systemd supervision requested, but NOTIFY_SOCKET not found!")
            }
            return nil
        }
        socketPath = path
        log(
            .notice,
            "Supervised by systemd. Please make sure you set appropriate values for "
                + "TimeoutStartSec and TimeoutStopSec in your service unit.")
    }

    /// Sends a state such as `READY=1`; nobody waits for an answer.
    func notify(_ state: String) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { _ = close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var path = Array(socketPath.utf8)
        // A leading @ stands for the abstract namespace.
        if path.first == UInt8(ascii: "@") { path[0] = 0 }
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard path.count < capacity else { return }
        // The path fits, as was just seen.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let bytes = Array(state.utf8)
        // Address and bytes outlive the call.
        unsafe withUnsafePointer(to: &address) { pointer in
            // C's own way: any address structure is a prefix of the storage.
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                // As above.
                _ = unsafe sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }
}
