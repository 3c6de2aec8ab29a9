public import RESP

/// What a command waits for that found nothing yet: it is run again, from the start, when that may have come.
public struct Wait: Sendable {
    /// What makes it worth trying again.
    public enum Reason: Sendable {
        /// That one of the keys at these positions of the arguments holds a value of this type; if
        /// `orWhenGone`, also that it has gone or got a value of another type.
        case keys(Range<Int>, DataType, orWhenGone: Bool)
        /// Only the end of the time.
        case time
    }

    public let reason: Reason
    /// When the client gets `lateReply`, in Unix milliseconds; nil if it waits for ever.
    public let deadline: Int64?
    /// When it is worth trying again although nothing has changed, in Unix milliseconds.
    public let retryTime: Int64?
    /// Arguments that mean something else by the time the command runs again, with what to put in their
    /// places, by position.
    public let replacements: [Int: [UInt8]]
    /// What the client is answered when its time is over.
    public let lateReply: @Sendable (inout ReplyWriter) -> Void
}

extension Call {
    /// Has the client wait for one of the keys at `positions`; where nobody can wait (in a transaction, a
    /// script or a replayed file), its time is over at once.
    ///
    /// The command must not have replied. The keys must be looked at in the order of the arguments.
    public mutating func wait(
        forKeys positions: Range<Int>, of type: DataType, until deadline: Int64?, orWhenGone: Bool = false,
        retryAt retryTime: Int64? = nil, replacing replacements: [Int: [UInt8]] = [:]
    ) {
        wait(
            Wait(
                reason: .keys(positions, type, orWhenGone: orWhenGone), deadline: deadline,
                retryTime: retryTime, replacements: replacements, lateReply: { $0.nullArray() }))
    }

    /// Has the client wait until its time is over, when `lateReply` answers it.
    public mutating func wait(
        until deadline: Int64?, _ lateReply: @escaping @Sendable (inout ReplyWriter) -> Void
    ) {
        wait(
            Wait(
                reason: .time, deadline: deadline, retryTime: nil, replacements: [:], lateReply: lateReply))
    }

    private mutating func wait(_ wait: Wait) {
        guard mayWait else { return wait.lateReply(&reply) }
        self.wait = wait
        isUnfinished = true
    }

    /// Takes out what the command that just ran waits for.
    public mutating func takeWait() -> Wait? {
        isUnfinished = false
        return wait.take()
    }
}

extension Arguments {
    /// The moment at which a wait ends that the argument bounds to so many seconds; nil for 0, which is no bound.
    func deadline(_ index: Int, now: Int64) throws(CommandError) -> Int64? {
        guard let seconds = LongDouble(self[index]) else {
            throw CommandError("ERR timeout is not a float or out of range")
        }
        let milliseconds = (seconds.value * 1000).rounded(.up)
        guard milliseconds >= 0 else { throw CommandError("ERR timeout is negative") }
        guard let whole = Int64(exactly: milliseconds) else { throw .timeoutOutOfRange }
        return try Self.deadline(in: whole, now)
    }

    /// The same for whole milliseconds.
    public func deadline(milliseconds index: Int, now: Int64) throws(CommandError) -> Int64? {
        guard let whole = Decimal.parse(self[index]) else {
            throw CommandError("ERR timeout is not an integer or out of range")
        }
        guard whole >= 0 else { throw CommandError("ERR timeout is negative") }
        return try Self.deadline(in: whole, now)
    }

    private static func deadline(in milliseconds: Int64, _ now: Int64) throws(CommandError) -> Int64? {
        if milliseconds == 0 { return nil }
        let (deadline, overflow) = now.addingReportingOverflow(milliseconds)
        guard !overflow else { throw .timeoutOutOfRange }
        return deadline
    }
}

extension CommandError {
    fileprivate static let timeoutOutOfRange = CommandError("ERR timeout is out of range")
}

extension Dataset {
    /// The type of the value that `key` holds at `now` (Unix milliseconds); nil if it holds none or is due.
    public func type(of key: Effects.Key, now: Int64) -> DataType? {
        guard keyspaces.indices.contains(key.database) else { return nil }
        let keyspace = keyspaces[key.database]
        // The array lives until the entry is found.
        guard let entry = unsafe keyspace.locate(key.key.span.bytes).entry,
            keyspace.deadline(of: entry) ?? .max >= now
        else { return nil }
        return entry.kind.type
    }
}
