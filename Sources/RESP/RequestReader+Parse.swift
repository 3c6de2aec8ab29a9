extension RequestReader {
    /// What a step of the parser came to.
    private enum Step {
        case more
        case needsInput
    }

    /// Parses whole frames until the batch is full, input runs out, or it turns out malformed.
    ///
    /// Before authentication one frame is parsed at a time, as the next one's limits depend on it.
    public mutating func parse(_ limits: RequestLimits) {
        let most = limits.authenticated ? Self.framesPerBatch : 1
        defer { dropEmptyRequests() }
        if buffer.count > limits.bufferedBytes, failure == nil { failure = .tooBigRequest }
        do throws(ProtocolError) {
            while failure == nil, ends.count < most {
                if case .needsInput = try step(limits) { return }
            }
        } catch {
            failure = error
        }
    }

    /// Drops requests without a word: they make no frame, so that nobody finishes a batch for them.
    private mutating func dropEmptyRequests() {
        if ends.isEmpty, frameEnd > 0 { finishBatch() }
    }

    private mutating func step(_ limits: RequestLimits) throws(ProtocolError) -> Step {
        if let block = pendingBlock { return finishBlock(block) }
        if missingArguments > 0 { return try parseArguments(limits) }
        guard position < buffer.count else { return .needsInput }
        let first = Decimal.byte(buffer.bytes, position)
        guard first == UInt8(ascii: "*") else { return try parseInline() }
        if limits.authenticated, parseUsualFrame(limits) { return .more }
        return try parseCount(limits)
    }

    /// Reads a whole frame of few and short arguments, as nearly all are.
    ///
    /// False, and nothing is read, for any other: it may be unusual, malformed, or not all there.
    @inline(__always)
    private mutating func parseUsualFrame(_ limits: RequestLimits) -> Bool {
        guard let frame = UsualFrame(buffer.bytes, at: position, limits) else { return false }
        for index in 0..<frame.count { ranges.append(frame.ranges[index]) }
        position = frame.end
        endFrame()
        return true
    }

    /// Reads `*N\r\n`.
    private mutating func parseCount(_ limits: RequestLimits) throws(ProtocolError) -> Step {
        guard let line = lengthLine(at: position) else {
            if buffer.count - position > RequestLimits.inlineLength { throw .tooBigMultibulkCount }
            return .needsInput
        }
        guard let count = line.value, count <= RequestLimits.arguments else { throw .invalidMultibulkLength }
        if !limits.authenticated, count > RequestLimits.unauthenticatedArguments {
            throw .unauthenticatedMultibulkLength
        }
        position = line.end
        if count <= 0 {
            // Redis skips empty and null arrays without an answer.
            frameEnd = position
            return .more
        }
        missingArguments = Int(count)
        return try parseArguments(limits)
    }

    /// Reads as many of `$N\r\n…\r\n` as are there.
    private mutating func parseArguments(_ limits: RequestLimits) throws(ProtocolError) -> Step {
        while missingArguments > 0 {
            if bulkLength < 0 {
                guard try parseBulkLength(limits) else { return .needsInput }
            }
            if bulkLength >= Self.bigBulk, buffer.count - position < bulkLength + 2 {
                return try startBlock()
            }
            guard buffer.count - position >= bulkLength + 2 else { return .needsInput }
            ranges.append(ArgumentRange(start: position, count: bulkLength))
            position += bulkLength + 2
            bulkLength = -1
            missingArguments -= 1
        }
        endFrame()
        return .more
    }

    /// Reads `$N\r\n`; false when it is not whole.
    private mutating func parseBulkLength(_ limits: RequestLimits) throws(ProtocolError) -> Bool {
        guard position < buffer.count else { return false }
        let first = Decimal.byte(buffer.bytes, position)
        // Like Redis, complain about the first byte only once the line is whole; a NUL there hides the line.
        guard let line = first == 0 ? nil : lengthLine(at: position) else {
            if buffer.count - position > RequestLimits.inlineLength { throw .tooBigBulkCount }
            return false
        }
        guard first == UInt8(ascii: "$") else { throw .expectedDollar(got: first) }
        guard let length = line.value, length >= 0, length <= limits.bulkLength else {
            throw .invalidBulkLength
        }
        if !limits.authenticated, length > RequestLimits.unauthenticatedBulkLength {
            throw .unauthenticatedBulkLength
        }
        position = line.end
        bulkLength = Int(length)
        return true
    }

    /// The number between the type byte at `position` and the next `\r`, and the offset after the `\r\n`.
    ///
    /// Nil while the line is not whole; a nil value when it is no number. A NUL hides what follows it,
    /// as the line is a C string to Redis.
    private func lengthLine(at position: Int) -> (value: Int64?, end: Int)? {
        let bytes = buffer.bytes
        let count = bytes.byteCount
        let start = position + 1
        var at = start
        var value: Int64 = 0
        // The usual line has a few digits and nothing else.
        while at < count, at < start + 9 {
            let digit = Decimal.byte(bytes, at) &- UInt8(ascii: "0")
            if digit > 9 { break }
            value = value &* 10 &+ Int64(digit)
            at += 1
        }
        let leadingZero = at > start + 1 && Decimal.byte(bytes, start) == UInt8(ascii: "0")
        if at > start, at + 1 < count, Decimal.byte(bytes, at) == UInt8(ascii: "\r"), !leadingZero {
            return (value, at + 2)
        }
        at = position
        while at < count, Decimal.byte(bytes, at) != UInt8(ascii: "\r") {
            if Decimal.byte(bytes, at) == 0 { return nil }
            at += 1
        }
        guard at + 1 < count else { return nil }
        return (at > start ? Decimal.parse(bytes.extracting(start..<at)) : nil, at + 2)
    }

    private mutating func startBlock() throws(ProtocolError) -> Step {
        guard let block = BulkBlock(count: bulkLength) else { throw .outOfMemory }
        let here = block.append(buffer.bytes.extracting(position..<buffer.count))
        // The bytes moved over: nothing behind them is buffered, so the tail can simply go.
        buffer.truncate(to: buffer.count - here)
        pendingBlock = block
        return .needsInput
    }

    private mutating func finishBlock(_ block: BulkBlock) -> Step {
        guard block.isFull, buffer.count - position >= 2 else { return .needsInput }
        position += 2
        ranges.append(ArgumentRange(block: blocks.count))
        blocks.append(block)
        pendingBlock = nil
        bulkLength = -1
        missingArguments -= 1
        if missingArguments == 0 { endFrame() }
        return .more
    }

    private mutating func parseInline() throws(ProtocolError) -> Step {
        guard let line = inlineLine() else {
            if buffer.count - position > RequestLimits.inlineLength { throw .tooBigInline }
            return .needsInput
        }
        position = line.end
        guard splitInline(line.text) else { throw .unbalancedQuotes }
        if ranges.count > (ends.last ?? 0) { endFrame() } else { frameEnd = position }
        return .more
    }

    /// The line at the parse position without its line break, and the offset behind that.
    private func inlineLine() -> (text: Range<Int>, end: Int)? {
        let bytes = buffer.bytes
        var newline = position
        while newline < bytes.byteCount, Decimal.byte(bytes, newline) != UInt8(ascii: "\n") {
            // A NUL hides what follows it, as the line is a C string to Redis.
            if Decimal.byte(bytes, newline) == 0 { return nil }
            newline += 1
        }
        guard newline < bytes.byteCount else { return nil }
        var end = newline
        if end > position, Decimal.byte(bytes, end - 1) == UInt8(ascii: "\r") { end -= 1 }
        return (position..<end, newline + 1)
    }

    private mutating func endFrame() {
        ends.append(ranges.count)
        frameEnd = position
    }

    /// Drops the batch's frames and the input they came from; keeps a frame in progress.
    ///
    /// `keeping` is how many bytes of memory an idle reader may hold on to.
    public mutating func finishBatch() {
        let done = ends.last ?? 0
        let consumed = frameEnd
        ends.empty(keeping: Self.framesPerBatch)
        next = 0
        if done == ranges.count {
            ranges.empty(keeping: Self.keptRanges)
            if !blocks.isEmpty { blocks.removeAll() }
        } else if done > 0 || consumed > 0 {
            keepUnfinished(from: done, consumed: consumed)
        }
        buffer.consume(consumed)
        position -= consumed
        frameEnd = 0
        if buffer.isEmpty, buffer.capacity > Self.largestRead { buffer.shrink(to: 0) }
    }

    /// Ranges kept allocated between batches: a deep pipeline's worth.
    private static var keptRanges: Int { 4096 }

    private mutating func keepUnfinished(from done: Int, consumed: Int) {
        let usedBlocks = ranges[..<done].reduce(0) { $0 + ($1.start == ArgumentRange.blockMark ? 1 : 0) }
        blocks.removeFirst(usedBlocks)
        ranges.removeFirst(done)
        for index in ranges.indices {
            let range = ranges[index]
            ranges[index] =
                range.start == ArgumentRange.blockMark
                ? ArgumentRange(block: Int(range.count) - usedBlocks)
                : ArgumentRange(start: Int(range.start) - consumed, count: Int(range.count))
        }
    }

    /// Gives memory back that an idle connection does not need.
    ///
    /// Between frames that is everything; within one it is what the rest of the frame has no use for until
    /// more of it arrives.
    public mutating func releaseIdleMemory() {
        guard ends.isEmpty else { return }
        ownsBuffer = false
        guard isIdle else {
            pendingBlock?.release()
            return buffer.shrink(to: buffer.count + Self.keptFree)
        }
        buffer.shrink(to: 0)
        ranges = []
        ends = []
        blocks = []
    }
}

/// A frame that is there as a whole, and of few and short arguments.
private struct UsualFrame {
    private(set) var ranges = InlineArray<8, ArgumentRange>(repeating: ArgumentRange(start: 0, count: 0))
    private(set) var count = 0
    private(set) var end: Int

    /// Nil for any other frame at `start`.
    @inline(__always)
    init?(_ bytes: RawSpan, at start: Int, _ limits: RequestLimits) {
        end = start
        guard let count = Self.shortLength(bytes, &end), count > 0, count <= ranges.count else { return nil }
        for index in 0..<count {
            guard end < bytes.byteCount, Decimal.byte(bytes, end) == UInt8(ascii: "$"),
                let length = Self.shortLength(bytes, &end), length <= limits.bulkLength,
                bytes.byteCount - end >= length + 2
            else { return nil }
            ranges[index] = ArgumentRange(start: end, count: length)
            end += length + 2
        }
        self.count = count
    }

    /// The number of at most four digits between the type byte at `at` and `\r\n`, which `at` is moved behind.
    @inline(__always)
    private static func shortLength(_ bytes: RawSpan, _ at: inout Int) -> Int? {
        let start = at + 1
        // Four digits and the line's end.
        guard start + 6 <= bytes.byteCount else { return nil }
        var value = Int(Decimal.byte(bytes, start) &- UInt8(ascii: "0"))
        guard value <= 9 else { return nil }
        var end = start + 1
        while end < start + 4 {
            let digit = Decimal.byte(bytes, end) &- UInt8(ascii: "0")
            if digit > 9 { break }
            // A number that begins with zero is none.
            if value == 0 { return nil }
            value = value * 10 + Int(digit)
            end += 1
        }
        guard Decimal.byte(bytes, end) == UInt8(ascii: "\r") else { return nil }
        at = end + 2
        return value
    }
}

extension Array {
    /// Removes all and keeps the memory for so many elements; made for lists that are mostly short.
    @inline(__always)
    fileprivate mutating func empty(keeping most: Int) {
        guard count <= 4 else { return removeAll(keepingCapacity: capacity <= most) }
        while popLast() != nil {}
    }
}
