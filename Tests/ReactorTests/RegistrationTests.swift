import Glibc
import Synchronization
import Testing

@testable import Reactor

@Suite(.timeLimit(.minutes(10))) struct RegistrationTests {
    @Test func reusedDescriptorGetsNoLateEvents() async throws {
        try await onLoop { loop in
            let pair = try SocketPair()
            let old = try Registration(pair.server.descriptor, on: loop)
            // The event is there, and the owner gone, before the loop looks.
            _ = try pair.client.write([1].span)
            old.close()
            // Another socket gets the number.
            let other = try SocketPair()
            #expect(dup2(other.server.descriptor.number, pair.server.descriptor.number) >= 0)
            let new = try Registration(pair.server.descriptor, on: loop)
            #expect(await new.wait(for: .readable, until: loop.deadline(in: 20)) == .timedOut)
            #expect(await old.wait(for: .readable) == .closed)
            new.close()
        }
    }

    @Test func aForgottenRegistrationLeavesTheLoop() async throws {
        try await onLoop { loop in
            let pair = try SocketPair()
            _ = try Registration(pair.server.descriptor, on: loop)
            let again = try Registration(pair.server.descriptor, on: loop)
            _ = try pair.client.write([1].span)
            #expect(await again.wait(for: .readable) == .readable)
            again.close()
        }
    }

    @Test func aForgottenRegistrationLeavesTheLoopFromAnotherThread() async throws {
        let thread = try LoopThread(named: "test")
        defer { thread.stopAndJoin() }
        let loop = thread.loop
        await withTaskGroup(of: Registration.self) { group in
            group.addTask(on: loop) { Registration(on: loop) }
            for await _ in group {}
        }
        await withTaskGroup(of: Int.self) { group in
            group.addTask(on: loop) {
                await loop.yield()
                return loop.state.withState { $0.table.count }
            }
            for await count in group { #expect(count == 0) }
        }
    }

    @Test func unreadInputDoesNotSpin() async throws {
        try await onLoop { loop in
            let pair = try SocketPair()
            let registration = try Registration(pair.server.descriptor, on: loop)
            defer { registration.close() }
            _ = try pair.client.write([1].span)
            for _ in 0..<4 { await loop.yield() }
            // Were epoll still to report the byte, this sleep would be many turns.
            let turns = loop.turn
            _ = await loop.sleep(until: loop.deadline(in: 30))
            #expect(loop.turn - turns < 10)
            #expect(await registration.wait(for: .readable) == .readable)
            #expect(await registration.wait(for: .readable) == .readable)
        }
    }

    @Test func hangupDoesNotSpin() async throws {
        try await onLoop { loop in
            let listener = try Listener(host: "127.0.0.1", port: 0)
            let client = Mutex(Optional(try Descriptor(streamOfFamily: listener.address.family)))
            try client.withLock { _ = try $0?.connect(to: listener.address) }
            let server = try listener.next()
            let registration = try Registration(server.descriptor, on: loop)
            defer { registration.close() }
            try server.shutdownWriting()
            client.withLock { $0 = nil }
            for _ in 0..<4 { await loop.yield() }
            let turns = loop.turn
            _ = await loop.sleep(until: loop.deadline(in: 30))
            #expect(loop.turn - turns < 10)
            #expect(await registration.wait(for: .readable).contains(.readable))
            #expect(await registration.wait(for: .readable).contains(.hangup))
        }
    }

    @Test func deadlinesEndWaits() async throws {
        try await onLoop { loop in
            let bell = Registration(on: loop)
            let start = loop.now
            #expect(await bell.wait(for: [], until: loop.deadline(in: 20)) == .timedOut)
            #expect(MonotonicClock.nanoseconds() - start >= 20_000_000)
            // A deadline that can't pass meanwhile, however busy the machine is.
            bell.signal()
            #expect(await bell.wait(for: [], until: loop.deadline(in: 600_000)) == .signalled)
            #expect(loop.state.withState { $0.timers.isEmpty })
        }
    }

    @Test func aWakenedWaitDropsItsTimer() async throws {
        try await onLoop { loop in
            let bell = Registration(on: loop)
            await withDiscardingTaskGroup { group in
                group.addTask(on: loop) {
                    #expect(await bell.wait(for: [], until: loop.deadline(in: 60_000)) == .signalled)
                }
                await loop.yield()
                #expect(loop.state.withState { $0.timers.count } == 1)
                bell.signal()
            }
            #expect(loop.state.withState { $0.timers.isEmpty })
        }
    }

    @Test func cancellationWakes() async throws {
        try await onLoop { loop in
            await withTaskGroup(of: Readiness.self) { group in
                for _ in 0..<100 {
                    group.addTask(on: loop) {
                        let bell = Registration(on: loop)
                        return await withTaskCancellationHandler {
                            await bell.wait(for: .readable)
                        } onCancel: {
                            bell.cancel()
                        }
                    }
                }
                await loop.yield()
                group.cancelAll()
                for await readiness in group { #expect(readiness == .cancelled) }
            }
        }
    }

    /// What other threads have counted before a signal is seen after it, however the signals mix.
    @Test func signalStormLosesNothing() async throws {
        try await onLoop { loop in
            let bells = (0..<10).map { _ in Storm(bell: Registration(on: loop)) }
            await withDiscardingTaskGroup { group in
                for storm in bells {
                    group.addTask(on: loop) {
                        var seen = 0
                        while seen < 4 * Storm.signals {
                            let readiness = await storm.bell.wait(for: [])
                            #expect(readiness == .signalled)
                            seen += storm.count.exchange(0, ordering: .acquiring)
                        }
                        #expect(seen == 4 * Storm.signals)
                    }
                    for _ in 0..<4 {
                        group.addTask(executorPreference: globalConcurrentExecutor) {
                            for _ in 0..<Storm.signals {
                                storm.count.add(1, ordering: .releasing)
                                storm.bell.signal()
                            }
                        }
                    }
                }
            }
        }
    }
}

private final class Storm: Sendable {
    static let signals = 2_000
    let bell: Registration
    let count = Atomic<Int>(0)

    init(bell: Registration) {
        self.bell = bell
    }
}
