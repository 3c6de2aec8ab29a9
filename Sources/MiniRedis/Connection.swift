import RESP
import Reactor

/// One client's connection: reads, has whole batches run, writes, until either side closes.
///
/// The task that runs it is the only one that touches the socket. It waits for input, for room to
/// write, for its outbox, or for the end of a pause, whichever comes first.
struct Connection {
    let registration: Registration
    let outbox: Outbox
    let database: Database
    let handle: SessionHandle
    let traffic: Traffic

    /// Bytes written at once: others on the loop get their turn in between, as in Redis.
    static let largestWrite = 256 << 10
    /// Neither input nor further requests are taken while the client has more than this to read, so
    /// that a client that only writes is held back; far more than any client's pipeline answers to.
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

    /// What keeps the rest of a batch waiting.
    private enum Hold: Equatable {
        case no
        /// CLIENT PAUSE, until this moment (Unix milliseconds) or a signal.
        case pause(until: Int64)
        /// More output than `mostPendingOutput`.
        case output
    }

    /// How far the conversation has come.
    private struct Progress {
        var ending = Ending.no
        var hold = Hold.no
        var departure = Departure.peer
        var bytesIn = 0
        var bytesOut = 0
        var replyPeak = 0
    }

    /// Runs until the client or the server ends it; tells why it ended.
    func run(on socket: borrowing Socket, policy: ConnectionPolicy) async -> Departure {
        var exchange = Exchange()
        exchange.policy = policy
        var progress = Progress()
        while progress.ending != .now {
            let hasOutput = !exchange.reply.buffer.isEmpty
            if progress.ending == .flushed, !hasOutput { break }
            let readiness = await registration.wait(
                for: interest(progress, hasOutput ? exchange.reply.count : 0), until: deadline(progress))
            if readiness.contains(.closed) { break }
            if readiness.contains(.cancelled), progress.ending == .no { progress.ending = .flushed }
            if readiness.contains(.signalled) { obey(&exchange, &progress) }
            if progress.ending != .no {
                if readiness.contains(.timedOut) { break }
            } else if progress.hold != .no {
                await resume(readiness, socket, &exchange, &progress)
            } else if readiness.contains(.readable) || readiness.contains(.hangup) {
                read(socket, &exchange, &progress)
                await runBatches(socket, &exchange, &progress)
            }
            if !exchange.reply.buffer.isEmpty { write(socket, &exchange, &progress) }
            note(exchange, progress)
        }
        return progress.departure
    }

    // MARK: Waiting

    private func interest(_ progress: Progress, _ output: Int) -> Interest {
        let writing: Interest = output > 0 ? .writable : []
        if progress.ending != .no { return writing }
        if progress.hold != .no { return writing.union(.hangup) }
        return output > Self.mostPendingOutput ? writing : writing.union(.readable)
    }

    private func deadline(_ progress: Progress) -> Deadline? {
        if progress.ending != .no { return registration.loop.deadline(in: Self.lingering) }
        guard case .pause(let until) = progress.hold else { return nil }
        return registration.loop.deadline(in: max(until - WallClock.milliseconds(), 0) + 1)
    }

    /// Does what others have asked for through the outbox.
    private func obey(_ exchange: inout Exchange, _ progress: inout Progress) {
        switch outbox.drain(into: &exchange.reply.buffer) {
        case .no: break
        case .afterFlush: if progress.ending == .no { progress.ending = .flushed }
        case .now: progress.ending = .now
        }
        guard outbox.takeReleaseRequest() else { return }
        exchange.reader.releaseIdleMemory()
        exchange.reply.buffer.shrink(to: exchange.reply.count)
        progress.replyPeak = exchange.reply.count
    }

    /// Goes on with a batch that was held back, if the reason is gone.
    private func resume(
        _ readiness: Readiness, _ socket: borrowing Socket, _ exchange: inout Exchange,
        _ progress: inout Progress
    ) async {
        switch progress.hold {
        case .output where exchange.reply.count > Self.mostPendingOutput: break
        case .pause where readiness.isDisjoint(with: [.timedOut, .signalled]): break
        default:
            progress.hold = .no
            return await runBatches(socket, &exchange, &progress)
        }
        // As in Redis, a client that leaves while it is held back leaves at once.
        if readiness.contains(.hangup) { progress.ending = .now }
    }

    // MARK: Input

    /// Reads once and parses what came.
    private func read(_ socket: borrowing Socket, _ exchange: inout Exchange, _ progress: inout Progress) {
        var end = false
        do throws(SystemError) {
            progress.bytesIn += try exchange.reader.fill { span throws(SystemError) in
                switch try socket.read(into: &span) {
                case .bytes(let count):
                    traffic.noteRead(count)
                    return count
                case .wouldBlock: return 0
                case .endOfFile:
                    end = true
                    return 0
                }
            }
        } catch {
            progress.ending = .now
        }
        if end { progress.ending = .now }
        guard progress.ending == .no else { return }
        exchange.reader.parse(exchange.policy.requestLimits)
        noteInput(exchange, progress)
    }

    /// Has everything run that was parsed, batch by batch.
    private func runBatches(
        _ socket: borrowing Socket, _ exchange: inout Exchange, _ progress: inout Progress
    ) async {
        while progress.ending == .no, exchange.reader.frameCount > 0 {
            if registration.loop === database.loop {
                database.executeOnLoop(handle, &exchange)
            } else {
                exchange = await database.execute(handle, sent: exchange)
            }
            switch exchange.outcome {
            case .next: break
            case .yield:
                write(socket, &exchange, &progress)
                await registration.loop.yield()
            case .pause(let until):
                progress.hold = .pause(until: until)
                return
            case .stall:
                progress.hold = .output
                return
            case .close: progress.ending = .flushed
            case .abort: progress.ending = .now
            }
            if exchange.reader.next == exchange.reader.frameCount {
                exchange.reader.finishBatch()
                exchange.reader.parse(exchange.policy.requestLimits)
            }
        }
        if progress.ending == .no { checkInput(&exchange, &progress) }
    }

    /// Answers malformed or excessive input.
    private func checkInput(_ exchange: inout Exchange, _ progress: inout Progress) {
        if let failure = exchange.reader.failure {
            if !exchange.policy.isMuted {
                let text = Array("ERR Protocol error: ".utf8) + failure.bytes
                // The array lives until the reply is written.
                unsafe exchange.reply.error(text.span.bytes)
            }
            progress.departure = .protocolError
            progress.ending = .flushed
        } else if exchange.reader.heldBytes > exchange.policy.queryBufferLimit {
            progress.departure = .queryBufferLimit
            progress.ending = .now
        }
    }

    // MARK: Output

    /// Writes once.
    private func write(_ socket: borrowing Socket, _ exchange: inout Exchange, _ progress: inout Progress) {
        guard !exchange.reply.buffer.isEmpty, progress.ending != .now else { return }
        progress.replyPeak = max(progress.replyPeak, exchange.reply.count)
        do throws(SystemError) {
            let transfer = try socket.write(exchange.reply.buffer.bytes.extracting(first: Self.largestWrite))
            guard case .bytes(let count) = transfer else { return }
            progress.bytesOut += count
            traffic.noteWritten(count)
            exchange.reply.buffer.consume(count)
            if exchange.reply.buffer.isEmpty, exchange.reply.buffer.capacity > Self.largestWrite {
                exchange.reply.buffer.shrink(to: 0)
            }
        } catch {
            progress.ending = .now
        }
    }

    // MARK: Figures

    private func noteInput(_ exchange: borrowing Exchange, _ progress: Progress) {
        let use = exchange.reader.bufferUse
        outbox.figures.noteInput(
            total: progress.bytesIn, used: use.used, free: use.free,
            arguments: exchange.reader.pendingArgumentBytes)
    }

    private func note(_ exchange: borrowing Exchange, _ progress: Progress) {
        noteInput(exchange, progress)
        outbox.figures.noteOutput(
            total: progress.bytesOut, unsent: exchange.reply.count,
            capacity: exchange.reply.buffer.capacity, peak: progress.replyPeak)
    }
}
