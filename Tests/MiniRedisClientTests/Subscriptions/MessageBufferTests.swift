import Testing

@testable import MiniRedisClient

/// What waits for a reader, without a connection.
@Suite struct MessageBufferTests {
    private func message(_ number: Int, size: Int = 1) -> RedisMessage {
        RedisMessage(channel: [], payload: [UInt8](repeating: UInt8(number), count: size))
    }

    @Test func theOldestGo() async throws {
        let buffer = MessageBuffer(.init(messages: 3))
        for number in 0..<5 { buffer.append(.message(message(number))) }
        #expect(try await buffer.next() == .missed(2))
        #expect(try await buffer.next() == .message(message(2)))
        buffer.append(.message(message(5)))
        buffer.append(.message(message(6)))
        #expect(try await buffer.next() == .missed(1))
        for number in 4..<7 { #expect(try await buffer.next() == .message(message(number))) }
    }

    @Test func bytesAreBoundedToo() async throws {
        let buffer = MessageBuffer(.init(messages: 100, bytes: 10))
        for number in 0..<3 { buffer.append(.message(message(number, size: 4))) }
        #expect(try await buffer.next() == .missed(1))
        buffer.append(.message(message(9, size: 1000)))
        #expect(try await buffer.next() == .missed(2))
        #expect(try await buffer.next() == .message(message(9, size: 1000)))
    }

    @Test func theEndComesAfterWhatCameBefore() async throws {
        let buffer = MessageBuffer(.init())
        buffer.append(.message(message(1)))
        buffer.end(.connectionLost("x"))
        buffer.end(.closed)
        buffer.append(.message(message(2)))
        #expect(try await buffer.next() == .message(message(1)))
        await #expect(throws: RedisError.connectionLost("x")) { try await buffer.next() }
        let closed = MessageBuffer(.init())
        closed.end(.closed)
        #expect(try await closed.next() == nil)
    }

    @Test func aWaitingReaderIsWoken() async throws {
        let buffer = MessageBuffer(.init(messages: 1_000_000))
        try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                var seen = 0
                while let event = try await buffer.next() { if case .message = event { seen += 1 } }
                return seen
            }
            for number in 0..<5000 {
                buffer.append(.message(message(number % 256)))
                if number.isMultiple(of: 100) { await Task.yield() }
            }
            buffer.end(.closed)
            let seen = try await group.next()
            #expect(seen == 5000)
        }
    }

    @Test func gapsAreNotForgotten() async throws {
        let buffer = MessageBuffer(.init(messages: 2))
        buffer.interrupt()
        buffer.append(.message(message(0)))
        buffer.begin()
        buffer.interrupt()
        buffer.append(.message(message(1)))
        buffer.append(.dropped(5, of: [1]))
        buffer.append(.message(message(2)))
        buffer.append(.message(message(3)))
        // Before it had begun there was nothing to interrupt.
        #expect(try await buffer.next() == .missed(7))
        #expect(try await buffer.next() == .interrupted)
        #expect(try await buffer.next() == .message(message(2)))
        #expect(try await buffer.next() == .message(message(3)))
    }

    @Test func cancellationWakesTheReader() async throws {
        let buffer = MessageBuffer(.init())
        for round in 0..<100 {
            try await withThrowingTaskGroup(of: RedisSubscription.Event?.self) { group in
                group.addTask { try await buffer.next() }
                for _ in 0..<(round % 4) { await Task.yield() }
                group.cancelAll()
                let event = try await group.next()
                #expect(event == .some(nil))
            }
        }
    }
}
