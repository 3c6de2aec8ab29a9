/// Takes a server's replies apart, RESP2 and RESP3 alike, as the bytes come in.
///
/// Bytes go in through `fill`; `next` gives one token after the other and nil when more input is
/// needed. It keeps count of what is nested in what: `closed` says how many aggregates the latest
/// token has completed, and `isBetweenReplies` whether a whole reply has. Input may come in pieces of
/// any size. After an error nothing more is parsed.
public struct ReplyParser: ~Copyable, Sendable {
    /// Longest bulk string in bytes: the default of the server's `proto-max-bulk-len`.
    public static let longestBulk = 512 << 20
    /// Most elements of one aggregate (a map's keys and values both count); no memory is set aside for
    /// what is only announced.
    public static let mostElements = 1 << 27
    /// Deepest nesting; servers use fewer than ten levels, and values that nest are freed recursively.
    public static let deepestNesting = 128
    /// Longest line in bytes: numbers are short, but scripts may answer with long statuses.
    public static let longestLine = 1 << 20
    /// Most bytes asked of the socket at once.
    static let largestRead = 64 << 10
    /// First size of the buffer, which one client has few of.
    static let smallestRead = 4 << 10
    /// Memory that is kept when everything is parsed.
    static let keptCapacity = 256 << 10

    /// An aggregate whose elements are not all there.
    private struct Level {
        var missing: Int
        /// Attributes stand beside the elements of what they are in.
        var isAttribute: Bool
    }

    var buffer = ByteBuffer()
    /// Offset of the first byte that is not parsed.
    var position = 0
    /// Bytes behind `position` that hold no end of a line.
    var scanned = 0
    /// Bytes that must be there before it is worth looking again.
    var needed = 0
    /// Whether the latest read took all the room there was, so that more is waiting.
    private var wasFilled = false
    private var levels: [Level] = []
    /// Whether an attribute has come whose value has not.
    private var owesValue = false
    private var failure: ReplyError?

    /// How many aggregates the latest token has completed, an empty one of its own included.
    public private(set) var closed = 0

    /// Creates a parser that holds no memory.
    public init() {}

    /// Whether all that was parsed forms whole replies.
    public var isBetweenReplies: Bool { levels.isEmpty && !owesValue }

    /// Whether nothing is left over and no reply has begun.
    public var isIdle: Bool { failure == nil && isBetweenReplies && position == buffer.count }

    /// Bytes of memory allocated for reading.
    public var allocatedBytes: Int { buffer.capacity }

    /// Lets `body` write input into the parser's memory; it returns how many bytes it wrote.
    ///
    /// The ranges of tokens from before are void then.
    public mutating func fill<Failure: Error>(
        _ body: (inout MutableRawSpan) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        buffer.consume(position)
        position = 0
        if buffer.isEmpty { buffer.shrink(to: Self.keptCapacity) }
        if wasFilled || buffer.room < Self.smallestRead / 2 {
            // Growth follows what has come, not what was announced; doubling bounds the copying.
            buffer.reserve(min(max(buffer.capacity * 2, Self.smallestRead), Self.largestRead))
        }
        let room = buffer.room
        let count = try buffer.fill(body)
        wasFilled = count == room
        return count
    }

    /// The bytes of a token, valid until the next `fill`.
    @_lifetime(borrow self)
    public func bytes(_ range: Range<Int>) -> RawSpan {
        guard range.lowerBound >= 0, range.upperBound <= buffer.count else {
            return buffer.bytes.extracting(first: 0)
        }
        return buffer.bytes.extracting(range)
    }

    /// The next token, or nil when more input is needed first.
    public mutating func next() throws(ReplyError) -> ReplyToken? {
        if let failure { throw failure }
        do throws(ReplyError) {
            guard let token = try element() else { return nil }
            try count(token)
            return token
        } catch {
            failure = error
            throw error
        }
    }

    /// Notes what a token begins, and which aggregates it completes.
    private mutating func count(_ token: ReplyToken) throws(ReplyError) {
        closed = 0
        switch token {
        case .array(let count), .set(let count), .push(let count):
            try open(count, isAttribute: false)
        case .map(let pairs):
            try open(pairs * 2, isAttribute: false)
        case .attribute(let pairs):
            try open(pairs * 2, isAttribute: true)
        default:
            owesValue = false
            completeElement()
        }
    }

    private mutating func open(_ count: Int, isAttribute: Bool) throws(ReplyError) {
        guard levels.count < Self.deepestNesting else { throw .tooDeep }
        owesValue = false
        levels.append(Level(missing: count, isAttribute: isAttribute))
        if count == 0 { close() }
    }

    /// One element more of the innermost aggregate is complete.
    private mutating func completeElement() {
        guard let last = levels.indices.last else { return }
        levels[last].missing -= 1
        if levels[last].missing == 0 { close() }
    }

    /// The innermost aggregate is complete, and perhaps others with it.
    private mutating func close() {
        while let level = levels.popLast() {
            closed += 1
            if level.isAttribute {
                owesValue = true
                return
            }
            guard let last = levels.indices.last else { return }
            levels[last].missing -= 1
            if levels[last].missing > 0 { return }
        }
    }
}
