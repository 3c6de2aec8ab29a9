import Glibc

/// Why a connection could not be made.
package enum DialError: Error, Equatable, Sendable, CustomStringConvertible {
    case system(SystemError)
    case timedOut
    case cancelled

    package var description: String {
        switch self {
        case .system(let error): error.description
        case .timedOut: "connect: Connection timed out"
        case .cancelled: "connect: cancelled"
        }
    }
}

/// Where to connect to.
package enum Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// A name or digits, and a port.
    case tcp(host: String, port: UInt16)
    case unix(path: String)
    /// A name of `InProcessPorts`.
    case inProcess(name: String)

    package var description: String {
        switch self {
        case .tcp(let host, let port):
            host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): path
        case .inProcess(let name): name
        }
    }
}

/// Makes connections from a loop.
package struct Dialer: Sendable {
    private let loop: EventLoop
    private let blocking: BlockingWork

    /// A dialer for tasks on that loop; names are looked up among the blocking work.
    package init(on loop: EventLoop, lookingUpIn blocking: BlockingWork) {
        self.loop = loop
        self.blocking = blocking
    }

    /// Connects to the first of the endpoint's addresses that answers; loop only.
    ///
    /// The deadline is for all of them together. A look-up that is under way can't be cut short; its
    /// outcome is dropped then.
    package func connect(
        to endpoint: Endpoint, until deadline: Deadline? = nil
    ) async throws(DialError) -> Socket {
        if case .inProcess(let name) = endpoint {
            return try dialing { () throws(SystemError) in try InProcessPorts.connect(to: name) }
        }
        let addresses: [SocketAddress]
        do throws(SystemError) {
            addresses = try await self.addresses(of: endpoint)
        } catch {
            throw .system(error)
        }
        var failure = DialError.system(SystemError("connect", code: EADDRNOTAVAIL))
        for address in addresses {
            do throws(DialError) {
                return try await connect(to: address, until: deadline)
            } catch .system(let error) {
                failure = .system(error)
            }
        }
        throw failure
    }

    private func addresses(of endpoint: Endpoint) async throws(SystemError) -> [SocketAddress] {
        switch endpoint {
        case .unix(let path):
            return [try SocketAddress(unixPath: path)]
        case .inProcess:
            return []
        case .tcp(let host, let port):
            let digits = try? Resolver.addresses(
                of: host, port: port, family: AF_UNSPEC, digitsOnly: true)
            if let digits { return digits }
            return try await blocking.run { () throws(SystemError) in
                try Resolver.addresses(of: host, port: port, family: AF_UNSPEC)
            }
        }
    }

    private func connect(
        to address: SocketAddress, until deadline: Deadline?
    ) async throws(DialError) -> Socket {
        if let deadline, deadline.milliseconds <= Int64(loop.now / 1_000_000) { throw .timedOut }
        let descriptor = try dialing { () throws(SystemError) in
            try Descriptor(streamOfFamily: address.family)
        }
        let isConnected = try dialing { () throws(SystemError) in try descriptor.connect(to: address) }
        if !isConnected { try await finish(descriptor, until: deadline) }
        return Socket(owning: descriptor)
    }

    /// Waits for the outcome of a connect that is under way.
    private func finish(
        _ descriptor: borrowing Descriptor, until deadline: Deadline?
    ) async throws(DialError) {
        let registration = try dialing { () throws(SystemError) in
            try Registration(descriptor, on: loop, armed: .writable)
        }
        defer { registration.close() }
        let readiness = await withTaskCancellationHandler {
            await registration.wait(for: .writable, until: deadline)
        } onCancel: {
            registration.cancel()
        }
        if readiness.contains(.cancelled) { throw .cancelled }
        if readiness.contains(.timedOut) { throw .timedOut }
        let code = try dialing { () throws(SystemError) in try descriptor.option(SOL_SOCKET, SO_ERROR) }
        if code != 0 { throw .system(SystemError("connect", code: code)) }
    }

    private func dialing<Answer: ~Copyable>(
        _ body: () throws(SystemError) -> Answer
    ) throws(DialError) -> Answer {
        do throws(SystemError) { return try body() } catch { throw .system(error) }
    }
}

extension Descriptor {
    /// Begins to connect; false if the outcome will come later, when the descriptor is writable.
    func connect(to address: SocketAddress) throws(SystemError) -> Bool {
        // The address outlives the call.
        let answer = unsafe address.withPointer { unsafe Glibc.connect(number, $0, $1) }
        if answer == 0 { return true }
        // An interrupted connect goes on by itself.
        guard errno == EINPROGRESS || errno == EINTR else { throw .last("connect") }
        return false
    }
}
