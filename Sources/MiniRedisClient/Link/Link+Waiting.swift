import RESP
import Reactor
import Synchronization

/// How a wait in the server ends that nobody waits for any more.
///
/// A command such as BLPOP whose task is cancelled or out of time would hold up all others on the
/// connection. So the server is told, over another connection, to end it (CLIENT UNBLOCK). Should that
/// come too late and end the wait of another task's command, that has not run and is sent again.
extension Link.State {
    /// Whom to wake as the server waits for nobody.
    var bellForWaits: Registration? { pending.isHeldUp ? unblocker : nil }
}

extension Link {
    /// The connection's number if the server waits for nobody there; nil inside if it has told none.
    fileprivate func heldUp() -> Int64?? {
        state.withLock { state in
            guard case .open = state.phase, state.pending.isHeldUp else { return nil }
            return .some(state.clientID)
        }
    }
}

extension RedisClient.Configuration {
    /// Between two attempts, as the server may not have come to the command yet; milliseconds.
    private static let pauses = 5...200 as ClosedRange<Int64>

    /// Ends waits that nobody waits for, until the task is cancelled; on the loop only.
    func endWaits(of link: Link, on thread: RedisClientThread) async {
        let loop = thread.thread.loop
        let bell = Registration(on: loop)
        link.state.withLock { $0.unblocker = bell }
        await withTaskCancellationHandler {
            while !(await bell.wait(for: [])).contains(.cancelled) {
                var pause = Self.pauses.lowerBound
                while let number = link.heldUp() {
                    guard let number, await end(number, of: link, on: thread) else {
                        // There is no other way.
                        if !Task.isCancelled { link.breakOff() }
                        break
                    }
                    guard await loop.sleep(until: loop.deadline(in: pause)) else { break }
                    pause = min(pause * 2, Self.pauses.upperBound)
                }
            }
        } onCancel: {
            bell.cancel()
        }
        link.state.withLock { $0.unblocker = nil }
        bell.close()
    }

    /// Tells the server to end a connection's wait, if there is one; false if that can't be.
    private func end(_ number: Int64, of link: Link, on thread: RedisClientThread) async -> Bool {
        let loop = thread.thread.loop
        let deadline = connectTimeout.map { loop.deadline(in: $0.wholeMilliseconds) }
        guard let wire = try? await thread.connect(to: address, until: deadline) else { return false }
        defer { wire.registration.close() }
        return await withTaskCancellationHandler {
            var inbox = Inbox()
            var unblock = RedisWords("CLIENT")
            unblock.append("UNBLOCK")
            unblock.append(number)
            unblock.append("ERROR")
            do throws(RedisError) {
                _ = try await Handshake(configuration: self).run(on: wire, &inbox, until: deadline)
                // It may have come to an end meanwhile.
                guard link.state.withLock({ $0.beginEnding(number) }) else { return true }
                let answer = try await Conversation(wire: wire, deadline: deadline).ask([unblock], &inbox)
                guard case .integer(let count)? = answer.first else { return false }
                if count == 0 { link.state.withLock { $0.pending.endEnding() } }
                return true
            } catch {
                return false
            }
        } onCancel: {
            wire.registration.cancel()
        }
    }
}

extension Link.State {
    /// Notes that the server is about to be told; false if there is nothing to end on that connection.
    fileprivate mutating func beginEnding(_ number: Int64) -> Bool {
        guard case .open = phase, clientID == number, pending.isHeldUp else { return false }
        pending.beginEnding()
        return true
    }
}
