/// Where one argument of a request lies.
public struct ArgumentRange: Sendable {
    @usableFromInline let start: UInt32
    @usableFromInline let count: UInt32

    /// Marks an argument that was read into a block of its own; `count` is then the block's index.
    @usableFromInline static var blockMark: UInt32 { .max }

    /// So many bytes can be named, from the buffer's head on; the reader parses none of a longer buffer.
    ///
    /// Bulk strings of `RequestReader.bigBulk` and more lie outside the buffer, so only a request of
    /// hundreds of thousands of arguments comes near, and it can't under the default
    /// `client-query-buffer-limit`.
    static var reach: Int { Int(blockMark) }

    /// Both numbers are at most `reach`.
    @inlinable init(start: Int, count: Int) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.count = UInt32(truncatingIfNeeded: count)
    }

    @inlinable init(block index: Int) {
        start = Self.blockMark
        count = UInt32(truncatingIfNeeded: index)
    }
}

/// One request's arguments, the command's name first: views into the connection's read buffer.
///
/// The compiler keeps it, and every span it hands out, from outliving the request.
public struct Arguments: ~Escapable {
    @usableFromInline let bytes: RawSpan
    @usableFromInline let ranges: Span<ArgumentRange>
    @usableFromInline let blocks: Span<BulkBlock>

    @inlinable @_lifetime(copy bytes, copy ranges, copy blocks)
    init(bytes: RawSpan, ranges: Span<ArgumentRange>, blocks: Span<BulkBlock>) {
        self.bytes = bytes
        self.ranges = ranges
        self.blocks = blocks
    }

    /// The same request without its first `count` arguments, for commands that hold a command.
    @_lifetime(copy self)
    public func dropping(first count: Int) -> Arguments {
        let dropped = min(max(count, 0), ranges.count)
        return Arguments(bytes: bytes, ranges: ranges.extracting(dropped..<ranges.count), blocks: blocks)
    }

    /// How many there are, the command's name included.
    @inlinable public var count: Int { ranges.count }

    /// The argument at `index`; empty where there is none.
    @inlinable public subscript(_ index: Int) -> RawSpan {
        @_lifetime(copy self)
        get {
            guard index >= 0, index < ranges.count else { return bytes.extracting(first: 0) }
            // Checked in the line above.
            let range = unsafe ranges[unchecked: index]
            if range.start == ArgumentRange.blockMark { return blockBytes(range) }
            let start = Int(range.start)
            // The reader records ranges only inside the bytes that it holds.
            return unsafe bytes.extracting(unchecked: start..<(start &+ Int(range.count)))
        }
    }

    @usableFromInline @_lifetime(copy self) func blockBytes(_ range: ArgumentRange) -> RawSpan {
        let index = Int(range.count)
        guard index < blocks.count else { return bytes.extracting(first: 0) }
        let block = blocks[index]
        // The span of blocks retains the block for as long as self may be used.
        return unsafe _overrideLifetime(block.bytes, copying: self)
    }

    /// The block that holds the argument at `index`, if it was read into one of its own.
    public func block(_ index: Int) -> BulkBlock? {
        guard index >= 0, index < ranges.count, ranges[index].start == ArgumentRange.blockMark,
            Int(ranges[index].count) < blocks.count
        else { return nil }
        return blocks[Int(ranges[index].count)]
    }
}
