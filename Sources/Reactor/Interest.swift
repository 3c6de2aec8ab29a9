// Inlinable, as the sets are put together and taken apart with each wait of each connection, in
// another module; unspecialised that costs as much as the wait.

/// What a wait is for.
package struct Interest: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    @inlinable
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Whether all of the other is part of it: what the standard library would find by way of a witness.
    @inlinable
    package func contains(_ other: Interest) -> Bool { rawValue & other.rawValue == other.rawValue }

    /// Nothing of the descriptor's own.
    @inlinable package static var nothing: Interest { Interest(rawValue: 0) }
    /// Bytes, or the end of the stream, or a connection to accept.
    @inlinable package static var readable: Interest { Interest(rawValue: 1 << 0) }
    /// Room to write, or a connect that has ended.
    @inlinable package static var writable: Interest { Interest(rawValue: 1 << 1) }
    /// The peer has closed its side, even if bytes before that are still unread.
    @inlinable package static var hangup: Interest { Interest(rawValue: 1 << 2) }

    /// How a registration may be armed, and no interest of a wait: epoll tells of input once when it comes, not
    /// for as long as it is there, and so looks at each descriptor once, not twice.
    ///
    /// Who reads must read until there is nothing more, or call `Registration.expectMore()`.
    static var edgeTriggered: Interest { Interest(rawValue: 1 << 3) }
    /// What an edge-triggered registration is armed for at all times.
    package static var input: Interest { [.readable, .hangup, .edgeTriggered] }
}

/// Why a wait ended.
///
/// The first two are hints: the call itself may still say that it would block.
package struct Readiness: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    @inlinable
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Whether all of the other is part of it: what the standard library would find by way of a witness.
    @inlinable
    package func contains(_ other: Readiness) -> Bool { rawValue & other.rawValue == other.rawValue }

    @inlinable package static var readable: Readiness { Readiness(rawValue: 1 << 0) }
    @inlinable package static var writable: Readiness { Readiness(rawValue: 1 << 1) }
    /// The peer is gone or an error is pending: reading and writing tell which.
    @inlinable package static var hangup: Readiness { Readiness(rawValue: 1 << 2) }
    /// Someone called `signal()`, once or any number of times since the last wait.
    @inlinable package static var signalled: Readiness { Readiness(rawValue: 1 << 3) }
    /// The wait's deadline has passed.
    @inlinable package static var timedOut: Readiness { Readiness(rawValue: 1 << 4) }
    /// `cancel()` was called; every later wait ends at once with this.
    @inlinable package static var cancelled: Readiness { Readiness(rawValue: 1 << 5) }
    /// The registration is closed; every later wait ends at once with this.
    @inlinable package static var closed: Readiness { Readiness(rawValue: 1 << 6) }

    /// What ends a wait whatever it is for.
    static let unconditional = Readiness(rawValue: 0b111_1000)
    /// What is told again to each wait.
    static let lasting = Readiness(rawValue: 0b110_0000)

    /// What a hangup or an error brings: all calls then end at once.
    static let broken = Readiness(rawValue: 0b000_0111)

    /// The readiness that answers an interest; the bits are the same.
    init(answering interest: Interest) {
        rawValue = interest.rawValue
    }
}
