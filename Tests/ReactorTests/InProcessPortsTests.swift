import Glibc
import Synchronization
import Testing

@testable import Reactor

@Suite struct InProcessPortsTests {
    /// So that a closure can hand a socket on.
    private final class Accepted: Sendable {
        let socket: Socket

        init(_ socket: consuming Socket) { self.socket = socket }
    }

    @Test func bytesGoBothWaysUntilOneSideCloses() throws {
        let accepted = Guarded<Accepted?>(nil)
        let isOpen = InProcessPorts.open("both-ways") { socket in
            let new = Accepted(socket)
            accepted.withLock { $0 = new }
            return true
        }
        #expect(isOpen)
        defer { InProcessPorts.close("both-ways") }
        let client = try InProcessPorts.connect(to: "both-ways")
        let server = try #require(accepted.withLock { $0 })
        let written = [try client.write([1, 2, 3].span), try server.socket.write([4].span)]
        #expect(written == [.bytes(3), .bytes(1)])
        var bytes = [UInt8](repeating: 0, count: 8)
        var span = bytes.mutableSpan
        var received = [try server.socket.read(into: &span), try server.socket.read(into: &span)]
        received.append(try client.read(into: &span))
        _ = consume client
        received.append(try server.socket.read(into: &span))
        #expect(received == [.bytes(3), .wouldBlock, .bytes(1), .endOfFile])
    }

    @Test func aNameHasOneOwner() {
        #expect(InProcessPorts.open("one-owner") { _ in true })
        #expect(!InProcessPorts.open("one-owner") { _ in true })
        InProcessPorts.close("one-owner")
        #expect(InProcessPorts.open("one-owner") { _ in true })
        InProcessPorts.close("one-owner")
        InProcessPorts.close("one-owner")
    }

    @Test func whereNobodyAcceptsTheConnectionIsRefused() {
        let refused = SystemError("connect", code: ECONNREFUSED)
        #expect(throws: refused) { _ = try InProcessPorts.connect(to: "nobody") }
        #expect(InProcessPorts.open("closed") { _ in false })
        defer { InProcessPorts.close("closed") }
        #expect(throws: refused) { _ = try InProcessPorts.connect(to: "closed") }
    }

    @Test func aReleasedDescriptorStaysOpen() throws {
        let number = try Socket.pair { _ in }.release()
        #expect(fcntl(number, F_GETFD) == FD_CLOEXEC)
        #expect(fcntl(number, F_GETFL) & O_NONBLOCK != 0)
        #expect(close(number) == 0)
    }

    @Test func aThreadWithARootTaskEndsWithIt() throws {
        let turns = Guarded(0)
        let (signals, announce) = AsyncStream.makeStream(of: Void.self)
        let thread = try LoopThread(named: "root") { loop in
            for await _ in signals {
                await loop.yield()
                turns.withLock { $0 += 1 }
            }
        }
        for _ in 0..<3 { announce.yield() }
        announce.finish()
        thread.stopAndJoin()
        #expect(turns.withLock { $0 } == 3)
    }
}
