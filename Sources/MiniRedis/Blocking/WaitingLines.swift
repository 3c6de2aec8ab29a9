import Engine

/// Who waits for which key, in the order of arrival, and which keys have become ready.
///
/// Joining and leaving cost constant time for each key, amortised, however many wait.
struct WaitingLines {
    /// Those who wait for one key.
    struct Line {
        /// In the order of arrival; some may be over already.
        fileprivate(set) var requests: [BlockedRequest] = []
        /// How many of them are over.
        fileprivate var leavers = 0
        /// How many want to know also when the key is gone.
        fileprivate(set) var minders = 0

        fileprivate mutating func leave(_ request: BlockedRequest) {
            leavers += 1
            if request.minds { minders -= 1 }
            guard leavers > 16, leavers > requests.count / 2 else { return }
            requests.removeAll { $0.isOver }
            leavers = 0
        }

        fileprivate var isEmpty: Bool { requests.count == leavers }
    }

    private var lines: [Effects.Key: Line] = [:]
    private var ready: [Effects.Key] = []
    private var known: Set<Effects.Key> = []
    /// How many clients wait, for whatever.
    private(set) var count = 0
    /// How many of them wait for a limited time.
    private(set) var limitedCount = 0

    /// How many keys clients wait for.
    var keyCount: Int { lines.count }

    /// For how many of them somebody wants to know also when they are gone.
    var mindedKeyCount: Int { lines.values.count { $0.minders > 0 } }

    /// Whether nobody waits for a key.
    var isEmpty: Bool { lines.isEmpty }

    /// Puts a request at the end of the line of each of its keys.
    mutating func join(_ request: BlockedRequest) {
        count += 1
        if request.deadline != nil { limitedCount += 1 }
        for key in request.keys {
            lines[key, default: Line()].requests.append(request)
            if request.minds { lines[key]?.minders += 1 }
        }
    }

    /// Takes a request out of all lines.
    mutating func leave(_ request: BlockedRequest) {
        guard !request.isOver else { return }
        request.isOver = true
        count -= 1
        if request.deadline != nil { limitedCount -= 1 }
        for key in request.keys {
            lines[key]?.leave(request)
            if lines[key]?.isEmpty == true { lines[key] = nil }
        }
    }

    /// The line of a key, if somebody waits for it.
    func line(of key: Effects.Key) -> Line? { lines[key] }

    // MARK: Ready keys

    /// Notes which of the awaited keys an execution unit has touched.
    mutating func note(_ effects: Effects) {
        for key in effects.keys where lines[key] != nil { noteReady(key) }
        for sweep in effects.sweeps {
            for key in lines.keys where sweep.concerns(key.database) { noteReady(key) }
        }
    }

    /// Notes that those who wait for a key may be served.
    mutating func noteReady(_ key: Effects.Key) {
        if known.insert(key).inserted { ready.append(key) }
    }

    /// Takes out the keys that have become ready, in that order.
    mutating func takeReady() -> [Effects.Key] {
        defer {
            ready = []
            known = []
        }
        return ready
    }

    /// Whether keys have become ready.
    var hasReady: Bool { !ready.isEmpty }
}

extension Effects.Sweep {
    /// Whether it changed keys of this keyspace.
    func concerns(_ database: Int) -> Bool {
        switch self {
        case .flushed(let number): number == database
        case .swapped(let first, let second): first == database || second == database
        }
    }
}
