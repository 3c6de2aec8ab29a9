import CLinux
import Glibc

/// Names to addresses, through `getaddrinfo`, which blocks unless the host is given in digits.
enum Resolver {
    /// The addresses of a host, in the order in which to try them.
    ///
    /// No host means all of the machine's own addresses (`AI_PASSIVE`).
    static func addresses(
        of host: String?, port: UInt16, family: Int32, digitsOnly: Bool = false
    ) throws(SystemError) -> [SocketAddress] {
        let flags = AI_NUMERICSERV | (host == nil ? AI_PASSIVE : 0) | (digitsOnly ? AI_NUMERICHOST : 0)
        // Unsafe for its pointers, which stay null.
        var hints = unsafe addrinfo()
        // As above.
        unsafe hints.ai_family = family
        // As above.
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        // As above.
        unsafe hints.ai_flags = flags
        var list: UnsafeMutablePointer<addrinfo>?
        // The texts are local copies, and hints and list locals, that outlive the call.
        let code = unsafe getaddrinfo(host, "\(port)", &hints, &list)
        guard code == 0 else {
            if code == EAI_SYSTEM { throw .last("getaddrinfo") }
            throw SystemError("getaddrinfo", code: code, source: .resolver)
        }
        // The list is ours to free, and nothing of it is used after this.
        defer { unsafe freeaddrinfo(list) }
        var found: [SocketAddress] = []
        // A linked list that ends with null; its addresses are copied.
        var next = unsafe list
        // As above.
        while let entry = unsafe next {
            // As above.
            if let address = unsafe entry.pointee.ai_addr {
                // As above.
                unsafe found.append(SocketAddress(copying: address, length: entry.pointee.ai_addrlen))
            }
            // As above.
            unsafe next = entry.pointee.ai_next
        }
        return found
    }
}
