import Engine

/// A key that a client watches.
struct WatchedKey: Hashable {
    let database: Int
    let key: [UInt8]
}

/// Who watches which key.
///
/// A client whose key changes is marked as outdated and watches nothing any more. A key that was not there,
/// or due, when the client began to watch it is as gone as before when the server deletes it.
struct WatchTable {
    /// By the numbers of the keyspaces.
    private var watchers: [Int: [[UInt8]: [Session]]] = [:]

    /// Whether nobody watches anything.
    var isEmpty: Bool { watchers.isEmpty }
    /// How many clients watch something.
    private(set) var clientCount = 0
    /// How many keys are watched.
    var keyCount: Int { watchers.values.reduce(0) { $0 + $1.count } }

    /// Makes the session watch a key; `isThere` tells whether the key is there and not due.
    mutating func watch(_ session: Session, _ key: WatchedKey, isThere: Bool) {
        guard session.watched[key] == nil else { return }
        if session.watched.isEmpty { clientCount += 1 }
        session.watched[key] = isThere
        watchers[key.database, default: [:]][key.key, default: []].append(session)
    }

    /// Makes the session watch nothing.
    mutating func unwatch(_ session: Session) {
        guard !session.watched.isEmpty else { return }
        for key in session.watched.keys {
            watchers[key.database]?[key.key]?.removeAll { $0 === session }
            guard watchers[key.database]?[key.key]?.isEmpty ?? true else { continue }
            watchers[key.database]?[key.key] = nil
            if watchers[key.database]?.isEmpty ?? true { watchers[key.database] = nil }
        }
        session.watched = [:]
        clientCount -= 1
    }

    /// Marks those who watch a key that has changed.
    mutating func touch(_ key: Effects.Key) {
        guard let sessions = watchers[key.database]?[key.key] else { return }
        let watched = WatchedKey(database: key.database, key: key.key)
        for session in sessions where !key.isOwnDeletion || session.watched[watched] == true {
            session.isOutdated = true
            unwatch(session)
        }
    }

    /// Marks those who watch a key of a keyspace that has lost all its keys, and perhaps got others:
    /// those whose key was there, or is now.
    func touchAll(in database: Int, unlessAbsent isThere: ([UInt8]) -> Bool) {
        guard let keys = watchers[database] else { return }
        for (key, sessions) in keys {
            let isThere = isThere(key)
            let watched = WatchedKey(database: database, key: key)
            for session in sessions where isThere || session.watched[watched] == true {
                session.isOutdated = true
            }
        }
    }
}
