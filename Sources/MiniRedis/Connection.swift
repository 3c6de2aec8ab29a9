import RESP
import Reactor

/// One client's connection: reads, has whole batches run, writes, until either side closes.
///
/// The task that runs it is the only one that touches the socket. It waits for input, for room to
/// write, for its outbox, or for the time to give up, whichever comes first.
struct Connection {
    let registration: Registration
    let outbox: Outbox
    let database: Database
    let handle: SessionHandle

    /// Bytes written at once: others on the loop get their turn in between, as in Redis.
    static let largestWrite = 256 << 10
    /// Output memory that an idle connection may keep.
    static let keptOutput = 1 << 10
    /// Input is left in the kernel while the client has more than this to read, so that a client that
    /// only writes is held back; far more than any client's pipeline answers to.
    static let mostPendingOutput = 1 << 30
    /// How long a client that is to be closed may take to read what is left, in milliseconds.
    static let lingering: Int64 = 10_000

    /// Why the conversation is over.
    private enum Ending {
        case no
        /// When everything was written.
        case flushed
        case now
    }

    /// Runs until the client or the server ends it.
    func run(on socket: borrowing Socket, policy: ConnectionPolicy, isolatedTo _: isolated LoopActor) async {
        var exchange = Exchange()
        exchange.policy = policy
        var ending = Ending.no
        while ending != .now {
            let hasOutput = !exchange.reply.buffer.isEmpty
            if ending == .flushed, !hasOutput { break }
            let readiness = await registration.wait(for: interest(ending, hasOutput), until: deadline(ending, exchange.policy))
            if readiness.contains(.closed) || readiness.contains(.timedOut) { break }
            if readiness.contains(.cancelled), ending == .no { ending = .flushed }
            if readiness.contains(.signalled) { ending = take(ending, outbox.drain(into: &exchange.reply.buffer)) }
            if ending == .no, readiness.contains(.readable) || readiness.contains(.hangup) {
                ending = read(socket, &exchange)
                while ending == .no, exchange.reader.frameCount > 0 {
                    if registration.loop === database.loop {
                        database.executeOnLoop(handle, &exchange)
                    } else {
                        exchange = await database.execute(handle, sent: exchange)
                    }
                    ending = await settle(&exchange)
                    if exchange.reader.next == exchange.reader.frameCount {
                        exchange.reader.finishBatch()
                        exchange.reader.parse(exchange.policy.requestLimits)
                    }
                }
                ending = checkInput(ending, &exchange)
            }
            if !exchange.reply.buffer.isEmpty {
                ending = write(socket, &exchange, ending)
                outbox.noteUnsent(exchange.reply.count)
            }
        }
    }

    private func interest(_ ending: Ending, _ hasOutput: Bool) -> Interest {
        if ending != .no { return hasOutput ? .writable : [] }
        return hasOutput ? [.readable, .writable] : .readable
    }

    private func deadline(_ ending: Ending, _ policy: ConnectionPolicy) -> Deadline? {
        if ending != .no { return registration.loop.deadline(in: Self.lingering) }
        if policy.idleTimeout == 0 { return nil }
        return registration.loop.deadline(in: Int64(policy.idleTimeout) * 1000)
    }

    private func take(_ ending: Ending, _ closing: Outbox.Closing) -> Ending {
        switch closing {
        case .no: ending
        case .afterFlush: ending == .no ? .flushed : ending
        case .now: .now
        }
    }

    /// Reads once and parses what came.
    private func read(_ socket: borrowing Socket, _ exchange: inout Exchange) -> Ending {
        var end = false
        do throws(SystemError) {
            _ = try exchange.reader.fill { span throws(SystemError) in
                switch try socket.read(into: &span) {
                case .bytes(let count):
                    database.traffic.noteRead(count)
                    return count
                case .wouldBlock: return 0
                case .endOfFile:
                    end = true
                    return 0
                }
            }
        } catch {
            return .now
        }
        if end { return .now }
        exchange.reader.parse(exchange.policy.requestLimits)
        return .no
    }

    /// Does what the actor asked for after a batch.
    private func settle(_ exchange: inout Exchange) async -> Ending {
        switch exchange.outcome {
        case .next:
            return .no
        case .yield:
            await registration.loop.yield()
            return .no
        case .pause(let until):
            let delay = max(until - WallClock.milliseconds(), 1)
            let readiness = await registration.wait(for: [], until: registration.loop.deadline(in: delay))
            return readiness.contains(.closed) || readiness.contains(.cancelled) ? .flushed : .no
        case .close:
            return .flushed
        case .abort:
            return .now
        }
    }

    /// Answers malformed or excessive input.
    private func checkInput(_ ending: Ending, _ exchange: inout Exchange) -> Ending {
        guard ending == .no else { return ending }
        if let failure = exchange.reader.failure {
            let text = Array("ERR Protocol error: \(failure.text)".utf8)
            // The array lives until the reply is written.
            unsafe exchange.reply.error(text.span.bytes)
            return .flushed
        }
        guard exchange.reader.heldBytes > exchange.policy.queryBufferLimit else { return .no }
        database.traffic.noteQueryLimit()
        return .now
    }

    /// Writes once.
    private func write(_ socket: borrowing Socket, _ exchange: inout Exchange, _ ending: Ending) -> Ending {
        do throws(SystemError) {
            let transfer = try socket.write(exchange.reply.buffer.bytes.extracting(first: Self.largestWrite))
            guard case .bytes(let count) = transfer else { return ending }
            database.traffic.noteWritten(count)
            exchange.reply.buffer.consume(count)
            if exchange.reply.buffer.isEmpty, exchange.reply.buffer.capacity > Self.largestWrite {
                exchange.reply.buffer.shrink(to: Self.keptOutput)
            }
            return ending
        } catch {
            return .now
        }
    }
}
