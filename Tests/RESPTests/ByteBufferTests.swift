import Testing

@testable import RESP

@Suite struct ByteBufferTests {
    /// Random operations on a buffer and on the plainest thing that does the same.
    @Test(arguments: (0..<40).map(UInt64.init)) func behavesLikeAnArray(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var buffer = ByteBuffer(capacity: Int.random(in: 0...300, using: &random))
        var model: [UInt8] = []
        for step in 0..<400 {
            apply(Int.random(in: 0..<13, using: &random), &buffer, &model, &random)
            guard [UInt8](copying: buffer.bytes) == model, buffer.count == model.count,
                buffer.isEmpty == model.isEmpty, buffer.capacity >= model.count, buffer.room >= 0
            else {
                Issue.record("seed \(seed), step \(step): \(buffer.count) bytes instead of \(model.count)")
                return
            }
        }
    }

    private func apply(
        _ choice: Int, _ buffer: inout ByteBuffer, _ model: inout [UInt8], _ random: inout SeededGenerator
    ) {
        let some = random.bytes(Int.random(in: 0...200, using: &random))
        let number = Int.random(in: -5...300, using: &random)
        switch choice {
        case 0:
            buffer.append(some)
            model += some
        case 1:
            buffer.append(some.raw)
            model += some
        case 2:
            buffer.append(UInt8(some.count))
            model.append(UInt8(some.count))
        case 3:
            buffer.append("literal" as StaticString)
            buffer.append(text: "téxt")
            model += [UInt8]("literaltéxt")
        case 4, 5, 6:
            buffer.consume(number)
            model.removeFirst(min(max(number, 0), model.count))
        case 7:
            buffer.truncate(to: number)
            model.removeLast(max(model.count - max(number, 0), 0))
        case 8:
            buffer.insert(some.raw, at: number)
            model.insert(contentsOf: some, at: min(max(number, 0), model.count))
        case 9:
            buffer.overwrite(1, at: number)
            if model.indices.contains(number) { model[number] = 1 }
        case 10:
            fill(&buffer, &model, some, claiming: number)
        case 11:
            let before = buffer.capacity
            buffer.shrink(to: number)
            if number >= model.count, number < before { #expect(buffer.capacity == number) }
        default:
            change(&buffer, &model, some)
        }
    }

    /// The body may claim more than it was lent, or less than nothing.
    private func fill(_ buffer: inout ByteBuffer, _ model: inout [UInt8], _ some: [UInt8], claiming: Int) {
        buffer.reserve(some.count)
        #expect(buffer.room >= some.count)
        let room = buffer.room
        var written: [UInt8] = []
        let filled = buffer.fill { span in
            // As many bytes as the span holds.
            unsafe span.withUnsafeMutableBytes { target in
                for index in 0..<target.count { unsafe target[index] = UInt8(truncatingIfNeeded: index) }
                written = unsafe [UInt8](target)
            }
            return claiming
        }
        #expect(filled == min(max(claiming, 0), room))
        model += written.prefix(filled)
    }

    private func change(_ buffer: inout ByteBuffer, _ model: inout [UInt8], _ some: [UInt8]) {
        if some.count % 10 == 0 {
            buffer.removeAll()
            model = []
        } else if some.count % 10 == 1 {
            let taken = buffer.take()
            #expect(buffer.capacity == 0)
            #expect([UInt8](copying: taken.bytes) == model)
            model = []
        } else {
            buffer.append(decimal: Int64(some.count) * -99_999)
            model += [UInt8]("\(Int64(some.count) * -99_999)")
        }
    }

    @Test func emptyBuffersHoldNoMemory() {
        var buffer = ByteBuffer()
        #expect(buffer.capacity == 0)
        buffer.append([UInt8]("text"))
        buffer.consume(4)
        buffer.shrink(to: 0)
        #expect(buffer.capacity == 0)
        #expect(buffer.bytes.byteCount == 0)
    }

    @Test func consumedRoomIsUsedAgain() {
        var buffer = ByteBuffer(capacity: 1024)
        for _ in 0..<100 {
            buffer.append([UInt8](repeating: 1, count: 600))
            buffer.consume(590)
            buffer.consume(5)
            buffer.consume(5)
        }
        #expect(buffer.capacity == 1024)
    }

    @Test func errorsOfTheBodyAppendNothing() {
        struct Failure: Error {}
        var buffer = ByteBuffer(capacity: 10)
        var caught = false
        do throws(Failure) {
            _ = try buffer.fill { _ throws(Failure) in throw Failure() }
        } catch {
            caught = true
        }
        #expect(caught)
        #expect(buffer.count == 0)
    }
}
