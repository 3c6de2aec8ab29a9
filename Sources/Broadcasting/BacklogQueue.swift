import RESP

/// The entries of a `Backlog`, and which of them is next.
///
/// Messages that may go are numbered in the order they come. What is kept remembers the number of the
/// message before which it stands; a gap, that of its first message. So all three queues are in order, and
/// their heads say which of them is next.
struct BacklogQueue: ~Copyable, Sendable {
    fileprivate enum Body {
        case shared(SharedMessage)
        case copied([UInt8])

        var count: Int {
            switch self {
            case .shared(let message): message.count
            case .copied(let bytes): bytes.count
            }
        }
    }

    fileprivate struct Kept {
        /// The number of the message before which it stands.
        let before: Int
        var body: Body
    }

    /// The entry of which a part was taken.
    fileprivate struct Current {
        let body: Body
        var offset: Int
        let isKept: Bool
    }

    private var messages = Ring<SharedMessage>()
    /// The number of the oldest of `messages`.
    private var base = 0
    private var kept = Ring<Kept>()
    /// How many of the oldest of `kept` stand before `base`, and the last number before which one stood.
    private var passed = 0
    private var barrier = 0
    private var gaps = Ring<Gap>()
    /// Where the last gap begins.
    private var lastGap = 0
    private var current: Current?

    /// Bytes of messages that may go, of what is kept, and of the message of which a part was taken.
    private var messageBytes = 0
    private(set) var keptBytes = 0
    private var currentBytes = 0

    /// Entries from which on small ones that are kept are put together, as each costs more than its bytes.
    private static let mostSmallEntries = 16
    private static let smallEntry = 128
    /// Bytes that are put together in one piece.
    private static let pieceSize = 16 << 10

    /// An empty backlog; it owns no memory.
    init() {}

    /// Whether there is nothing to get.
    var isEmpty: Bool {
        messages.isEmpty && kept.isEmpty && gaps.isEmpty && current == nil
    }

    /// All bytes that wait.
    var bytes: Int { messageBytes + keptBytes + currentBytes }

    /// Messages that wait and may go.
    var count: Int { messages.count }

    // MARK: Adding

    /// Adds a message, and lets the oldest go while there are more than `limit`; returns how many went.
    mutating func add(_ message: SharedMessage, within limit: Backlog.Limit) -> Int {
        messages.append(message)
        messageBytes += message.count
        var dropped = 0
        while messages.count > 1, messages.count > limit.messages || messageBytes > limit.bytes {
            dropFirst()
            dropped += 1
        }
        return dropped
    }

    /// Adds a message that must not go.
    mutating func keep(_ message: SharedMessage) {
        if kept.count >= Self.mostSmallEntries, message.count <= Self.smallEntry {
            return keep(message.bytes)
        }
        keep(.shared(message))
    }

    /// Adds a copy of bytes that must not go.
    mutating func keep(_ bytes: RawSpan) {
        guard bytes.byteCount > 0 else { return }
        let end = end
        var isAdded = false
        kept.update(kept.count - 1) { entry in
            guard entry.before == end else { return }
            isAdded = entry.body.extend(by: bytes, upTo: Self.pieceSize)
        }
        guard isAdded else { return keep(.copied(bytes.array)) }
        keptBytes += bytes.byteCount
    }

    private mutating func keep(_ body: Body) {
        keptBytes += body.count
        kept.append(Kept(before: end, body: body))
    }

    /// The number of the next message.
    private var end: Int { base + messages.count }

    private mutating func dropFirst() {
        guard let message = messages.popFirst() else { return }
        messageBytes -= message.count
        while let entry = kept[passed], entry.before <= base {
            barrier = entry.before
            passed += 1
        }
        if gaps.isEmpty || lastGap < barrier {
            gaps.append(Gap(start: base, message))
            lastGap = base
        } else {
            gaps.update(gaps.count - 1) { $0.add(message) }
        }
        base += 1
    }

    // MARK: Taking

    /// Moves what waits behind the bytes of `output`, in order, until that holds `most` bytes or nothing
    /// is left.
    ///
    /// A message may be taken in pieces, and is then not lost any more. `tell` encodes what was missed.
    mutating func drain(
        into output: inout ByteBuffer, upTo most: Int, tell: (Missed, inout ByteBuffer) -> Void
    ) {
        while output.count < most {
            let nextKept = kept.first { $0.before } ?? .max
            if current != nil {
                takeCurrent(into: &output, upTo: most)
            } else if let start = gaps.first({ $0.start }), start < nextKept, let gap = gaps.popFirst() {
                for missed in gap.missed { tell(missed, &output) }
            } else if nextKept <= base, let entry = kept.popFirst() {
                passed = max(passed - 1, 0)
                take(entry.body, isKept: true, into: &output, upTo: most)
            } else if let message = messages.popFirst() {
                base += 1
                take(.shared(message), isKept: false, into: &output, upTo: most)
            } else {
                return
            }
        }
    }

    /// Takes an entry that has left its queue, or as much of it as fits.
    private mutating func take(
        _ body: Body, isKept: Bool, into output: inout ByteBuffer, upTo most: Int
    ) {
        let count = body.count
        if !isKept { messageBytes -= count }
        guard output.count + count > most else {
            if isKept { keptBytes -= count }
            return body.append(from: 0, count, to: &output)
        }
        if !isKept { currentBytes = count }
        current = Current(body: body, offset: 0, isKept: isKept)
        takeCurrent(into: &output, upTo: most)
    }

    private mutating func takeCurrent(into output: inout ByteBuffer, upTo most: Int) {
        guard var entry = current.take() else { return }
        let rest = entry.body.count - entry.offset
        let count = min(rest, most - output.count)
        entry.body.append(from: entry.offset, count, to: &output)
        entry.offset += count
        if entry.isKept { keptBytes -= count } else { currentBytes -= count }
        if count < rest { current = entry }
    }
}

extension BacklogQueue.Body {
    /// Appends to a copy that has room for more; false if this is none.
    fileprivate mutating func extend(by bytes: RawSpan, upTo most: Int) -> Bool {
        guard case .copied(var piece) = self, piece.count + bytes.byteCount <= most else { return false }
        // The array is to have one owner while it grows.
        self = .copied([])
        piece.append(bytes)
        self = .copied(piece)
        return true
    }

    fileprivate func append(from offset: Int, _ count: Int, to output: inout ByteBuffer) {
        switch self {
        case .shared(let message):
            output.append(message.bytes.extracting(offset..<offset + count))
        case .copied(let bytes):
            // The array lives until the call returns.
            unsafe output.append(bytes.span.bytes.extracting(offset..<offset + count))
        }
    }
}

extension RawSpan {
    fileprivate var array: [UInt8] {
        // Lent for the call.
        unsafe withUnsafeBytes { unsafe Array($0) }
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ bytes: RawSpan) {
        // Lent for the call.
        unsafe bytes.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }
}

extension BacklogQueue {
    /// Traps unless counts and orders agree; for tests.
    func checkInvariants() {
        let waiting = (0..<messages.count).compactMap { messages[$0] }
        precondition(waiting.count == messages.count && waiting.map(\.count).reduce(0, +) == messageBytes)
        let entries = (0..<kept.count).compactMap { kept[$0] }
        var expected = entries.map(\.body.count).reduce(0, +)
        if let current {
            precondition(current.offset > 0 && current.offset < current.body.count)
            if current.isKept { expected += current.body.count - current.offset }
            precondition(current.isKept == (currentBytes == 0))
        } else {
            precondition(currentBytes == 0)
        }
        precondition(entries.count == kept.count && expected == keptBytes)
        let positions = entries.map(\.before)
        precondition(positions == positions.sorted() && positions.allSatisfy { $0 <= end })
        precondition(passed <= kept.count && entries.prefix(passed).allSatisfy { $0.before <= base })
        let starts = (0..<gaps.count).compactMap { gaps[$0]?.start }
        precondition(starts == starts.sorted() && starts.allSatisfy { $0 < base })
        let missing = (0..<gaps.count).compactMap { gaps[$0] }.flatMap(\.missed).map(\.count).reduce(0, +)
        precondition(missing == (starts.first.map { base - $0 } ?? 0))
    }
}
