import Engine
import RESP

extension SessionCommands {
    /// Transactions: the family's index, one line a command.
    static let transactions: [SessionCommand] = [discard, exec, multi, unwatch, watch]

    private static let transactionFlags: CommandFlags = [.noscript, .loading, .stale, .fast, .allowBusy]

    static let multi = SessionCommand(
        "multi", arity: 1, flags: transactionFlags, categories: .transaction, group: .transactions,
        since: "1.2.0", summary: "Begins a transaction: what follows is queued until EXEC."
    ) { (_, session, _, call) throws(CommandError) in
        guard session.transaction == nil else { throw CommandError("ERR MULTI calls can not be nested") }
        session.transaction = Transaction()
        call.reply.ok()
    }

    static let exec = SessionCommand(
        "exec", arity: 1, flags: [.noscript, .loading, .stale, .skipSlowlog], categories: .transaction,
        group: .transactions, since: "1.2.0",
        summary: "Runs what was queued, with nothing else in between, unless a watched key has changed.",
        complexity: "That of the queued commands together"
    ) { (database, session, _, call) throws(CommandError) in
        guard let transaction = session.transaction else { throw CommandError("ERR EXEC without MULTI") }
        defer { database.discardTransaction(session) }
        if transaction.isSpoiled {
            throw CommandError("EXECABORT Transaction discarded because of previous errors.")
        }
        database.outdateIfDue(session, call.now)
        if session.isOutdated { return call.reply.nullArray() }
        database.unwatch(session)
        database.execute(transaction, session, &call)
    }

    static let discard = SessionCommand(
        "discard", arity: 1, flags: transactionFlags, categories: .transaction, group: .transactions,
        since: "2.0.0", summary: "Ends a transaction without running it, and watches no key any more.",
        complexity: "O(N) where N is the number of queued commands"
    ) { (database, session, _, call) throws(CommandError) in
        guard session.transaction != nil else { throw CommandError("ERR DISCARD without MULTI") }
        database.discardTransaction(session)
        call.reply.ok()
    }

    static let watch = SessionCommand(
        "watch", arity: -2, flags: transactionFlags, categories: .transaction, keys: [.all(.readOnly)],
        group: .transactions, since: "2.2.0",
        summary: "Makes the next transaction come to nothing if one of the keys changes before.",
        complexity: "O(1) for each key",
        arguments: [.key().multiple]
    ) { (database, session, arguments, call) throws(CommandError) in
        guard session.transaction == nil else {
            throw CommandError("ERR WATCH inside MULTI is not allowed")
        }
        // It is lost already.
        if !session.isOutdated { database.watch(session, arguments.dropping(first: 1), call.now) }
        call.reply.ok()
    }

    static let unwatch = SessionCommand(
        "unwatch", arity: 1, flags: transactionFlags, categories: .transaction, group: .transactions,
        since: "2.2.0", summary: "Watches no key any more, whether one has changed or not."
    ) { (database, session, _, call) throws(CommandError) in
        database.unwatch(session)
        session.isOutdated = false
        call.reply.ok()
    }
}
