import Engine
import RESP
import Reactor

/// The checks that each request passes before it runs, in Redis's order.
extension Database {
    /// What became of a request.
    enum Dispatched {
        case ran
        /// The same, and it saw itself to what CLIENT REPLY holds back.
        case ranMuted
        /// It was answered with an error before it ran.
        case refused
        /// It waits for EXEC.
        case queued
        /// It is to be dispatched again when the pause is over.
        case postponed
        /// It began, and goes on in later turns.
        case sliced
        /// Its client waits, and is answered later.
        case blocked
    }

    /// What holds for a client until its next session command, as data commands change none of it.
    struct Standing {
        /// Whether no check can refuse or put off a request, but that of a protected command.
        let passesChecks: Bool
        let getsPushes: Bool
        let getsReplies: Bool
        /// Bytes of output from which on there is something to enforce.
        let outputBound: Int
        let measuresLatency: Bool
        /// Whether somebody has to know what the client reads.
        let isTracking: Bool
        /// How long a request takes that is looked at more closely: see `Observation`.
        let notedTicks: UInt64
        /// Whether only the limit on memory could refuse a request, and how much the client's keyspace may have
        /// before it is to be looked at.
        let isOnlyBounded: Bool
        let memoryBound: Int

        /// Whether a command passes that would not have to be looked at without a limit on memory.
        @inline(__always)
        func passes(_ command: RegisteredCommand, in keyspace: Keyspace) -> Bool {
            isOnlyBounded && keyspace.liveMemory <= memoryBound && !command.info.flags.contains(.protected)
        }
    }

    /// The client's present standing.
    func standing(of session: Session, _ now: Int64) -> Standing {
        let isFree =
            (session.isAuthenticated || configuration.password.isEmpty)
            && !(session.isSubscriber && session.protocolVersion == .resp2)
            && session.transaction == nil && !clients.pause.isActive(now) && !dataset.freeze.isAny
        let isLimited = configuration.maxMemory > 0
        return Standing(
            passesChecks: isFree && !isLimited,
            getsPushes: session.isSubscriber || session.isBehind || session.tracking != nil
                || session.options.contains(.monitor),
            getsReplies: session.replyMode == .on,
            outputBound: outputBound(of: session), measuresLatency: configuration.latencyTracking,
            isTracking: session.tracking != nil, notedTicks: observation.threshold,
            isOnlyBounded: isFree && isLimited,
            memoryBound: isLimited ? memoryBound(of: dataset.keyspaces[session.database]) : .max)
    }

    /// Runs one request, which began at `ticks`; these are moved to its end.
    @inline(__always)
    func dispatch(
        _ arguments: Arguments, _ session: Session, _ standing: inout Standing, _ call: inout Call,
        since ticks: inout UInt64
    ) -> Dispatched {
        guard let command = resolve(arguments, session, &call) else {
            ticks = Ticks.now()
            return .refused
        }
        // Pipelines repeat themselves, and counting references costs more than the look.
        if session.lastCommand !== command { session.lastCommand = command }
        if !standing.passesChecks || command.info.flags.contains(.protected),
            !standing.passes(command, in: call.keyspace),
            let objection = objection(to: command, arguments, session, &call)
        {
            ticks = Ticks.now()
            return objection
        }
        perform(command, arguments, session, &call)
        if call.isUnfinished, let putOff = putOff(command, arguments, session, &call, since: ticks) {
            return putOff
        }
        if !dataset.effects.isEmpty {
            if command.info.flags.contains(.touchesArbitraryKeys) { dataset.effects.isLoose = true }
            publishEffects(by: session)
        }
        if standing.isTracking { noteReads(command, arguments, by: session) }
        let after = Ticks.now()
        let taken = after &- ticks
        ticks = after
        session.commandCount &+= 1
        command.statistics.calls &+= 1
        command.statistics.ticks &+= taken
        if standing.measuresLatency { command.latency.record(taken) }
        if command.changesStanding {
            standing = self.standing(of: session, call.now)
            call.keepsDueKeys = keepsDueKeys(call.now)
            call.maySlice = session.mayGetSlices
        }
        if taken >= standing.notedTicks {
            note(command, arguments, session, ticks: taken, in: call.keyspace.number)
        }
        return command.mutesItself ? .ranMuted : .ran
    }

    /// Has a command that ran wait, or go on in later turns; nil if it has come to its end.
    @inline(never)
    private func putOff(
        _ command: RegisteredCommand, _ arguments: Arguments, _ session: Session, _ call: inout Call,
        since ticks: UInt64
    ) -> Dispatched? {
        if let wait = call.takeWait() {
            block(session, wait, command, arguments, call.keyspace.number)
            show(command, arguments, session, in: call.keyspace.number)
            return .blocked
        }
        if !dataset.effects.isEmpty { publishEffects(by: session) }
        let dispatched = slice(session, &call)
        if dispatched == .sliced {
            session.commandCount &+= 1
            command.statistics.calls &+= 1
            noteSliced(command, arguments, session, ticks: Ticks.now() &- ticks)
        }
        return dispatched
    }

    /// Runs a command that nothing keeps from running; its effects wait to be published.
    @inline(__always)
    func perform(
        _ command: RegisteredCommand, _ arguments: Arguments, _ session: Session, _ call: inout Call
    ) {
        let before = dataset.effects.changes
        call.name = command.info.name
        do throws(CommandError) {
            switch command.body {
            case .data(let body): try body(arguments, &call)
            case .session(let body): try body.run(self, session, arguments, &call)
            case .container: throw .wrongArity(command.fullName)
            }
        } catch {
            command.statistics.failed &+= 1
            answer(error, &call.reply)
        }
        dataset.effects.endCommand(arguments, before: before, in: call.keyspace.number)
    }

    /// What keeps the command from running now, if anything does; a refusal is answered.
    @inline(never)
    private func objection(
        to command: RegisteredCommand, _ arguments: Arguments, _ session: Session, _ call: inout Call
    ) -> Dispatched? {
        if command.info.flags.contains(.protected), let error = refusal(of: command, session) {
            return refuse(error, command, session, &call.reply)
        }
        if !session.isAuthenticated, !command.info.flags.contains(.noAuth), !configuration.password.isEmpty {
            return refuse(CommandError("NOAUTH Authentication required."), command, session, &call.reply)
        }
        if session.transaction != nil, command.info.flags.contains(.noMulti) {
            return refuse(.notInTransaction, command, session, &call.reply)
        }
        var flags = command.info.flags
        if command.isExec, let transaction = session.transaction { flags.formUnion(transaction.flags) }
        if configuration.maxMemory > 0 {
            let room = makeRoom(in: call.keyspace)
            // What was told of evicted keys may have been too much for the client.
            if session.closing != .no { return .refused }
            if room == .none, flags.contains(.denyoom) {
                return refuse(.outOfMemory, command, session, &call.reply)
            }
        }
        if session.isSubscriber, session.protocolVersion == .resp2, !command.isAllowedForSubscribers {
            let error = CommandError(
                text:
                    "ERR Can't execute '\(command.fullName)': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT"
                    + " / RESET are allowed in this context")
            return refuse(error, command, session, &call.reply)
        }
        if clients.pause.holdsBack(flags, call.now) { return .postponed }
        if let transaction = session.transaction, !command.isNeverQueued {
            return queue(command, arguments, in: transaction, session, &call.reply)
        }
        if dataset.freeze.isAny, standsAside(command, arguments) {
            hurry()
            return .postponed
        }
        return nil
    }

    /// Answers a request with an error instead of running it.
    ///
    /// A transaction comes to nothing for it: at EXEC, or at once if that is what was refused.
    func refuse(
        _ error: CommandError, _ command: RegisteredCommand?, _ session: Session, _ reply: inout ReplyWriter
    ) -> Dispatched {
        command?.statistics.rejected &+= 1
        session.transaction?.spoil()
        endCaching(session, command)
        if let command, command.isExec {
            discardTransaction(session)
            answer(error.abortingTransaction, &reply)
        } else {
            answer(error, &reply)
        }
        return .refused
    }

    /// Whether a command might change what a long one is using.
    private func standsAside(_ command: RegisteredCommand, _ arguments: Arguments) -> Bool {
        switch command.fullName {
        case "exec", "debug": true
        default:
            command.info.group == .scripting
                || dataset.frozen.holdsBack(command.info, arguments)
        }
    }

    /// The command or subcommand that the arguments name; answers with an error if it is not known or takes
    /// another number of them.
    private func resolve(_ arguments: Arguments, _ session: Session, _ call: inout Call) -> RegisteredCommand?
    {
        guard var command = commands.find(arguments[0]) else {
            if refuseCrossProtocolScripting(arguments[0], session) { return nil }
            _ = refuse(unknownCommand(arguments), nil, session, &call.reply)
            return nil
        }
        if let subcommands = command.subcommands, arguments.count > 1 {
            guard let subcommand = subcommands.find(arguments[1]) else {
                _ = refuse(.unknownSubcommand(arguments), nil, session, &call.reply)
                return nil
            }
            command = subcommand
        }
        guard command.info.accepts(arguments.count) else {
            _ = refuse(.wrongArity(command.fullName), command, session, &call.reply)
            return nil
        }
        return command
    }

    /// Redis's text: the name and the first arguments, 128 bytes of each at most.
    private func unknownCommand(_ arguments: Arguments) -> CommandError {
        var text = Array("ERR unknown command '".utf8) + Self.quoted(arguments[0], most: 128)
        text += Array("', with args beginning with: ".utf8)
        var quoted: [UInt8] = []
        for index in 1..<max(arguments.count, 1) where quoted.count < 128 {
            quoted +=
                Array("'".utf8) + Self.quoted(arguments[index], most: 128 - quoted.count) + Array("' ".utf8)
        }
        return CommandError(bytes: text + quoted)
    }

    /// The first bytes of an argument up to a NUL, which ends it in Redis's texts.
    static func quoted(_ argument: RawSpan, most count: Int) -> [UInt8] {
        Array([UInt8](argument.extracting(first: count)).prefix { $0 != 0 })
    }
}

extension CommandError {
    /// A request for a subcommand that there is not.
    fileprivate static func unknownSubcommand(_ arguments: Arguments) -> CommandError {
        let container = arguments[0].text.uppercased()
        return CommandError(
            bytes: Array("ERR unknown subcommand '".utf8) + Database.quoted(arguments[1], most: 128)
                + Array("'. Try \(container) HELP.".utf8))
    }
}
