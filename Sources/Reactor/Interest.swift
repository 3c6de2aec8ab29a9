/// What a wait is for.
package struct Interest: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Bytes, or the end of the stream, or a connection to accept.
    package static let readable = Interest(rawValue: 1 << 0)
    /// Room to write, or a connect that has ended.
    package static let writable = Interest(rawValue: 1 << 1)
    /// The peer has closed its side, even if bytes before that are still unread.
    package static let hangup = Interest(rawValue: 1 << 2)
}

/// Why a wait ended.
///
/// The first two are hints: the call itself may still say that it would block.
package struct Readiness: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let readable = Readiness(rawValue: 1 << 0)
    package static let writable = Readiness(rawValue: 1 << 1)
    /// The peer is gone or an error is pending: reading and writing tell which.
    package static let hangup = Readiness(rawValue: 1 << 2)
    /// Someone called `signal()`, once or any number of times since the last wait.
    package static let signalled = Readiness(rawValue: 1 << 3)
    /// The wait's deadline has passed.
    package static let timedOut = Readiness(rawValue: 1 << 4)
    /// `cancel()` was called; every later wait ends at once with this.
    package static let cancelled = Readiness(rawValue: 1 << 5)
    /// The registration is closed; every later wait ends at once with this.
    package static let closed = Readiness(rawValue: 1 << 6)

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
