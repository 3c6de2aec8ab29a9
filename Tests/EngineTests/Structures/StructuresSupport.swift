import Glibc
import Testing

@testable import Engine

/// Numbers that are the same in every run: a failing test's argument is the seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

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

/// Values that are alive at the moment, to be compared before and after.
final class Census {
    var alive = 0
}

/// A value that is counted.
final class CountedValue: Value {
    let census: Census
    let number: Int

    init(_ census: Census, number: Int = 0) {
        self.census = census
        self.number = number
        census.alive += 1
    }

    deinit {
        census.alive -= 1
    }
}

extension [UInt8] {
    init(copying span: borrowing RawSpan) {
        // The buffer does not leave the closure.
        self = unsafe span.withUnsafeBytes { unsafe [UInt8]($0) }
    }

    /// The array's bytes as the structures take them.
    var raw: RawSpan {
        // Bytes have no padding.
        @_lifetime(borrow self) get { unsafe span.bytes }
    }
}

let testKey = SipKey(low: 0x0706_0504_0302_0100, high: 0x0f0e_0d0c_0b0a_0908)

/// How many steps a random test takes: `usual` times the environment's `STRUCTURE_ROUNDS`, which makes
/// millions of them.
func structureSteps(_ usual: Int) -> Int {
    // The text is read at once, and no test changes the environment.
    let rounds = unsafe getenv("STRUCTURE_ROUNDS").flatMap { unsafe Int(String(cString: $0)) }
    return usual * max(rounds ?? 1, 1)
}

/// What `#expect` does, for conditions that it cannot take apart: with spans, or with changes.
func verify(_ condition: Bool, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(condition, sourceLocation: sourceLocation)
}
