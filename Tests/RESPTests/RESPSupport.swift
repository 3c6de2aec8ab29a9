@testable import RESP

/// Numbers that are the same in every run: what a failing test prints is its seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }
}

extension [UInt8] {
    init(copying span: borrowing RawSpan) {
        // The buffer does not leave the closure.
        self = unsafe span.withUnsafeBytes { unsafe [UInt8]($0) }
    }

    /// The array's bytes as the module takes them.
    var raw: RawSpan {
        // Bytes have no padding.
        @_lifetime(borrow self) get { unsafe span.bytes }
    }

    init(_ text: String) { self = Array(text.utf8) }
}

/// All that a reader made of some input: the arguments of every frame, and what ended it.
struct Reading: Equatable, CustomStringConvertible {
    var frames: [[[UInt8]]] = []
    var failure: String?

    var description: String {
        let shown = frames.map { frame in
            frame.map {
                $0.count > 40 ? "(\($0.count) bytes)" : String(decoding: $0, as: UTF8.self).debugDescription
            }
        }
        return "\(shown) \(failure ?? "")"
    }
}

/// Feeds a reader with input in pieces and collects what comes out.
struct Feeder: ~Copyable {
    var reader = RequestReader()
    var limits = RequestLimits()
    /// Whether the batch is also finished when no frame of it is complete.
    var finishesEmptyBatches = false
    private(set) var reading = Reading()

    init(limits: RequestLimits = RequestLimits()) { self.limits = limits }

    /// What a fresh reader makes of the pieces.
    static func read(_ pieces: [[UInt8]], _ limits: RequestLimits = RequestLimits(), finishing: Bool = false)
        -> Reading
    {
        var feeder = Feeder(limits: limits)
        feeder.finishesEmptyBatches = finishing
        for piece in pieces { feeder.feed(piece) }
        return feeder.reading
    }

    /// Hands the bytes over in as many reads as it takes, and runs every batch that they complete.
    mutating func feed(_ piece: [UInt8]) {
        var rest = piece[...]
        while !rest.isEmpty, reader.failure == nil {
            let taken = reader.fill { span in
                let count = min(span.byteCount, rest.count)
                // Both hold `count` bytes.
                unsafe span.withUnsafeMutableBytes { target in
                    unsafe target.copyBytes(from: rest.prefix(count))
                }
                return count
            }
            rest = rest.dropFirst(taken)
            reader.parse(limits)
            repeat { collect() } while reader.frameCount > 0
        }
        reading.failure = reader.failure.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// Takes the frames out; the next ones may already be in the buffer.
    private mutating func collect() {
        for index in 0..<reader.frameCount { reading.frames.append(Self.copies(reader.frame(index))) }
        if reader.frameCount > 0 || finishesEmptyBatches {
            reader.finishBatch()
            reader.parse(limits)
        }
    }

    static func copies(_ arguments: Arguments) -> [[UInt8]] {
        (0..<arguments.count).map { [UInt8](copying: arguments[$0]) }
    }
}

/// A request as clients encode it.
func encoded(_ words: [[UInt8]]) -> [UInt8] {
    words.reduce(into: [UInt8]("*\(words.count)\r\n")) { bytes, word in
        bytes += [UInt8]("$\(word.count)\r\n") + word + [13, 10]
    }
}

func encoded(_ words: String...) -> [UInt8] { encoded(words.map { [UInt8]($0) }) }
