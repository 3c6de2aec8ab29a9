/// Requests that are kept to be run later: copies of their words behind each other in one buffer.
///
/// Big bulk strings, which have blocks of their own, are shared and not copied. Who fills a queue bounds it.
public struct RequestQueue: ~Copyable, Sendable {
    private var buffer = ByteBuffer()
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
        buffer.capacity + ranges.capacity * MemoryLayout<ArgumentRange>.stride
            + ends.capacity * MemoryLayout<Int>.stride
    }

    /// Adds a request; false when the words of all come to more than can be named.
    public mutating func append(_ request: Arguments) -> Bool {
        var bytes = 0
        for index in 0..<request.count where request.block(index) == nil {
            bytes += request[index].byteCount
        }
        guard buffer.count + bytes <= ArgumentRange.reach else { return false }
        buffer.reserve(bytes)
        ranges.reserveCapacity(grown(ranges.capacity, toHold: ranges.count + request.count))
        for index in 0..<request.count {
            if let block = request.block(index) {
                ranges.append(ArgumentRange(block: blocks.count))
                blocks.append(block)
                wordBytes += block.count
            } else {
                ranges.append(ArgumentRange(start: buffer.count, count: request[index].byteCount))
                buffer.append(request[index])
            }
        }
        wordBytes += bytes
        ends.append(ranges.count)
        return true
    }

    private func grown(_ capacity: Int, toHold count: Int) -> Int {
        count <= capacity ? capacity : max(count, capacity * 2)
    }

    /// The words of request `index`, valid until the queue changes.
    @_lifetime(borrow self)
    public func request(_ index: Int) -> Arguments {
        let start = index == 0 ? 0 : ends[index - 1]
        let span = ranges.span.extracting(start..<ends[index])
        let arguments = Arguments(bytes: buffer.bytes, ranges: span, blocks: blocks.span)
        // All three spans borrow from self.
        return unsafe _overrideLifetime(arguments, borrowing: self)
    }

    /// Takes everything out and leaves an empty queue.
    public mutating func take() -> RequestQueue {
        let taken = self
        self = RequestQueue()
        return taken
    }
}
