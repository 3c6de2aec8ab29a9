import Engine
import RESP
import Reactor

/// MULTI and EXEC: requests that are kept, and run together.
extension Database {
    /// Keeps a request until EXEC.
    func queue(
        _ command: RegisteredCommand, _ arguments: Arguments, in transaction: Transaction,
        _ session: Session, _ reply: inout ReplyWriter
    ) -> Dispatched {
        if transaction.append(command, arguments, isOutdated: session.isOutdated) {
            reply.simple("QUEUED")
        } else {
            // More than any limit on input that can be kept to.
            log(.warning, "Closing client that reached max query buffer length: \(session.line(lastNow))")
            clients.queryLimitDisconnections += 1
            session.closing = .now
        }
        return .queued
    }

    /// Forgets what the client has queued and what it watches.
    func discardTransaction(_ session: Session) {
        session.transaction = nil
        unwatch(session)
        session.isOutdated = false
    }

    /// Most bytes of input that may be held for the client: what is queued has come from it too.
    func queryBufferLimit(of session: Session) -> Int {
        guard let transaction = session.transaction else { return configuration.queryBufferLimit }
        return max(configuration.queryBufferLimit - transaction.bytes, 0)
    }

    /// Runs all that the client has queued, as one unit.
    func execute(_ transaction: Transaction, _ session: Session, _ call: inout Call) {
        let queue = transaction.takeQueue()
        let measuresLatency = configuration.latencyTracking
        let outputBound = outputBound(of: session)
        // A pause that begins here holds for what comes after.
        let keepsDueKeys = call.keepsDueKeys
        let mayWait = call.mayWait
        let maySlice = call.maySlice
        call.mayWait = false
        call.maySlice = false
        var mark = call.reply.count
        call.reply.array(queue.count)
        if session.getsNoReply { call.reply.buffer.truncate(to: mark) }
        var ticks = Ticks.now()
        for index in 0..<queue.count {
            let command = transaction.commands[index]
            let wasClosing = session.closing != .no
            mark = call.reply.count
            perform(command, queue.request(index), session, &call)
            if !dataset.effects.isEmpty { handOut(by: session) }
            if session.tracking != nil { noteReads(command, queue.request(index), by: session) }
            let after = Ticks.now()
            command.statistics.calls &+= 1
            command.statistics.ticks &+= after &- ticks
            if measuresLatency { command.latency.record(after &- ticks) }
            if after &- ticks >= observation.threshold {
                note(command, queue.request(index), session, ticks: after &- ticks, in: call.keyspace.number)
            }
            ticks = after
            call.keepsDueKeys = call.keepsDueKeys && keepsDueKeys
            if wasClosing || session.getsNoReply && !command.mutesItself {
                call.reply.buffer.truncate(to: mark)
            } else if call.reply.count > outputBound {
                _ = enforceOutputBound(session, call.reply, since: mark)
            }
        }
        call.mayWait = mayWait
        call.maySlice = maySlice
        // Each of them has told what it changed.
        dataset.effects.doNotPropagate()
    }
}

extension Session {
    /// Whether replies to the client are dropped at present (CLIENT REPLY).
    fileprivate var getsNoReply: Bool { replyMode == .off || replyMode == .skip }

    /// Bytes that the client's transaction and the keys that it watches occupy, by Redis's measure.
    var transactionMemory: Int {
        watched.count * Self.watchOverhead + (transaction.map { $0.bytes + $0.overhead } ?? 0)
    }

    /// What Redis counts for each watched key besides the key.
    private static let watchOverhead = 80
}

extension CommandError {
    /// A command that can't be part of a transaction.
    static let notInTransaction = CommandError("ERR Command not allowed inside a transaction")

    /// The same trouble as EXEC tells it.
    var abortingTransaction: CommandError {
        let code = Array("ERR ".utf8)
        let reason = bytes.starts(with: code) ? bytes.dropFirst(code.count) : bytes[...]
        return CommandError(bytes: Array("EXECABORT Transaction discarded because of: ".utf8) + reason)
    }
}
