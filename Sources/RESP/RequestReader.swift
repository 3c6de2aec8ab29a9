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
    /// Whether the buffer stays the reader's until that is idle: its input comes in pieces, each of which would
    /// have to be copied out of a shared buffer and back into one.
    var ownsBuffer = false
    /// The big bulk string that is being read straight into its place.
    var pendingBlock: BulkBlock?

    /// Bulk strings from this size on get a block of their own, as in Redis (`PROTO_MBULK_BIG_ARG`).
    public static let bigBulk = 32 << 10
    /// Frames parsed at once: bounds a batch, so that a deep pipeline takes turns with others.
    static let framesPerBatch = 512
    /// Most bytes asked of the socket at once, and the size of a buffer that readers share: as in Redis,
    /// and less than a big bulk string, which so never arrives as a whole.
    static let largestRead = 16 << 10
    /// Room that a reader keeps behind a frame in progress while it has no shared buffer.
    public static let keptFree = 512
    /// Most unparsed bytes that are moved between a reader's own buffer and a shared one.
    static let mostMoved = 8 << 10

    /// Creates a reader that holds no memory.
    public init() {}

    /// How many complete frames the batch has.
    @inlinable public var frameCount: Int { ends.count }

    /// Bytes held for this client: unparsed or unexecuted input and big bulk strings.
    public var heldBytes: Int {
        var sum = buffer.count + (pendingBlock?.filled ?? 0)
        if !blocks.isEmpty { for block in blocks { sum += block.count } }
        return sum
    }

    /// Bytes of memory allocated for reading.
    public var allocatedBytes: Int {
        buffer.capacity + ranges.capacity * MemoryLayout<ArgumentRange>.stride
            + ends.capacity * MemoryLayout<Int>.stride + (pendingBlock?.capacity ?? 0)
    }

    /// Bytes for reading in use and free, as CLIENT LIST shows them (`qbuf`, `qbuf-free`).
    public var bufferUse: (used: Int, free: Int) {
        guard let block = pendingBlock else { return (buffer.count, buffer.capacity - buffer.count) }
        return (buffer.count + block.filled, buffer.capacity - buffer.count + block.capacity - block.filled)
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

    /// Whether there is input behind the batch's frames, whole frames perhaps.
    public var hasUnparsedInput: Bool { position < buffer.count }

    /// Whether nothing is buffered and no frame is in progress.
    public var isIdle: Bool { buffer.isEmpty && missingArguments == 0 && pendingBlock == nil }

    /// Lets `body` write input into the reader's memory; it returns how many bytes it wrote.
    public mutating func fill<Failure: Error>(
        _ body: (inout MutableRawSpan) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        if let block = pendingBlock, !block.isFull {
            guard block.regain() else {
                failure = .outOfMemory
                return 0
            }
            return try block.fill(body)
        }
        if buffer.room < Self.keptFree {
            let free = buffer.capacity - buffer.count
            buffer.reserve(free >= Self.mostMoved ? free : Self.largestRead)
        }
        return try buffer.fill(body)
    }

    /// Reads into `spare` from now on, a buffer that many readers share, if that has more room.
    ///
    /// Most clients are between two requests most of the time: then they need no buffer at all, and
    /// one that is passed around is still in the processor's cache.
    public mutating func borrowBuffer(from spare: inout ByteBuffer) {
        guard spare.capacity > buffer.capacity, buffer.count <= Self.mostMoved, pendingBlock == nil else {
            return
        }
        if !buffer.isEmpty { spare.append(buffer.bytes) }
        swap(&buffer, &spare)
        spare = ByteBuffer()
    }

    /// Gives the buffer back when the batch is over, unless something is unparsed.
    ///
    /// A small buffer with something unparsed becomes one that just fits.
    public mutating func returnBuffer(to spare: inout ByteBuffer) {
        guard ends.isEmpty else { return }
        if !buffer.isEmpty, buffer.capacity >= Self.largestRead, pendingBlock == nil { ownsBuffer = true }
        guard !ownsBuffer, buffer.count <= Self.mostMoved else { return }
        let isShareable = buffer.capacity == Self.largestRead && spare.capacity == 0
        let isIdle = isIdle
        guard isShareable || isIdle else { return }
        var kept = ByteBuffer(capacity: isIdle ? 0 : buffer.count + Self.keptFree)
        if !isIdle { kept.append(buffer.bytes) }
        swap(&buffer, &kept)
        if isShareable {
            kept.removeAll()
            spare = kept
        }
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
