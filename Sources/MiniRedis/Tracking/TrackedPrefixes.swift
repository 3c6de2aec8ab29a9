/// Who wants to be told of all changed keys that begin in a certain way, and which have changed since they
/// were last told.
struct TrackedPrefixes {
    private struct State {
        var clients: Set<SessionHandle> = []
        /// Each key with the number of the client that changed it last, 0 for the server itself.
        var keys: [[UInt8]: Int64] = [:]
    }

    private var states: [[UInt8]: State] = [:]

    /// How many prefixes there are.
    var count: Int { states.count }
    /// Whether there are changes to tell.
    private(set) var isPending = false

    /// Has a client told of keys with this prefix.
    mutating func insert(_ client: SessionHandle, _ prefix: [UInt8]) {
        states[prefix, default: State()].clients.insert(client)
    }

    /// Has a client no longer told of keys with this prefix.
    mutating func remove(_ client: SessionHandle, _ prefix: [UInt8]) {
        states[prefix]?.clients.remove(client)
        if states[prefix]?.clients.isEmpty ?? false { states[prefix] = nil }
    }

    /// Notes that a key has changed, by the client of this number (0 for the server itself).
    mutating func note(_ key: [UInt8], by changer: Int64) {
        for prefix in states.keys where key.starts(with: prefix) {
            states[prefix]?.keys[key] = changer
            isPending = true
        }
    }

    /// Takes out what is to be told to whom, prefix by prefix; keys are in order.
    mutating func takePending(_ tell: (SessionHandle, [(key: [UInt8], changer: Int64)]) -> Void) {
        guard isPending else { return }
        isPending = false
        for prefix in states.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard let state = states[prefix], !state.keys.isEmpty else { continue }
            states[prefix]?.keys = [:]
            let keys = state.keys.map { (key: $0.key, changer: $0.value) }
                .sorted { $0.key.lexicographicallyPrecedes($1.key) }
            for client in state.clients { tell(client, keys) }
        }
    }
}
