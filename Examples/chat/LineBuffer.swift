import RESP
import Reactor

/// What has been read from a stream and forms lines, of bounded length.
struct LineBuffer: ~Copyable {
    /// A line without its end.
    enum Line: Equatable {
        case text([UInt8])
        /// More bytes than a line may have; they are not kept.
        case tooLong
    }

    private var buffer = ByteBuffer()
    /// Bytes that are known to hold no line's end.
    private var scanned = 0
    /// Whether the rest of a line that is too long is passed over.
    private var skips = false
    private let longest: Int

    /// Room that is made for each read.
    private static let chunk = 16 << 10

    /// Lines have at most so many bytes.
    init(longest: Int) { self.longest = longest }

    /// Lets `read` append what there is.
    mutating func fill<Failure: Error>(
        _ read: (inout MutableRawSpan) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        buffer.reserve(Self.chunk)
        return try buffer.fill(read)
    }

    /// Whether all of a line is there.
    var hasLine: Bool { mutating get { findEnd() != nil } }

    /// The next line, if all of it is there.
    mutating func next() -> Line? {
        while let end = findEnd() {
            let line = take(end, and: 1)
            guard skips else { return line.count > longest ? .tooLong : .text(line) }
            skips = false
        }
        guard buffer.count > longest || skips else {
            if buffer.isEmpty { buffer.shrink(to: 0) }
            return nil
        }
        buffer.removeAll()
        scanned = 0
        defer { skips = true }
        return skips ? nil : .tooLong
    }

    /// What stands behind the last line's end, once nothing more will come.
    mutating func rest() -> Line? {
        buffer.isEmpty || skips ? nil : .text(take(buffer.count, and: 0))
    }

    private mutating func findEnd() -> Int? {
        scanned = buffer.bytes.firstLineEnd(from: scanned)
        return scanned < buffer.count ? scanned : nil
    }

    private mutating func take(_ count: Int, and more: Int) -> [UInt8] {
        // Lent for the call.
        let line = unsafe buffer.bytes.extracting(first: count).withUnsafeBytes { unsafe Array($0) }
        buffer.consume(count + more)
        scanned = 0
        return line
    }
}

extension RawSpan {
    /// Where the next line ends, or the last byte's end.
    fileprivate func firstLineEnd(from start: Int) -> Int {
        var index = start
        // The index stays inside.
        while index < byteCount, unsafe unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self) != 0x0a {
            index += 1
        }
        return index
    }
}
