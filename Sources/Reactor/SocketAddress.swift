import Glibc

/// Where a socket is or goes: IPv4, IPv6 or a Unix path.
///
/// Unsafe in it is only that C sees one and the same storage as several structures; the family says
/// which of them is there.
@safe
package struct SocketAddress: Sendable, CustomStringConvertible {
    private var storage = sockaddr_storage()
    private(set) var length: socklen_t

    /// The longest path that `sockaddr_un` has room for, with its closing zero.
    package static let pathLimit = 107

    package init(unixPath path: String) throws(SystemError) {
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count <= Self.pathLimit else {
            throw SystemError("bind", code: ENAMETOOLONG)
        }
        storage.ss_family = sa_family_t(AF_UNIX)
        let offset = MemoryLayout<sa_family_t>.size
        length = socklen_t(offset + bytes.count + 1)
        // The path fits, as was just seen; the rest of the storage is zero.
        unsafe withUnsafeMutableBytes(of: &storage) { storage in
            // As above.
            unsafe UnsafeMutableRawBufferPointer(rebasing: storage[offset...]).copyBytes(from: bytes)
        }
    }

    /// Copies what `getaddrinfo` found.
    init(copying address: UnsafePointer<sockaddr>, length: socklen_t) {
        precondition(Int(length) <= MemoryLayout<sockaddr_storage>.size, "an address that storage holds")
        self.length = length
        // As many bytes as the giver says there are, and they fit.
        unsafe withUnsafeMutableBytes(of: &storage) { storage in
            // As above.
            unsafe storage.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(length)))
        }
    }

    /// Lets a call such as `getsockname` fill in the address.
    init(
        _ name: StaticString, filledBy call: (UnsafeMutablePointer<sockaddr>, inout socklen_t) -> Int32
    ) throws(SystemError) {
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // C's own way: any address structure is a prefix of the storage.
        let answer = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            // As above.
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                // As above.
                unsafe call(address, &length)
            }
        }
        guard answer >= 0 else { throw .last(name) }
        self.length = length
    }

    /// Lends the address to a call such as `bind`.
    func withPointer<Answer>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Answer) -> Answer {
        // C's own way: any address structure is a prefix of the storage.
        unsafe withUnsafePointer(to: storage) { pointer in
            // As above.
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                // As above.
                unsafe body(address, length)
            }
        }
    }

    /// `AF_INET`, `AF_INET6` or `AF_UNIX`.
    var family: Int32 { Int32(storage.ss_family) }

    package var isUnix: Bool { family == AF_UNIX }

    /// The port; `nil` for a Unix path.
    package var port: UInt16? {
        switch family {
        case AF_INET: UInt16(bigEndian: view(as: sockaddr_in.self).sin_port)
        case AF_INET6: UInt16(bigEndian: view(as: sockaddr_in6.self).sin6_port)
        default: nil
        }
    }

    /// The address in digits, or the path, which is empty for an unnamed socket.
    package var host: String {
        switch family {
        case AF_INET: return digits(view(as: sockaddr_in.self).sin_addr)
        case AF_INET6: return digits(view(as: sockaddr_in6.self).sin6_addr)
        default:
            let offset = MemoryLayout<sa_family_t>.size
            // Bytes within the storage.
            return unsafe withUnsafeBytes(of: storage) { storage in
                // As above.
                let path = unsafe storage[min(offset, Int(length))..<Int(length)]
                // As above.
                return unsafe String(decoding: path.prefix { $0 != 0 }, as: UTF8.self)
            }
        }
    }

    /// Redis's form: `127.0.0.1:50123`, `[::1]:50123`, `/path:0`.
    package var description: String {
        family == AF_INET6 ? "[\(host)]:\(port ?? 0)" : "\(host):\(port ?? 0)"
    }

    private func view<Form>(as form: Form.Type) -> Form {
        // Plain numbers, no larger than the storage and with no stricter alignment.
        unsafe withUnsafeBytes(of: storage) { unsafe $0.load(as: form) }
    }

    private func digits<Address>(_ address: Address) -> String {
        var text = [UInt8](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        // The structure that the family says, and a buffer with room for the longest text.
        unsafe withUnsafeBytes(of: address) { address in
            // As above.
            unsafe text.withUnsafeMutableBytes { text in
                // As above.
                _ = unsafe inet_ntop(
                    family, address.baseAddress, text.baseAddress, socklen_t(text.count))
            }
        }
        return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
    }
}
