import Engine
import RESP

/// WATCH: transactions that depend on keys.
extension Database {
    /// Makes the session watch keys of its keyspace.
    func watch(_ session: Session, _ keys: Arguments, _ now: Int64) {
        for index in 0..<keys.count {
            let isThere = dataset.holds(keys[index], in: session.database, now: now)
            let key = WatchedKey(database: session.database, key: [UInt8](keys[index]))
            watches.watch(session, key, isThere: isThere)
        }
        followKeys()
    }

    /// Makes the session watch nothing.
    func unwatch(_ session: Session) {
        guard !session.watched.isEmpty else { return }
        watches.unwatch(session)
        followKeys()
    }

    /// Marks a session one of whose keys has come due and was not deleted yet.
    func outdateIfDue(_ session: Session, _ now: Int64) {
        for (key, wasThere) in session.watched where wasThere {
            // The array lives in the dictionary.
            let isThere = unsafe dataset.holds(key.key.span.bytes, in: key.database, now: now)
            if !isThere { return session.isOutdated = true }
        }
    }

    /// Marks those who watch keys of whole keyspaces that were emptied or exchanged.
    func outdate(_ sweep: Effects.Sweep) {
        switch sweep {
        case .flushed(let database): watches.touchAll(in: database) { _ in false }
        case .swapped(let first, let second):
            if first == second { return }
            for database in [first, second] {
                watches.touchAll(in: database) { key in
                    // The array lives until the call returns.
                    unsafe dataset.holds(key.span.bytes, in: database, now: lastNow)
                }
            }
        }
    }

    /// Has changed keys recorded while somebody wants to know of them.
    func followKeys() {
        if watches.isEmpty, !tracking.isActive {
            dataset.effects.interest.remove(.keys)
        } else {
            dataset.effects.interest.insert(.keys)
        }
    }
}

/// How much of the effects of a unit was handed out so far.
struct HandedEffects {
    var events = 0
    var keys = 0
    var sweeps = 0
}
