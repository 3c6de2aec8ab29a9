import RESP

/// Access to streams. An empty stream stays, other than an empty collection.
extension Call {
    /// The stream of `key` for a command that reads it; nil if there is none.
    @inline(__always)
    mutating func readStream(_ key: RawSpan) throws(CommandError) -> Stream? {
        guard let entry = try read(key, .stream) else { return nil }
        return entry.stream
    }

    /// Lets `body` change a stream.
    @inline(__always)
    func change<R>(_ stream: Stream, _ body: (Stream) -> R) -> R { keyspace.arena.resize(stream, body) }

    /// Tells of a change to the stream at `slot`, which becomes the key's value if that is new.
    @inline(__always)
    mutating func finishChange(
        _ key: RawSpan, _ slot: inout KeySlot, _ stream: Stream, _ event: KeyspaceEvent, count: Int = 1
    ) {
        let isNew = slot.entry == nil
        if isNew {
            let entry = Entry.make(key: key, object: stream, kind: .stream, in: keyspace.arena)
            keyspace.insert(entry, at: &slot)
        }
        finishWrite(key, slot, isNew: isNew, event, count: count)
    }
}

extension Entry {
    /// The stream of an entry that has one.
    var stream: Stream {
        @inline(__always) get {
            assert(kind == .stream)
            // The kind says what the object is.
            return unsafe unsafeDowncast(object, to: Stream.self)
        }
    }
}

extension Arguments {
    /// The argument as a full or incomplete ID.
    @inline(__always)
    func streamID(_ index: Int) throws(CommandError) -> StreamID {
        guard let id = StreamID.parse(self[index]) else { throw .invalidStreamID }
        return id
    }

    /// The argument as the first ID of a range, which `(` leaves out.
    func rangeStart(_ index: Int) throws(CommandError) -> StreamID {
        let (id, isExcluded) = try edge(index, missing: 0)
        if !isExcluded { return id }
        guard let next = id.successor else { throw CommandError("ERR invalid start ID for the interval") }
        return next
    }

    /// The argument as the last ID of a range, which `(` leaves out.
    func rangeEnd(_ index: Int) throws(CommandError) -> StreamID {
        let (id, isExcluded) = try edge(index, missing: .max)
        if !isExcluded { return id }
        guard let before = id.predecessor else { throw CommandError("ERR invalid end ID for the interval") }
        return before
    }

    private func edge(_ index: Int, missing: UInt64) throws(CommandError) -> (StreamID, isExcluded: Bool) {
        let text = self[index]
        let isExcluded = text.byteCount > 1 && text[byte: 0] == UInt8(ascii: "(")
        let id =
            isExcluded
            ? StreamID.parse(text.extracting(1..<text.byteCount), missing: missing)
            : StreamID.parseEdge(text, missing: missing)
        guard let id else { throw .invalidStreamID }
        return (id, isExcluded)
    }
}

extension CommandError {
    static let invalidStreamID = CommandError("ERR Invalid stream ID specified as stream command argument")

    /// A text with two names of the client's in it.
    static func noGroup(
        _ first: StaticString, _ key: RawSpan, _ middle: StaticString, _ group: RawSpan, _ end: StaticString
    )
        -> CommandError
    {
        CommandError(
            bytes: Array(first.description.utf8) + key.untilNUL + Array(middle.description.utf8)
                + group.untilNUL + Array(end.description.utf8))
    }
}
