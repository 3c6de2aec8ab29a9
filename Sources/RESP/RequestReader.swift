/// Turns a connection's input into frames, each a list of argument ranges, without copying.
///
/// Bytes go in through `fill`, `parse` finds the whole frames in them, the owner runs frames
/// `0..<frameCount` and calls `finishBatch`. Input may arrive in pieces of any size. After a
/// protocol error (`failure`) nothing more is parsed. Ranges count from the head of the buffer,
/// so the buffer may move its bytes but consumes none until the batch is finished.
public struct RequestReader: ~Copyable, Sendable {
    @usableFromInline var buffer = ByteBuffer()
    @usableFromInline var ranges: [ArgumentRange] = []
    /// For each complete frame the index after its last range.
    @usableFromInline var ends: [Int] = []
    @usableFromInline var blocks: [BulkBlock] = []
    /// Index of the next frame to run; the owner's cursor through the batch.
    public var next = 0
    /// Set when the input is malformed; the frames before it are still good.
    public internal(set) var failure: ProtocolError?

    /// Offset of the first byte that is not parsed.
    var position = 0
    /// Offset after the last complete frame.
    var frameEnd = 0
    /// Arguments that the frame in progress still lacks; 0 between frames.
    var missingArguments = 0
    /// Length of the bulk string whose bytes come next, or -1 before its `$` line.
    var bulkLength = -1
    /// The big bulk string that is being read straight into its place.
    var pendingBlock: BulkBlock?
    /// How much the next read is expected to bring, after those before it.
    private var expectedRead = Self.smallestRead

    /// Bulk strings from this size on get a block of their own, as in Redis (`PROTO_MBULK_BIG_ARG`).
    public static let bigBulk = 32 << 10
    /// Frames parsed at once: bounds a batch, so that a deep pipeline takes turns with others.
    static let framesPerBatch = 512
    /// Most bytes asked of the socket at once.
    static let largestRead = 64 << 10
    /// Room that an idle reader keeps for the rest of a frame in progress.
    public static let keptFree = smallestRead
    /// First size of the read buffer: enough for usual requests, little enough for idle thousands.
    static let smallestRead = 512

    /// Creates a reader that holds no memory.
    public init() {}

    /// How many complete frames the batch has.
    @inlinable public var frameCount: Int { ends.count }

    /// Bytes held for this client: unparsed or unexecuted input and big bulk strings.
    public var heldBytes: Int {
        var sum = buffer.count + (pendingBlock?.filled ?? 0)
        for block in blocks { sum += block.count }
        return sum
    }

    /// Bytes of memory allocated for reading.
    public var allocatedBytes: Int {
        buffer.capacity + ranges.capacity * MemoryLayout<ArgumentRange>.stride
            + ends.capacity * MemoryLayout<Int>.stride + (pendingBlock?.count ?? 0)
    }

    /// Bytes for reading in use and free, as CLIENT LIST shows them (`qbuf`, `qbuf-free`).
    public var bufferUse: (used: Int, free: Int) {
        guard let block = pendingBlock else { return (buffer.count, buffer.capacity - buffer.count) }
        return (buffer.count + block.filled, buffer.capacity - buffer.count + block.count - block.filled)
    }

    /// Bytes of those arguments of the frame in progress that have arrived.
    public var pendingArgumentBytes: Int {
        guard missingArguments > 0 else { return 0 }
        var sum = 0
        for range in ranges[(ends.last ?? 0)...] {
            let index = Int(range.count)
            sum += range.start == ArgumentRange.blockMark ? blocks[index].count : index
        }
        return sum
    }

    /// Whether nothing is buffered and no frame is in progress.
    public var isIdle: Bool { buffer.isEmpty && missingArguments == 0 && pendingBlock == nil }

    /// Lets `body` write input into the reader's memory; it returns how many bytes it wrote.
    public mutating func fill<Failure: Error>(
        _ body: (inout MutableRawSpan) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        if let block = pendingBlock, !block.isFull { return try block.fill(body) }
        if buffer.room < Self.smallestRead / 2 {
            buffer.reserve(min(max(buffer.capacity, expectedRead), Self.largestRead))
        }
        let count = try buffer.fill(body)
        // A read that filled the room would have brought more.
        let wanted = buffer.room == 0 ? count * 2 : count
        if wanted > expectedRead || wanted * 4 < expectedRead {
            expectedRead = min(max(wanted.roundedUpToPowerOfTwo, Self.smallestRead), Self.largestRead)
        }
        return count
    }

    /// The arguments of frame `index`, valid until the batch is finished.
    @inlinable @_lifetime(borrow self)
    public func frame(_ index: Int) -> Arguments {
        let start = index == 0 ? 0 : ends[index &- 1]
        let span = ranges.span.extracting(start..<ends[index])
        let arguments = Arguments(bytes: buffer.bytes, ranges: span, blocks: blocks.span)
        // All three spans borrow from self.
        return unsafe _overrideLifetime(arguments, borrowing: self)
    }
}

extension Int {
    /// The least power of two that is not less; 1 for numbers below.
    fileprivate var roundedUpToPowerOfTwo: Int {
        self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount)
    }
}
