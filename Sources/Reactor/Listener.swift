import CLinux
import Glibc

/// A socket that takes connections, closed when its owner lets go.
package struct Listener: ~Copyable, Sendable {
    /// What `accept()` came to.
    package enum Accepted: ~Copyable {
        case socket(Socket)
        /// Nobody is waiting.
        case wouldBlock
    }

    package let descriptor: Descriptor
    /// Where it listens, with the port that it got where 0 was asked for.
    package let address: SocketAddress

    /// Listens on a TCP port of one address as `bind` in redis.conf has it: digits, a name, `*` for
    /// all of IPv4, `::*` for all of IPv6; 0 lets the kernel choose a free port.
    ///
    /// A name is looked up, which may block. IPv6 sockets leave IPv4 alone (`IPV6_V6ONLY`).
    package init(host: String, port: UInt16, backlog: Int32 = 511) throws(SystemError) {
        let bound = try Self.bind(host: host, port: port)
        try bound.listen(backlog)
        let address = try bound.localAddress
        self.init(bound, at: address)
    }

    /// Listens on a Unix socket; a socket that is there already is replaced, as Redis does.
    ///
    /// The file never has more permissions than given, whatever the umask; without any it gets
    /// what the umask leaves.
    package init(
        unixPath path: String, permissions: UInt32? = nil, backlog: Int32 = 511
    ) throws(SystemError) {
        let address = try SocketAddress(unixPath: path)
        if Files.isSocket(path) { try Files.remove(path) }
        let bound = try Descriptor(streamOfFamily: AF_UNIX)
        let number = bound.number
        // What the socket has when it is bound, the file gets, less the umask.
        if let permissions { try checked("fchmod") { fchmod(number, mode_t(permissions)) } }
        try bound.bind(to: address)
        // The path is a local copy that outlives the call.
        if let permissions { try checked("chmod") { unsafe chmod(path, mode_t(permissions)) } }
        try bound.listen(backlog)
        self.init(bound, at: address)
    }

    private init(_ descriptor: consuming Descriptor, at address: SocketAddress) {
        self.descriptor = descriptor
        self.address = address
    }

    /// Binds to the first of the host's addresses that can be had.
    private static func bind(host: String, port: UInt16) throws(SystemError) -> Descriptor {
        let isWildcard = host == "*" || host == "::*"
        let candidates = try Resolver.addresses(
            of: isWildcard ? nil : host, port: port,
            family: host.utf8.contains(UInt8(ascii: ":")) ? AF_INET6 : AF_INET)
        var failure = SystemError("bind", code: EADDRNOTAVAIL)
        for candidate in candidates {
            do throws(SystemError) {
                let descriptor = try Descriptor(streamOfFamily: candidate.family)
                if candidate.family == AF_INET6 {
                    try descriptor.setOption(Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1)
                }
                try descriptor.setOption(SOL_SOCKET, SO_REUSEADDR, 1)
                try descriptor.bind(to: candidate)
                return descriptor
            } catch {
                failure = error
            }
        }
        throw failure
    }

    /// Takes one connection, non-blocking and close-on-exec.
    ///
    /// `SystemError.acceptFailure` tells what an error means.
    package func accept() throws(SystemError) -> Accepted {
        let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let number = uninterrupted { accept4(descriptor.number, nil, nil, flags) }
        if number >= 0 { return .socket(Socket(owning: Descriptor(owning: number))) }
        guard errno == EAGAIN else { throw .last("accept") }
        return .wouldBlock
    }
}

extension Descriptor {
    /// Opens a stream socket that never blocks and is closed on exec.
    init(streamOfFamily family: Int32) throws(SystemError) {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        self.init(owning: try checked("socket") { socket(family, type, 0) })
    }

    fileprivate func bind(to address: SocketAddress) throws(SystemError) {
        // The address outlives the call.
        try checked("bind") { unsafe address.withPointer { unsafe Glibc.bind(number, $0, $1) } }
    }

    fileprivate func listen(_ backlog: Int32) throws(SystemError) {
        try checked("listen") { Glibc.listen(number, backlog) }
    }
}
