import Synchronization
import Testing

@testable import Reactor

@Suite(.timeLimit(.minutes(10))) struct AttendantTests {
    /// Notes the turns it is given, and does with each what a test says.
    private final class Recorder: Attendant {
        private let keys = Guarded<[UInt32]>([])
        private let act: @Sendable (EventLoop, AttendedTurn, _ count: Int) -> Void
        private let end: @Sendable (Recorder, EventLoop, _ count: Int) -> Void

        init(
            _ act: @escaping @Sendable (EventLoop, AttendedTurn, _ count: Int) -> Void,
            afterwards end: @escaping @Sendable (Recorder, EventLoop, _ count: Int) -> Void = { _, _, _ in }
        ) {
            self.act = act
            self.end = end
        }

        var taken: [UInt32] { keys.withLock { $0 } }

        func attend(on loop: EventLoop) {
            while let turn = loop.nextAttendedTurn() {
                let count = keys.withLock { keys in
                    keys.append(turn.key)
                    return keys.count
                }
                act(loop, turn, count)
            }
            end(self, loop, taken.count)
        }
    }

    @Test func aTaskSleepsUntilATurnResumesIt() async throws {
        try await onLoop { loop in
            let pair = try SocketPair()
            let registration = try Registration(pair.server.descriptor, on: loop)
            defer { registration.close() }
            // Nobody reads, so there is a turn each time the loop looks.
            let recorder = Recorder { loop, turn, count in
                #expect(turn.readiness == .readable)
                if count == 3 { loop.resume(after: turn) }
            }
            _ = try pair.client.write([1].span)
            #expect(await registration.wait(for: .readable, attendedBy: recorder, as: 7).isEmpty)
            #expect(recorder.taken == [7, 7, 7])
            // The next wait is the task's own again.
            #expect(await registration.wait(for: .readable) == .readable)
        }
    }

    @Test func otherReasonsGoToTheTask() async throws {
        try await onLoop { loop in
            let pair = try SocketPair()
            let registration = try Registration(pair.server.descriptor, on: loop)
            let recorder = Recorder { _, _, _ in }
            registration.signal()
            #expect(await registration.wait(for: .readable, attendedBy: recorder) == .signalled)
            let deadline = loop.deadline(in: 5)
            let end = await registration.wait(for: .readable, until: deadline, attendedBy: recorder)
            #expect(end == .timedOut)
            registration.close()
            #expect(await registration.wait(for: .readable, attendedBy: recorder) == .closed)
            #expect(recorder.taken.isEmpty)
        }
    }

    @Test func whoIsResumedMeanwhileTakesItsOwnTurn() async throws {
        try await onLoop { loop in
            let one = try SocketPair()
            let other = try SocketPair()
            let first = try Registration(one.server.descriptor, on: loop)
            let second = try Registration(other.server.descriptor, on: loop)
            let recorder = Recorder { loop, turn, _ in
                second.signal()
                loop.resume(after: turn)
            }
            // Both are there when the loop looks, in this order.
            _ = try one.client.write([1].span)
            _ = try other.client.write([1].span)
            await withTaskGroup(of: Readiness.self) { group in
                group.addTask(on: loop) {
                    await first.wait(for: .readable, attendedBy: recorder, as: 1)
                }
                group.addTask(on: loop) {
                    await second.wait(for: .readable, attendedBy: recorder, as: 2)
                }
                var reasons: Set<Readiness> = []
                for await reason in group { reasons.insert(reason) }
                #expect(reasons == [[], .signalled])
            }
            #expect(recorder.taken == [1])
            first.close()
            second.close()
        }
    }

    @Test func inputThatWasLeftIsToldAgainOnRequestOnly() async throws {
        try await onLoop { loop in
            let pair = try SocketPair()
            let registration = try Registration(pair.server.descriptor, on: loop, armed: .input)
            defer { registration.close() }
            _ = try pair.client.write([1, 2, 3].span)
            #expect(await registration.wait(for: .readable) == .readable)
            // Nobody has read, and there is no news.
            let soon = loop.deadline(in: 20)
            #expect(await registration.wait(for: .readable, until: soon) == .timedOut)
            registration.expectMore()
            #expect(await registration.wait(for: .readable) == .readable)
            _ = try pair.client.write([4].span)
            #expect(await registration.wait(for: .readable) == .readable)
            var bytes = [UInt8](repeating: 0, count: 8)
            var span = bytes.mutableSpan
            #expect(try pair.server.read(into: &span) == .bytes(4))
            try pair.client.shutdownWriting()
            #expect(await registration.wait(for: .readable).contains(.hangup))
            #expect(await registration.wait(for: .readable) == .hangup)
        }
    }

    @Test func aTurnIsNotLostToWhoeverIsResumedMeanwhile() async throws {
        try await onLoop { loop in
            let one = try SocketPair()
            let other = try SocketPair()
            let first = try Registration(one.server.descriptor, on: loop, armed: .input)
            let second = try Registration(other.server.descriptor, on: loop, armed: .input)
            let recorder = Recorder { loop, turn, _ in
                second.signal()
                loop.giveBack(turn)
            }
            _ = try one.client.write([1].span)
            _ = try other.client.write([1].span)
            await withTaskGroup(of: [Readiness].self) { group in
                for (number, registration) in [first, second].enumerated() {
                    group.addTask(on: loop) {
                        [
                            await registration.wait(
                                for: .readable, attendedBy: recorder, as: UInt32(number)),
                            await registration.wait(for: .readable, until: loop.deadline(in: 20)),
                        ]
                    }
                }
                var reasons: Set<[Readiness]> = []
                for await reason in group { reasons.insert(reason) }
                // The one is told what its turn was for; the other by its next wait.
                #expect(reasons == [[.readable, .timedOut], [.signalled, .readable]])
            }
            #expect(recorder.taken == [0])
            first.close()
            second.close()
        }
    }

    @Test func anotherLookBringsFurtherTurns() async throws {
        try await onLoop { loop in
            let one = try SocketPair()
            let other = try SocketPair()
            let recorder = Recorder { loop, turn, count in
                if count == 1 { do { _ = try other.client.write([1].span) } catch { Issue.record(error) } }
                loop.giveBack(turn)
            } afterwards: { recorder, loop, count in
                #expect(loop.lookAgain(for: recorder) == (count == 1))
            }
            let first = try Registration(one.server.descriptor, on: loop, armed: .input)
            let second = try Registration(other.server.descriptor, on: loop, armed: .input)
            _ = try one.client.write([1].span)
            await withDiscardingTaskGroup { group in
                for (number, registration) in [first, second].enumerated() {
                    group.addTask(on: loop) {
                        let reason = await registration.wait(
                            for: .readable, attendedBy: recorder, as: UInt32(number))
                        #expect(reason == .readable)
                    }
                }
            }
            #expect(recorder.taken == [0, 1])
            first.close()
            second.close()
        }
    }

    @Test func anotherLookTakesNobodysTurns() async throws {
        try await onLoop { loop in
            let one = try SocketPair()
            let two = try SocketPair()
            let three = try SocketPair()
            // There are turns of another's first, before the look and after it.
            let last = Recorder { loop, turn, _ in
                do { _ = try three.client.write([1].span) } catch { Issue.record(error) }
                loop.giveBack(turn)
            } afterwards: { recorder, loop, _ in
                #expect(!loop.lookAgain(for: recorder))
            }
            let first = Recorder { loop, turn, _ in
                loop.giveBack(turn)
            } afterwards: { recorder, loop, _ in
                #expect(!loop.lookAgain(for: recorder))
            }
            _ = try one.client.write([1].span)
            _ = try two.client.write([1].span)
            let registrations = [
                try Registration(one.server.descriptor, on: loop, armed: .input),
                try Registration(two.server.descriptor, on: loop, armed: .input),
                try Registration(three.server.descriptor, on: loop, armed: .input),
            ]
            await withDiscardingTaskGroup { group in
                for (number, registration) in registrations.enumerated() {
                    group.addTask(on: loop) {
                        _ = await registration.wait(
                            for: .readable, attendedBy: number == 1 ? last : first, as: UInt32(number))
                    }
                }
            }
            #expect(first.taken == [0, 2])
            #expect(last.taken == [1])
            for registration in registrations { registration.close() }
        }
    }

    @Test func eachAttendantGetsItsOwn() async throws {
        try await onLoop { loop in
            let one = try SocketPair()
            let two = try SocketPair()
            let three = try SocketPair()
            let recorders = (0..<2).map { _ in Recorder { loop, turn, _ in loop.resume(after: turn) } }
            _ = try one.client.write([1].span)
            _ = try two.client.write([1].span)
            _ = try three.client.write([1].span)
            let registrations = [
                try Registration(one.server.descriptor, on: loop),
                try Registration(two.server.descriptor, on: loop),
                try Registration(three.server.descriptor, on: loop),
            ]
            await withDiscardingTaskGroup { group in
                for (number, registration) in registrations.enumerated() {
                    group.addTask(on: loop) {
                        _ = await registration.wait(
                            for: .readable, attendedBy: recorders[number % 2], as: UInt32(number))
                    }
                }
            }
            #expect(recorders[0].taken == [0, 2])
            #expect(recorders[1].taken == [1])
            for registration in registrations { registration.close() }
        }
    }
}
