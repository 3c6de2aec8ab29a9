import Glibc

extension Socket {
    /// Sends each write at once (`TCP_NODELAY`).
    package func setNoDelay(_ isOn: Bool = true) throws(SystemError) {
        try descriptor.setOption(Int32(IPPROTO_TCP), TCP_NODELAY, isOn ? 1 : 0)
    }

    /// Probes a silent peer, as Redis's `tcp-keepalive`: after so many seconds, then three times
    /// within as many again.
    package func setKeepAlive(seconds: Int32) throws(SystemError) {
        try descriptor.setOption(SOL_SOCKET, SO_KEEPALIVE, 1)
        try descriptor.setOption(Int32(IPPROTO_TCP), TCP_KEEPIDLE, seconds)
        try descriptor.setOption(Int32(IPPROTO_TCP), TCP_KEEPINTVL, max(1, seconds / 3))
        try descriptor.setOption(Int32(IPPROTO_TCP), TCP_KEEPCNT, 3)
    }

    /// Bounds what the kernel keeps of what was written and not yet acknowledged.
    package func setSendBuffer(bytes: Int32) throws(SystemError) {
        try descriptor.setOption(SOL_SOCKET, SO_SNDBUF, bytes)
    }

    /// Tells the peer that nothing more will come; reading goes on.
    package func shutdownWriting() throws(SystemError) {
        try checked("shutdown") { shutdown(descriptor.number, Int32(SHUT_WR)) }
    }

    /// Ends the connection in both directions: whoever waits for it sees its end; the descriptor stays.
    package func shutDown() {
        // A connection that is gone already needs no ending.
        _ = shutdown(descriptor.number, Int32(SHUT_RDWR))
    }

    /// The error that an event has announced, and clears it (`SO_ERROR`); `nil` for none.
    package func takePendingError(of call: StaticString = "connect") throws(SystemError) -> SystemError? {
        let code = try descriptor.option(SOL_SOCKET, SO_ERROR)
        return code == 0 ? nil : SystemError(call, code: code)
    }

    /// The other end's address.
    package var peerAddress: SocketAddress {
        get throws(SystemError) {
            // getpeername writes within the length it is given.
            try unsafe SocketAddress("getpeername") { unsafe getpeername(descriptor.number, $0, &$1) }
        }
    }

    /// This end's address.
    package var localAddress: SocketAddress {
        get throws(SystemError) { try descriptor.localAddress }
    }
}

extension Descriptor {
    /// The address that the socket is bound to.
    var localAddress: SocketAddress {
        get throws(SystemError) {
            // getsockname writes within the length it is given.
            try unsafe SocketAddress("getsockname") { unsafe getsockname(number, $0, &$1) }
        }
    }

    func setOption(_ level: Int32, _ name: Int32, _ value: Int32) throws(SystemError) {
        var value = value
        let size = socklen_t(MemoryLayout<Int32>.size)
        // The pointer is to a local that outlives the call.
        try checked("setsockopt") { unsafe setsockopt(number, level, name, &value, size) }
    }

    func option(_ level: Int32, _ name: Int32) throws(SystemError) -> Int32 {
        var value: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        // The pointers are to locals that outlive the call.
        try checked("getsockopt") { unsafe getsockopt(number, level, name, &value, &size) }
        return value
    }
}
