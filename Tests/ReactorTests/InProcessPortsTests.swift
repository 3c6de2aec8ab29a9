import Glibc
import Synchronization
import Testing

@testable import Reactor

@Suite struct InProcessPortsTests {
    @Test func bytesGoBothWaysUntilOneSideCloses() throws {
        let accepted = Guarded<Socket?>(nil)
        let isOpen = InProcessPorts.open("both-ways") { socket in
            accepted.withLock { $0 = consume socket }
            return true
        }
        #expect(isOpen)
        defer { InProcessPorts.close("both-ways") }
        let client = try InProcessPorts.connect(to: "both-ways")
        guard let server = accepted.withLock({ $0.take() }) else {
            Issue.record("nobody was asked to accept")
            return
        }
        #expect(try client.write([1, 2, 3].span) == .bytes(3))
        #expect(try server.write([4].span) == .bytes(1))
        var bytes = [UInt8](repeating: 0, count: 8)
        var span = bytes.mutableSpan
        #expect(try server.read(into: &span) == .bytes(3))
        #expect(try server.read(into: &span) == .wouldBlock)
        #expect(try client.read(into: &span) == .bytes(1))
        _ = consume client
        #expect(try server.read(into: &span) == .endOfFile)
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
