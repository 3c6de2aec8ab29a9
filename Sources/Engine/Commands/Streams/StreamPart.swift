import RESP

/// Some entries of a stream that does not change, written in slices.
struct StreamPart {
    private let stream: Stream
    /// The stream's name, if that comes before the entries.
    private let key: [UInt8]?
    private let isReversed: Bool
    /// What is left.
    private var start: StreamID
    private var end: StreamID
    private var left: Int
    private var hasBegun = false

    /// How many entries there are.
    let count: Int

    /// At most so many entries between two IDs, the last ones if they are reversed.
    init(
        _ stream: Stream, from start: StreamID, through end: StreamID, most: Int, isReversed: Bool = false,
        of key: [UInt8]? = nil
    ) {
        self.stream = stream
        self.key = key
        self.isReversed = isReversed
        self.start = start
        self.end = end
        count = stream.count(from: start, through: end, most: most)
        left = count
    }

    /// Writes some more; false if those were the last.
    mutating func write(_ reply: inout ReplyWriter, _ slice: LongCommand.Slice) -> Bool {
        if !hasBegun { begin(&reply) }
        var written = 0
        var last: StreamID?
        let most = min(left, slice.elements)
        guard most > 0 else { return false }
        visit { (entry, node) in
            reply.entry(entry, of: node)
            last = entry.id
            written += 1
            return written < most && !slice.isFull(reply)
        }
        if isReversed {
            end = last?.predecessor ?? .zero
        } else {
            start = last?.successor ?? .largest
        }
        left -= written
        return left > 0 && written > 0
    }

    @inline(__always)
    private func visit(_ body: (StreamEntry, StreamNode) -> Bool) {
        if isReversed {
            stream.forEachReversed(from: start, through: end, body)
        } else {
            stream.forEach(from: start, through: end, body)
        }
    }

    private mutating func begin(_ reply: inout ReplyWriter) {
        hasBegun = true
        if let key {
            if reply.version == .resp2 { reply.array(2) }
            reply.bulk(key)
        }
        reply.array(count)
    }
}

extension Call {
    /// Writes parts of streams in slices, one after the other, while the keys that hold them stand still.
    mutating func writeInSlices(_ parts: [StreamPart], holding keys: [[UInt8]]) {
        var parts = parts
        var number = 0
        writeInSlices(holding: keys) { reply, slice in
            guard number < parts.count else { return false }
            if !parts[number].write(&reply, slice) { number += 1 }
            return number < parts.count
        }
    }
}
