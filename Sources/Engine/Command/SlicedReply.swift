public import RESP

/// The rest of a long reply, written slice by slice while others have their turns in between.
///
/// What it is read from stands still until then: `Dataset.frozen` names it, and whoever would change it has
/// to wait. So the reply is that of one moment.
public final class SlicedReply {
    /// Writes a slice more; false when nothing is left.
    typealias Writer = (inout ReplyWriter, Slice) -> Bool

    /// How much is written at once: so little that it takes a fraction of a millisecond.
    struct Slice {
        let elements = 1024
        /// The count of the reply's bytes beyond which it has enough, as elements may be long.
        let end: Int

        fileprivate init(after count: Int) { end = count + 256 << 10 }

        func isFull(_ reply: borrowing ReplyWriter) -> Bool { reply.count > end }
    }

    private let dataset: Dataset
    private let subject: FrozenKeys.Subject
    private var writer: Writer?

    init(_ dataset: Dataset, freezing subject: FrozenKeys.Subject, _ writer: @escaping Writer) {
        self.dataset = dataset
        self.subject = subject
        self.writer = writer
        dataset.frozen.insert(subject)
    }

    /// Writes a slice more; false when that was all.
    public func writeSome(_ reply: inout ReplyWriter) -> Bool {
        guard let writer else { return false }
        if writer(&reply, Slice(after: reply.count)) { return true }
        end()
        return false
    }

    /// Gives up what is left, and lets its subject be changed again.
    public func end() {
        guard writer.take() != nil else { return }
        dataset.frozen.remove(subject)
    }

    /// From so many elements on a reply is written in slices.
    static let fewestElements = 8192
}

/// What is being read over several turns of the loop and may not be changed meanwhile.
public struct FrozenKeys {
    /// A key, or with nil all keys of all keyspaces.
    typealias Subject = Effects.Key?

    private var counts: [Subject: Int] = [:]

    /// Whether nothing is.
    public var isEmpty: Bool { counts.isEmpty }

    /// Whether all keys are.
    public var holdsAll: Bool { counts[nil] != nil }

    mutating func insert(_ subject: Subject) { counts[subject, default: 0] += 1 }

    mutating func remove(_ subject: Subject) {
        guard let count = counts[subject] else { return }
        counts[subject] = count > 1 ? count - 1 : nil
    }

    /// Whether a key may not be changed.
    public func holds(_ key: RawSpan, in database: Int) -> Bool {
        !isEmpty && (holdsAll || counts[Effects.Key(database: database, key: [UInt8](key))] != nil)
    }

    /// Whether a command on keyspace `database` has to wait because of what it may change.
    public func holdsBack(_ info: CommandInfo, _ arguments: Arguments, in database: Int) -> Bool {
        guard info.flags.contains(.write) else { return false }
        // Those without keys change whole keyspaces, and some have keys in others.
        guard !holdsAll, info.hasKeys, let keys = info.keys(of: arguments) else { return true }
        return keys.contains { key in
            counts.keys.contains { subject in
                guard let subject else { return true }
                // The array lives until it is compared.
                return unsafe arguments[key.position].equals(subject.key.span.bytes)
            }
        }
    }
}

extension Call {
    /// Whether a reply of so many elements is to be written in slices.
    func slices(_ count: Int) -> Bool { maySlice && count >= SlicedReply.fewestElements }

    /// Has the rest of the reply written in slices, while `key` stands still.
    mutating func writeInSlices(holding key: RawSpan, _ writer: @escaping SlicedReply.Writer) {
        let subject = Effects.Key(database: keyspace.number, key: [UInt8](key))
        slicedReply = SlicedReply(dataset, freezing: subject, writer)
        isUnfinished = true
    }

    /// Has the rest of the reply written in slices, while all keys stand still.
    mutating func writeInSlices(_ writer: @escaping SlicedReply.Writer) {
        slicedReply = SlicedReply(dataset, freezing: nil, writer)
        isUnfinished = true
    }

    /// Has the entries of a table written in slices, while `key`, which holds it, stands still.
    mutating func writeInSlices(
        holding key: RawSpan, _ value: TableValue, _ write: @escaping (Entry, inout ReplyWriter) -> Void
    ) {
        var next = 0
        writeInSlices(holding: key) { reply, slice in
            let end = min(next + slice.elements / EntryTable.growLoad, value.table.bucketCount)
            while next < end, !slice.isFull(reply) {
                value.table.visit(value.table.bucket(at: next)) { write($0, &reply) }
                next += 1
            }
            return next < value.table.bucketCount
        }
    }

    /// Takes out the rest of the reply of the command that just ran.
    public mutating func takeSlicedReply() -> SlicedReply? {
        isUnfinished = false
        return slicedReply.take()
    }
}
