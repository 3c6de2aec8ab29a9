/// The sparse encoding: runs of registers with equal values.
///
///     00llllll            l + 1 registers of value 0
///     01llllll llllllll   the same for longer runs
///     1vvvvvll            l + 1 registers of value v + 1
extension HyperLogLog {
    /// The largest value that a run can have.
    private static var highestRunValue: UInt8 { 32 }
    private static var longestValueRun: Int { 4 }
    private static var longestShortRun: Int { 64 }

    /// Registers that follow each other and have one value.
    struct Run: Equatable {
        var value: UInt8
        var length: Int
        var byteCount: Int

        /// Reads the run that begins at an offset; bytes that are missing count as zero.
        @inline(__always)
        init(at offset: Int, in bytes: borrowing RawSpan) {
            let first = bytes[byte: offset]
            if first & 0x80 != 0 {
                value = first &>> 2 & 0x1f &+ 1
                length = Int(first & 3) &+ 1
                byteCount = 1
            } else if first & 0x40 == 0 {
                value = 0
                length = Int(first) &+ 1
                byteCount = 1
            } else {
                value = 0
                length = Int(first & 0x3f) &<< 8 &+ Int(bytes[byte: offset &+ 1]) &+ 1
                byteCount = 2
            }
        }
    }

    /// Calls `body` with each run and its first register; throws when they are not as many as there are registers.
    @inline(__always)
    func forEachRun(_ body: (_ first: Int, Run) -> Void) throws(CommandError) {
        var offset = Self.headerCount
        var register = 0
        while offset < bytes.byteCount {
            let run = Run(at: offset, in: bytes)
            if run.length > Self.registerCount &- register { throw .corruptHyperLogLog }
            body(register, run)
            register &+= run.length
            offset &+= run.byteCount
        }
        if register != Self.registerCount { throw .corruptHyperLogLog }
    }

    /// How many registers have each value.
    func sparseHistogram() throws(CommandError) -> Histogram {
        var histogram = Histogram(repeating: 0)
        try forEachRun { _, run in histogram[Int(run.value)] += run.length }
        return histogram
    }

    /// The runs as PFDEBUG DECODE tells them, whether they are right or not.
    func describeRuns() -> [UInt8] {
        var text: [UInt8] = []
        var offset = Self.headerCount
        while offset < bytes.byteCount {
            let run = Run(at: offset, in: bytes)
            offset += run.byteCount
            if !text.isEmpty { text.append(UInt8(ascii: " ")) }
            let words =
                run.value > 0
                ? "v:\(run.value),\(run.length)" : run.byteCount == 1 ? "z:\(run.length)" : "Z:\(run.length)"
            text += Array(words.utf8)
        }
        return text
    }

    /// What became of a request to raise a register.
    enum SparseChange: Equatable {
        /// The register has this value or a higher one.
        case kept
        /// The string has so many bytes now.
        case changed(count: Int)
        /// The runs cannot express it, or not in as many bytes as they may have: the dense encoding can.
        case needsDense
        case corrupt
    }

    /// Where to look for a register that is higher than the last one that was set.
    struct SparseCursor {
        fileprivate var offset = HyperLogLog.headerCount
        fileprivate var first = 0

        init() {}
    }

    /// Bytes that a string may grow by when a register is raised; there must be as much room at its end.
    static var sparseRoom: Int { 3 }

    /// Raises a register in the first `count` bytes of `string`, as far as `limit` bytes allow.
    ///
    /// The result is that of Redis to the last byte, its frugal merging of neighbours included. Who sets
    /// registers in ascending order passes the same `cursor` again.
    static func raise(
        _ register: Int, to value: UInt8, in string: inout MutableRawSpan, count: Int, limit: Int,
        _ cursor: inout SparseCursor
    ) -> SparseChange {
        if value > highestRunValue { return .needsDense }
        guard let place = place(of: register, in: string.bytes, count: count, &cursor) else {
            return .corrupt
        }
        let run = place.run
        if run.value >= value { return .kept }
        var end = count
        if run.length == 1 && run.byteCount == 1 {
            string.set(value, 1, at: place.offset)
        } else {
            var runs = SplitRuns()
            runs.append(run.value, register &- place.first)
            runs.append(value, 1)
            runs.append(run.value, place.first &+ run.length &- 1 &- register)
            let growth = runs.count &- run.byteCount
            if growth > 0, count &+ growth > limit { return .needsDense }
            string.move(place.offset &+ run.byteCount..<count, by: growth)
            for index in 0..<runs.count {
                string.storeBytes(of: runs.bytes[index], toByteOffset: place.offset &+ index, as: UInt8.self)
            }
            end &+= growth
        }
        return .changed(count: mergeRuns(from: place.before ?? headerCount, in: &string, count: end))
    }

    /// Where the run is that a register belongs to; nil when there is none.
    private static func place(
        of register: Int, in bytes: borrowing RawSpan, count: Int, _ cursor: inout SparseCursor
    ) -> (offset: Int, first: Int, run: Run, before: Int?)? {
        var (offset, first) = (cursor.offset, cursor.first)
        var before: Int?
        // What the cursor points at has no known neighbour, and must come before the register.
        if first > register || offset >= count
            || offset > headerCount
                && first &+ Run(at: offset, in: bytes).length > register
        {
            (offset, first) = (headerCount, 0)
        }
        while offset < count {
            let run = Run(at: offset, in: bytes)
            if register < first &+ run.length {
                if offset &+ run.byteCount > count { return nil }
                return (offset, first, run, before)
            }
            before = offset
            (cursor.offset, cursor.first) = (offset, first)
            offset &+= run.byteCount
            first &+= run.length
        }
        return nil
    }

    /// Merges runs of equal values among the five from an offset on; returns the string's new length.
    private static func mergeRuns(from start: Int, in string: inout MutableRawSpan, count: Int) -> Int {
        var end = count
        var offset = start
        var left = 5
        while offset < end, left > 0 {
            left &-= 1
            let run = Run(at: offset, in: string.bytes)
            if run.value > 0, offset &+ 1 < end {
                let next = Run(at: offset &+ 1, in: string.bytes)
                if next.value == run.value, run.length &+ next.length <= longestValueRun {
                    string.set(run.value, run.length &+ next.length, at: offset &+ 1)
                    string.move(offset &+ 1..<end, by: -1)
                    end &-= 1
                    continue
                }
            }
            offset &+= run.byteCount
        }
        return end
    }

    /// The bytes of up to three runs that take the place of one.
    private struct SplitRuns {
        var bytes = InlineArray<5, UInt8>(repeating: 0)
        var count = 0

        @inline(__always)
        mutating func append(_ value: UInt8, _ length: Int) {
            if length == 0 { return }
            let rest = length &- 1
            if value > 0 {
                append((value &- 1) &<< 2 | UInt8(truncatingIfNeeded: rest) | 0x80)
            } else if length > HyperLogLog.longestShortRun {
                append(UInt8(truncatingIfNeeded: rest &>> 8) | 0x40)
                append(UInt8(truncatingIfNeeded: rest))
            } else {
                append(UInt8(truncatingIfNeeded: rest))
            }
        }

        @inline(__always)
        private mutating func append(_ byte: UInt8) {
            bytes[count] = byte
            count &+= 1
        }
    }
}

extension MutableRawSpan {
    /// Writes a run of registers with a value.
    fileprivate mutating func set(_ value: UInt8, _ length: Int, at offset: Int) {
        let byte = (value &- 1) &<< 2 | UInt8(truncatingIfNeeded: length &- 1) | 0x80
        storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
    }

    /// Moves a part of the bytes to higher or lower offsets.
    fileprivate mutating func move(_ part: Range<Int>, by distance: Int) {
        precondition(part.lowerBound >= 0 && part.lowerBound + distance >= 0)
        precondition(part.upperBound <= byteCount && part.upperBound + distance <= byteCount)
        if part.isEmpty || distance == 0 { return }
        // Both places lie inside, as was just checked; the copy minds that they overlap.
        unsafe withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            unsafe (start + part.lowerBound + distance).copyMemory(
                from: start + part.lowerBound, byteCount: part.count)
        }
    }
}
