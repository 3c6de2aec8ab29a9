/// Requests that are kept to be run later: copies of their words behind each other in one buffer.
///
/// Big bulk strings, which have blocks of their own, are shared and not copied. Who fills a queue bounds it.
public struct RequestQueue: Sendable {
    private var bytes: [UInt8] = []
    private var ranges: [ArgumentRange] = []
    /// For each request the index after its last range.
    private var ends: [Int] = []
    private var blocks: [BulkBlock] = []

    /// Bytes of all words.
    public private(set) var wordBytes = 0

    /// Creates a queue that holds no memory.
    public init() {}

    /// How many requests there are.
    public var count: Int { ends.count }

    /// How many words they have in all.
    public var wordCount: Int { ranges.count }

    /// Bytes of memory allocated besides the blocks.
    public var allocatedBytes: Int {
        bytes.capacity + ranges.capacity * MemoryLayout<ArgumentRange>.stride
            + ends.capacity * MemoryLayout<Int>.stride
    }

    /// Adds a request, with the words at some positions replaced by others; false when the words of all come
    /// to more than can be named.
    public mutating func append(_ request: Arguments, replacing replacements: [Int: [UInt8]] = [:]) -> Bool {
        var added = 0
        for index in 0..<request.count {
            if let replacement = replacements[index] {
                added += replacement.count
            } else if request.block(index) == nil {
                added += request[index].byteCount
            }
        }
        guard bytes.count + added <= ArgumentRange.reach else { return false }
        bytes.reserveCapacity(grown(bytes.capacity, toHold: bytes.count + added))
        ranges.reserveCapacity(grown(ranges.capacity, toHold: ranges.count + request.count))
        for index in 0..<request.count {
            if let replacement = replacements[index] {
                // The array lives until it is copied.
                unsafe append(replacement.span.bytes)
            } else if let block = request.block(index) {
                ranges.append(ArgumentRange(block: blocks.count))
                blocks.append(block)
                wordBytes += block.count
            } else {
                append(request[index])
            }
        }
        wordBytes += added
        ends.append(ranges.count)
        return true
    }

    private mutating func append(_ word: RawSpan) {
        ranges.append(ArgumentRange(start: bytes.count, count: word.byteCount))
        // The bytes are copied while the view lives.
        unsafe word.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }

    private func grown(_ capacity: Int, toHold count: Int) -> Int {
        count <= capacity ? capacity : max(count, capacity * 2)
    }

    /// The words of request `index`, valid until the queue changes; none if there is no such one.
    @_lifetime(borrow self)
    public func request(_ index: Int) -> Arguments {
        let end = ends.indices.contains(index) ? ends[index] : 0
        let start = end > 0 && index > 0 ? ends[index - 1] : 0
        let span = ranges.span.extracting(start..<end)
        // All three spans borrow from self, as do those made of them.
        let arguments = unsafe Arguments(bytes: bytes.span.bytes, ranges: span, blocks: blocks.span)
        return unsafe _overrideLifetime(arguments, borrowing: self)
    }

    /// Takes everything out and leaves an empty queue.
    public mutating func take() -> RequestQueue {
        let taken = self
        self = RequestQueue()
        return taken
    }
}
