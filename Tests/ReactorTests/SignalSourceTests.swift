import Glibc
import Testing

@testable import Reactor

@Suite(.timeLimit(.minutes(10))) struct SignalSourceTests {
    @Test func signalsAreTaken() async throws {
        try await onLoop { loop in
            // Here it is only this loop's thread that blocks and gets them.
            SignalSource.block([SIGUSR1, SIGUSR2])
            let source = try SignalSource([SIGUSR1, SIGUSR2], on: loop)
            let taken = Registration(on: loop)
            await withDiscardingTaskGroup { group in
                group.addTask(on: loop) {
                    #expect(await source.next() == SIGUSR2)
                    taken.signal()
                    #expect(await source.next() == SIGUSR1)
                    taken.signal()
                    #expect(await source.next() == nil)
                }
                await loop.yield()
                pthread_kill(pthread_self(), SIGUSR2)
                _ = await taken.wait(for: [])
                pthread_kill(pthread_self(), SIGUSR1)
                _ = await taken.wait(for: [])
                group.cancelAll()
            }
            source.close()
            taken.close()
        }
    }

    @Test func brokenPipesAreErrors() throws {
        SignalSource.ignoreBrokenPipes()
        var ends: [Int32] = [0, 0]
        // Room for the two that pipe writes.
        #expect(unsafe pipe(&ends) == 0)
        let writing = Descriptor(owning: ends[1])
        close(ends[0])
        #expect(throws: SystemError("write", code: EPIPE)) {
            try Files.writeAll([1].span, to: writing)
        }
    }
}
