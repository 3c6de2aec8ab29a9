/// The compression of Redis's lists and snapshots: repeated stretches become references backwards.
///
///     000nnnnn                    the next n + 1 bytes as they are
///     nnnooooo oooooooo           n + 2 bytes from o + 1 bytes back, for n from 1 to 6
///     111ooooo nnnnnnnn oooooooo  n + 9 bytes from there; both may overlap
enum LZF {
    /// A reference reaches so many bytes back.
    private static var window: Int { 8192 }
    /// A reference stands for at most so many bytes.
    private static var longestMatch: Int { 264 }
    /// As many bytes are taken as they are with one byte in front of them.
    private static var longestRun: Int { 32 }
    private static var tableBits: UInt32 { 12 }

    /// Compresses bytes; returns how many bytes of `output` that took, or nil if it has too few.
    @unsafe
    static func compress(_ input: RawSpan, into output: UnsafeMutableRawBufferPointer) -> Int? {
        guard input.byteCount <= Int(UInt32.max), unsafe !output.isEmpty else { return nil }
        return unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1 << Int(tableBits)) { table in
            // The table lives as long as the closure runs, here and below.
            unsafe table.initialize(repeating: 0)
            // As above.
            var encoder = unsafe Encoder(output: output)
            // As above.
            return unsafe encoder.encode(input, table)
        }
    }

    /// Decompresses bytes that may be anything; false unless they fill `output` exactly.
    @unsafe
    static func decompress(_ input: RawSpan, into output: UnsafeMutableRawBufferPointer) -> Bool {
        var at = 0
        var to = 0
        while at < input.byteCount {
            let control = Int(input[byte: at])
            at += 1
            if control < longestRun {
                let count = control + 1
                guard at + count <= input.byteCount, to + count <= output.count else { return false }
                // Both ranges are inside.
                for _ in 0..<count {
                    unsafe output[to] = input[byte: at]
                    at += 1
                    to += 1
                }
                continue
            }
            var count = control >> 5 + 2
            if count == 9 {
                guard at < input.byteCount else { return false }
                count += Int(input[byte: at])
                at += 1
            }
            guard at < input.byteCount else { return false }
            let from = to - (control & 0x1f) << 8 - Int(input[byte: at]) - 1
            at += 1
            guard from >= 0, to + count <= output.count else { return false }
            // Byte by byte, as the two may overlap; both end inside.
            for index in 0..<count { unsafe output[to + index] = output[from + index] }
            to += count
        }
        return to == output.count
    }

    /// Where the output has come to.
    @safe private struct Encoder {
        private let output: UnsafeMutableRawBufferPointer
        /// Behind the last byte written; the first is kept for the length of a run.
        private var end = 1
        /// How many bytes of the run at the end are written, behind one for their number.
        private var run = 0

        init(output: UnsafeMutableRawBufferPointer) {
            // Lives as long as the encoder.
            unsafe self.output = unsafe output
        }

        @unsafe
        mutating func encode(_ input: RawSpan, _ table: UnsafeMutableBufferPointer<UInt32>) -> Int? {
            let count = input.byteCount
            var at = 0
            while at + 2 < count {
                let slot = LZF.slot(input, at)
                // A slot has `tableBits` bits; positions are counted from 1 on.
                let candidate = Int(unsafe table[slot]) - 1
                // As above.
                unsafe table[slot] = UInt32(truncatingIfNeeded: at + 1)
                let length =
                    candidate < 0 || at - candidate > window
                    ? 0 : LZF.match(input, candidate, at, most: min(count - at, longestMatch))
                if length < 3 {
                    guard add(input[byte: at]) else { return nil }
                    at += 1
                    continue
                }
                guard addReference(back: at - candidate - 1, length - 2) else { return nil }
                // The match's last place is remembered too, for what repeats without end.
                at += length
                if at < count { unsafe remember(input, at - 1, table) }
            }
            while at < count {
                guard add(input[byte: at]) else { return nil }
                at += 1
            }
            closeRun()
            return end
        }

        private func remember(_ input: RawSpan, _ at: Int, _ table: UnsafeMutableBufferPointer<UInt32>) {
            if at + 2 >= input.byteCount { return }
            // As in `encode`.
            unsafe table[LZF.slot(input, at)] = UInt32(truncatingIfNeeded: at + 1)
        }

        /// Adds a byte as it is.
        private mutating func add(_ byte: UInt8) -> Bool {
            guard put(byte) else { return false }
            run += 1
            if run == longestRun {
                closeRun()
                end += 1
            }
            return true
        }

        private mutating func addReference(back: Int, _ length: Int) -> Bool {
            closeRun()
            let head = UInt8(truncatingIfNeeded: back >> 8)
            if length < 7 {
                guard put(head | UInt8(truncatingIfNeeded: length << 5)) else { return false }
            } else {
                guard put(head | 0xe0), put(UInt8(truncatingIfNeeded: length - 7)) else { return false }
            }
            guard put(UInt8(truncatingIfNeeded: back)) else { return false }
            end += 1
            return true
        }

        /// Writes how long the run is in front of it, or gives back the byte that was kept for that.
        private mutating func closeRun() {
            if run == 0 {
                end -= 1
            } else {
                // The byte in front of the run was passed over when it began.
                unsafe output[end - run - 1] = UInt8(run - 1)
            }
            run = 0
        }

        private mutating func put(_ byte: UInt8) -> Bool {
            // Only the count is read, then what it bounds is written.
            guard unsafe end < output.count else { return false }
            unsafe output[end] = byte
            end += 1
            return true
        }
    }

    /// The table's slot for the three bytes at an offset.
    @inline(__always)
    private static func slot(_ input: RawSpan, _ at: Int) -> Int {
        let bytes =
            UInt32(input[byte: at]) | UInt32(input[byte: at + 1]) << 8 | UInt32(input[byte: at + 2]) << 16
        return Int((bytes &* 0x9e37_79b1) >> (32 - tableBits))
    }

    @inline(__always)
    private static func match(_ input: RawSpan, _ first: Int, _ second: Int, most: Int) -> Int {
        var length = 0
        while length < most, input[byte: first + length] == input[byte: second + length] { length += 1 }
        return length
    }
}
