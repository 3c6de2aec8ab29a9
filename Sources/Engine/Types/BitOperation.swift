/// What BITOP computes from several strings, bit by bit; a shorter string counts as padded with zeros.
enum BitOperation {
    case and
    case or
    case xor
    case not
    /// Set in the first, in none of the others.
    case diff
    /// Set in one of the others, not in the first.
    case diff1
    /// Set in the first and in one of the others.
    case andor
    /// Set in exactly one.
    case one

    /// The operation of this name, in either case.
    init?(_ word: RawSpan) {
        if word.isWord("AND") {
            self = .and
        } else if word.isWord("OR") {
            self = .or
        } else if word.isWord("XOR") {
            self = .xor
        } else if word.isWord("NOT") {
            self = .not
        } else if word.isWord("DIFF") {
            self = .diff
        } else if word.isWord("DIFF1") {
            self = .diff1
        } else if word.isWord("ANDOR") {
            self = .andor
        } else if word.isWord("ONE") {
            self = .one
        } else {
            return nil
        }
    }

    /// The name where the operation asks for at least two strings.
    var nameOfPairwise: StaticString? {
        switch self {
        case .diff: "DIFF"
        case .diff1: "DIFF1"
        case .andor: "ANDOR"
        case .and, .or, .xor, .not, .one: nil
        }
    }

}

/// The computation. It goes through all strings block by block, so that the block stays in the cache.
extension BitOperation {
    /// Bytes of a block: a good part of the first-level cache, and on the stack for `one`.
    private static var blockCount: Int { 4096 }

    /// Computes over the strings of `sources` (nil is an empty one) some bytes of `result`, which is as
    /// long as the longest of them and none of them.
    func apply(_ sources: [Entry?], to range: Range<Int>, of result: inout MutableRawSpan) {
        precondition(range.upperBound <= result.byteCount)
        // The pointers stay inside this call, and every block inside the result.
        unsafe result.withUnsafeMutableBytes { bytes in
            var start = range.lowerBound
            while start < range.upperBound {
                let end = min(start &+ BitOperation.blockCount, range.upperBound)
                // As above.
                let block = unsafe Block(
                    UnsafeMutableRawBufferPointer(rebasing: bytes[start..<end]), start: start)
                apply(sources, to: block)
                start = end
            }
        }
    }

    private func apply(_ sources: [Entry?], to block: Block) {
        guard let first = sources.first else { return }
        block.clear()
        let others = sources.dropFirst()
        switch self {
        case .and:
            block.copy(first)
            for other in others { block.merge(other, zeroing: true) { $0 & $1 } }
        case .or:
            block.copy(first)
            for other in others { block.merge(other) { $0 | $1 } }
        case .xor:
            block.copy(first)
            for other in others { block.merge(other) { $0 ^ $1 } }
        case .not:
            block.merge(first) { ~$1 }
        case .diff:
            block.copy(first)
            for other in others { block.merge(other) { $0 & ~$1 } }
        case .diff1:
            for other in others { block.merge(other) { $0 | $1 } }
            block.merge(first) { $0 & ~$1 }
        case .andor:
            for other in others { block.merge(other) { $0 | $1 } }
            block.merge(first, zeroing: true) { $0 & $1 }
        case .one:
            block.copy(first)
            BitOperation.one(others, to: block)
        }
    }

    /// Keeps what is set once: `block` holds the first string, and ends with the bits of exactly one.
    private static func one(_ others: ArraySlice<Entry?>, to block: Block) {
        // The memory is as long as the block and stays in the closure.
        unsafe withUnsafeTemporaryAllocation(byteCount: block.count, alignment: 32) { twice in
            // As above.
            unsafe twice.initializeMemory(as: UInt8.self, repeating: 0)
            // As above.
            for other in others { unsafe block.toggle(other, seenTwice: twice) }
            // As above.
            unsafe block.merge(UnsafeRawBufferPointer(twice)) { $0 & ~$1 }
        }
    }
}

/// A part of BITOP's result that is being computed.
@safe private struct Block {
    typealias Lane = SIMD4<UInt64>

    let bytes: UnsafeMutableRawBufferPointer
    /// Where in the result it begins.
    let start: Int

    @unsafe
    init(_ bytes: UnsafeMutableRawBufferPointer, start: Int) {
        // The caller keeps the memory as long as the block.
        unsafe self.bytes = unsafe bytes
        self.start = start
    }

    var count: Int {
        // Only the length is read.
        unsafe bytes.count
    }

    func clear() {
        // Any bytes are valid there.
        unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0)
    }

    /// Takes over the string's bytes; the block must be clear.
    func copy(_ entry: Entry?) {
        // The part is at most as long as the block.
        unsafe withPart(of: entry) { unsafe bytes.copyMemory(from: $0) }
    }

    /// Replaces each bit by what `body` makes of it and the string's bit.
    ///
    /// Behind the string's end the bits become zero if `zeroing`, or stay.
    @inline(__always)
    func merge(_ entry: Entry?, zeroing: Bool = false, _ body: (Lane, Lane) -> Lane) {
        // The pointer stays inside the closure.
        unsafe withPart(of: entry) { part in
            // The part is at most as long as the block.
            unsafe merge(part, body)
            // As above.
            if zeroing {
                unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[part.count...]).initializeMemory(
                    as: UInt8.self, repeating: 0)
            }
        }
    }

    @unsafe @inline(__always)
    func merge(_ part: UnsafeRawBufferPointer, _ body: (Lane, Lane) -> Lane) {
        Block.forEachLane(part.count) { offset, size in
            // Offset and size lie inside the part, which is at most as long as the block.
            unsafe store(
                body(load(UnsafeRawBufferPointer(bytes), offset, size), load(part, offset, size)), offset,
                size)
        }
    }

    /// Adds the string's bits without carry, and notes in `seenTwice` where a carry would be.
    @unsafe
    func toggle(_ entry: Entry?, seenTwice: UnsafeMutableRawBufferPointer) {
        // The pointer stays inside the closure.
        unsafe withPart(of: entry) { part in
            Block.forEachLane(part.count) { offset, size in
                // Offset and size lie inside the part, and the other two are at least as long.
                let old = unsafe load(UnsafeRawBufferPointer(bytes), offset, size)
                // As above.
                let new = unsafe load(part, offset, size)
                // As above.
                let twice = unsafe load(UnsafeRawBufferPointer(seenTwice), offset, size)
                // As above.
                unsafe store(old ^ new, offset, size)
                // As above.
                unsafe Block(seenTwice, start: start).store(twice | old & new, offset, size)
            }
        }
    }

    /// Lends the string's bytes that lie where the block lies.
    @inline(__always)
    private func withPart(of entry: Entry?, _ body: (UnsafeRawBufferPointer) -> Void) {
        guard let entry else { return unsafe body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        entry.withString { string in
            let first = min(start, string.byteCount)
            let end = min(start &+ count, string.byteCount)
            // The pointer stays inside both closures.
            unsafe string.withUnsafeBytes { unsafe body(UnsafeRawBufferPointer(rebasing: $0[first..<end])) }
        }
    }

    /// Goes through `count` bytes in whole lanes, and once more for the rest.
    @inline(__always)
    private static func forEachLane(_ count: Int, _ body: (_ offset: Int, _ size: Int) -> Void) {
        let size = MemoryLayout<Lane>.size
        var offset = 0
        while count &- offset >= size {
            body(offset, size)
            offset &+= size
        }
        if offset < count { body(offset, count &- offset) }
    }

    @unsafe @inline(__always)
    private func load(_ bytes: UnsafeRawBufferPointer, _ offset: Int, _ size: Int) -> Lane {
        // The caller's offset and size lie inside the bytes.
        if size == MemoryLayout<Lane>.size {
            return unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Lane.self)
        }
        var lane = Lane()
        // As above.
        unsafe withUnsafeMutableBytes(of: &lane) {
            // As above.
            unsafe $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset &+ size]))
        }
        return lane
    }

    @unsafe @inline(__always)
    private func store(_ lane: Lane, _ offset: Int, _ size: Int) {
        // The caller's offset and size lie inside the block.
        if size == MemoryLayout<Lane>.size {
            return unsafe bytes.storeBytes(of: lane, toByteOffset: offset, as: Lane.self)
        }
        // As above.
        unsafe withUnsafeBytes(of: lane) {
            // As above.
            unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[offset...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<size]))
        }
    }
}
