import Glibc
import Testing

@testable import Reactor

@Suite(.timeLimit(.minutes(10))) struct SocketTests {
    @Test func wouldBlockAndEndAreValues() throws {
        let pair = try SocketPair()
        var buffer = [UInt8](repeating: 0, count: 8)
        #expect(try buffer.read(from: pair.server) == .wouldBlock)
        #expect(try pair.client.write([1, 2, 3].span) == .bytes(3))
        #expect(try buffer.read(from: pair.server) == .bytes(3))
        #expect(buffer == [1, 2, 3, 0, 0, 0, 0, 0])
        try pair.client.shutdownWriting()
        #expect(try buffer.read(from: pair.server) == .endOfFile)
        #expect(try pair.server.write([4].span) == .bytes(1))
        #expect(try buffer.read(from: pair.client) == .bytes(1))
    }

    @Test func twoPiecesArriveAsOne() throws {
        let pair = try SocketPair()
        let first: [UInt8] = [1, 2]
        let second: [UInt8] = [3]
        // Bytes of arrays of bytes.
        #expect(try unsafe pair.client.write(first.span.bytes, second.span.bytes) == .bytes(3))
        // As above.
        #expect(try unsafe pair.client.write([UInt8]().span.bytes, second.span.bytes) == .bytes(1))
        var buffer = [UInt8](repeating: 0, count: 8)
        #expect(try buffer.read(from: pair.server) == .bytes(4))
        #expect(buffer == [1, 2, 3, 3, 0, 0, 0, 0])
    }

    @Test func readingAppends() throws {
        let pair = try SocketPair()
        _ = try pair.client.write([7, 8].span)
        var storage = [UInt8](repeating: 0, count: 4)
        // Bytes of an array of bytes, which outlives the span over it.
        try unsafe storage.withUnsafeMutableBytes { bytes in
            // As above.
            var span = unsafe OutputRawSpan(buffer: bytes, initializedCount: 1)
            let first = try pair.server.read(appendingTo: &span)
            #expect(first == .bytes(2))
            #expect(span.byteCount == 3)
            let second = try pair.server.read(appendingTo: &span)
            #expect(second == .wouldBlock)
            // As above.
            _ = unsafe span.finalize(for: bytes)
        }
        #expect(storage == [0, 7, 8, 0])
    }

    @Test func aFullBufferBlocksUntilItIsRead() async throws {
        try await onLoop { loop in
            let pair = try SocketPair()
            let registration = try Registration(pair.client.descriptor, on: loop)
            defer { registration.close() }
            let piece = [UInt8](repeating: 1, count: 1 << 20)
            var sent = 0
            while case .bytes(let count) = try pair.client.write(piece.span) { sent += count }
            #expect(await registration.wait(for: .writable, until: loop.deadline(in: 10)) == .timedOut)
            var buffer = [UInt8](repeating: 0, count: 1 << 20)
            var received = 0
            while case .bytes(let count) = try buffer.read(from: pair.server) { received += count }
            #expect(await registration.wait(for: .writable) == .writable)
            while received < sent {
                if case .bytes(let count) = try buffer.read(from: pair.server) { received += count }
            }
            #expect(received == sent)
        }
    }

    @Test func aPeerThatIsGoneIsAnError() async throws {
        try await onLoop { loop in
            let listener = try Listener(host: "127.0.0.1", port: 0)
            let client = Held(Socket(owning: try Descriptor(streamOfFamily: AF_INET)))
            if let socket = client.take() { _ = try socket.descriptor.connect(to: listener.address) }
            let server = try listener.next()
            let registration = try Registration(server.descriptor, on: loop)
            defer { registration.close() }
            _ = try server.write([1].span)
            #expect(await registration.wait(for: .hangup).contains(.hangup))
            let failure = await #expect(throws: SystemError.self) {
                for _ in 0..<10 {
                    _ = try server.write([1].span)
                    _ = await loop.sleep(until: loop.deadline(in: 1))
                }
            }
            #expect(failure?.code == EPIPE || failure?.code == ECONNRESET)
        }
    }
}
