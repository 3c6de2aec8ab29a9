import RESP
import Reactor

/// One client's side of the server, as far as it goes without waiting: takes input in, has requests run,
/// writes replies, and says what its connection is to do next.
///
/// A struct with one owner: each turn is one access to it, where the same state in an object would be checked
/// with each use. While the client is idle it holds no buffers.
struct Conversation: ~Copyable {
    private let registration: Registration
    private let outbox: Outbox
    private let log: Log
    private let share: LoopShare
    private var exchange = Exchange()
    private var progress = Progress()

    /// Bytes written at once: others on the loop get their turn in between, as in Redis.
    static let largestWrite = 256 << 10
    /// Neither input nor further requests are taken while the client has more than this to read, so
    /// that a client that only writes is held back; far more than any client's pipeline answers to.
    static let mostPendingOutput = 1 << 30
    /// How long a client that is to be closed may take to read what is left, in milliseconds.
    static let lingering: Int64 = 10_000

    /// What the connection does next.
    enum Step {
        /// Waits for one of these, for the deadline or for a signal, and takes a turn.
        case wait(Interest, until: Deadline?)
        /// Has the requests run by the database, which is on another loop.
        case cross
        /// Goes on when others on the loop had their turn.
        case yield
        /// Closes.
        case end

        /// Whether it is only to wait for more input, as long as that takes.
        var isPlainWait: Bool {
            if case .wait(.readable, until: nil) = self { true } else { false }
        }
    }

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
        /// CLIENT PAUSE, until this moment or a signal.
        case pause(until: Deadline?)
        /// A request that waits, until this moment or a signal.
        case blocked(until: Deadline?)
        /// More output than so many bytes.
        case output(most: Int)
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

    /// Begins with nothing said.
    init(
        _ registration: Registration, _ outbox: Outbox, _ share: LoopShare,
        policy: ConnectionPolicy, log: Log
    ) {
        self.registration = registration
        self.outbox = outbox
        self.share = share
        self.log = log
        exchange.policy = policy
    }

    /// Why the conversation ended, once it has.
    var departure: Departure { progress.departure }

    // MARK: Turns

    /// Takes a turn after a wait; the database runs on this loop.
    mutating func turn(
        _ readiness: Readiness, _ socket: borrowing Socket, of session: Session,
        in database: isolated Database
    ) -> Step {
        take(readiness, socket)
        return proceed(socket, of: session, in: database)
    }

    /// Takes a turn in the task's place; the database runs on this loop.
    ///
    /// A short reply is left behind those of others, and counts as written.
    mutating func turn(
        _ readiness: Readiness, _ socket: borrowing Socket, of session: Session,
        in database: isolated Database, deferring replies: inout ByteBuffer
    ) -> Step {
        take(readiness, socket)
        guard run(socket, of: session, in: database) else { return .yield }
        checkInput()
        let count = exchange.reply.count
        if count > 0, count <= DeferredReplies.longest, !exchange.isBehind, progress.ending == .no {
            replies.append(exchange.reply.buffer.bytes)
            exchange.reply.buffer.consume(count)
            progress.replyPeak = max(progress.replyPeak, count)
            progress.bytesOut += count
        }
        return endTurn(socket)
    }

    /// Takes back what the socket did not take of a reply that was left.
    mutating func takeBack(_ rest: RawSpan) {
        progress.bytesOut -= rest.byteCount
        share.lendOutput(&exchange)
        exchange.reply.buffer.append(rest)
    }

    /// Takes a turn after a wait, as far as that goes without the database.
    mutating func turn(_ readiness: Readiness, _ socket: borrowing Socket) -> Step {
        take(readiness, socket)
        return proceed(socket)
    }

    /// Sends messages while the task waits, which has to go on only if they don't go at once.
    mutating func forward(_ socket: borrowing Socket) {
        // A task that is about to go on looks itself.
        guard progress.ending == .no, progress.hold == .no, exchange.reply.buffer.isEmpty, !mayRun else {
            return outbox.wake()
        }
        obey()
        write(socket)
        if progress.ending != .no || exchange.isBehind || !exchange.reply.buffer.isEmpty { outbox.wake() }
        share.takeBack(&exchange)
        note()
    }

    /// Has everything run that was parsed, batch by batch: nearly always to the end.
    mutating func proceed(
        _ socket: borrowing Socket, of session: Session, in database: isolated Database
    ) -> Step {
        guard run(socket, of: session, in: database) else { return .yield }
        return settleUp(socket)
    }

    /// Has batch after batch run; false if others are to have their turn before the rest.
    @inline(__always)
    private mutating func run(
        _ socket: borrowing Socket, of session: Session, in database: isolated Database
    ) -> Bool {
        while mayRun {
            database.execute(session, &exchange)
            if settle(socket) { return false }
        }
        return true
    }

    /// Goes on after a yield, as far as that goes without the database.
    mutating func proceed(_ socket: borrowing Socket) -> Step {
        mayRun ? .cross : settleUp(socket)
    }

    /// Gives out the batch that the database is to run.
    mutating func send() -> Exchange { exchange.take() }

    /// Takes the batch back.
    mutating func receive(_ answered: inout Exchange, _ socket: borrowing Socket) -> Step {
        exchange = answered.take()
        return settle(socket) ? .yield : proceed(socket)
    }

    /// Whether there are requests, and nothing keeps them from running.
    private var mayRun: Bool {
        progress.ending == .no && progress.hold == .no
            && (exchange.reader.frameCount > 0 || exchange.resumes)
    }

    /// Does what a wait ended for.
    private mutating func take(_ readiness: Readiness, _ socket: borrowing Socket) {
        if readiness.contains(.closed) { progress.ending = .now }
        if readiness.contains(.cancelled), progress.ending == .no { progress.ending = .flushed }
        if readiness.contains(.signalled) { obey() }
        if progress.ending != .no {
            // The rest of the output was given time enough.
            if readiness.contains(.timedOut) { progress.ending = .now }
        } else if progress.hold != .no {
            resume(readiness)
        } else if readiness.contains(.readable) || readiness.contains(.hangup) {
            read(socket)
        }
    }

    private mutating func settleUp(_ socket: borrowing Socket) -> Step {
        checkInput()
        return endTurn(socket)
    }

    /// Writes, gives back memory, and tells where things stand.
    private mutating func endTurn(_ socket: borrowing Socket) -> Step {
        write(socket)
        // There is more to send as soon as the others had their turn.
        if exchange.isBehind, exchange.reply.buffer.isEmpty { outbox.wake() }
        share.takeBack(&exchange)
        note()
        switch progress.ending {
        case .no where progress.hold == .no && exchange.reply.buffer.isEmpty && !exchange.isBehind:
            return .wait(.readable, until: nil)
        case .now: return .end
        case .flushed where exchange.reply.buffer.isEmpty && !exchange.isBehind: return .end
        case .flushed, .no: return .wait(interest, until: deadline)
        }
    }

    // MARK: Waiting

    private var interest: Interest {
        let output = exchange.reply.count
        let writing = output > 0 ? Interest.writable : Interest.nothing
        if progress.ending != .no { return writing }
        if progress.hold != .no { return writing.union(.hangup) }
        return pendingOutput > Self.mostPendingOutput ? writing : writing.union(.readable)
    }

    /// Bytes that the client has still to read before it gets what comes next.
    private var pendingOutput: Int { exchange.reply.count + (exchange.isBehind ? outbox.kept : 0) }

    private var deadline: Deadline? {
        if progress.ending != .no { return registration.loop.deadline(in: Self.lingering) }
        switch progress.hold {
        case .pause(let until), .blocked(let until): return until
        case .no, .output: return nil
        }
    }

    /// Does what others have asked for through the outbox.
    private mutating func obey() {
        share.lendOutput(&exchange)
        let drained = outbox.drain(into: &exchange.reply.buffer)
        exchange.isBehind = drained.isBehind
        switch drained.closing {
        case .no: break
        case .afterFlush: if progress.ending == .no { progress.ending = .flushed }
        case .now: progress.ending = .now
        }
        guard drained.shallRelease else { return }
        exchange.reader.releaseIdleMemory()
        exchange.reply.buffer.shrink(to: exchange.reply.count)
        progress.replyPeak = exchange.reply.count
    }

    /// Goes on with a batch that was held back, if the reason is gone.
    private mutating func resume(_ readiness: Readiness) {
        let isSignalled = readiness.contains(.signalled)
        switch progress.hold {
        case .output(let most) where pendingOutput > most && !(exchange.resumes && isSignalled): break
        case .pause where readiness.isDisjoint(with: [.timedOut, .signalled]): break
        case .blocked where readiness.isDisjoint(with: [.timedOut, .signalled]): break
        case let hold:
            if case .blocked = hold { exchange.resumes = true }
            progress.hold = .no
            return
        }
        // As in Redis, a client that leaves while it is held back leaves at once.
        if readiness.contains(.hangup) { progress.ending = .now }
    }

    // MARK: Input

    /// Reads once and parses what came.
    private mutating func read(_ socket: borrowing Socket) {
        var end = false
        share.lend(&exchange)
        do throws(SystemError) {
            progress.bytesIn += try exchange.reader.fill { span throws(SystemError) in
                let room = span.byteCount
                switch try socket.read(into: &span) {
                case .bytes(let count):
                    share.traffic.noteRead(count)
                    if count == room { registration.expectMore() }
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
        parse()
        noteInput()
    }

    /// Finds the requests in what was read.
    private mutating func parse() {
        exchange.reader.parse(exchange.policy.requestLimits)
        if exchange.policy.logsFrames { logFrames() }
    }

    @inline(never)
    private func logFrames() {
        guard !log.hidesUserData else { return }
        for index in 0..<exchange.reader.frameCount {
            let text = FrameDescription.text(exchange.reader.frame(index))
            log(.debug, "GOT: \(text)")
        }
    }

    /// Does what the actor asked for after a batch; true if others are to have their turn now.
    private mutating func settle(_ socket: borrowing Socket) -> Bool {
        var yields = false
        switch exchange.outcome {
        case .next: break
        case .yield:
            write(socket)
            yields = true
        case .pause(let until): progress.hold = .pause(until: until)
        case .block(let until): progress.hold = .blocked(until: until)
        case .stall(let most): progress.hold = .output(most: most)
        case .close: progress.ending = .flushed
        case .abort: progress.ending = .now
        }
        if exchange.reader.next == exchange.reader.frameCount {
            exchange.reader.finishBatch()
            if exchange.reader.hasUnparsedInput { parse() }
        }
        return yields
    }

    /// Answers malformed or excessive input, once all before it has run.
    private mutating func checkInput() {
        guard progress.ending == .no, progress.hold == .no else { return }
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
    private mutating func write(_ socket: borrowing Socket) {
        guard !exchange.reply.buffer.isEmpty, progress.ending != .now else { return }
        let total = exchange.reply.count
        progress.replyPeak = max(progress.replyPeak, total)
        do throws(SystemError) {
            let transfer = try socket.write(exchange.reply.buffer.bytes.extracting(first: Self.largestWrite))
            guard case .bytes(let count) = transfer else { return }
            progress.bytesOut += count
            share.traffic.noteWritten(count)
            exchange.reply.buffer.consume(count)
        } catch {
            progress.ending = .now
        }
    }

    // MARK: Figures

    private mutating func noteInput() {
        let use = exchange.reader.bufferUse
        outbox.figures.noteInput(
            total: progress.bytesIn, used: use.used, free: use.free,
            arguments: exchange.reader.pendingArgumentBytes)
    }

    private mutating func note() {
        noteInput()
        outbox.figures.noteOutput(
            total: progress.bytesOut, unsent: exchange.reply.count,
            capacity: exchange.reply.buffer.capacity, peak: progress.replyPeak)
    }
}
