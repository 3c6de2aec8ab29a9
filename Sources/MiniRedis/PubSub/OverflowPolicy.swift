import Broadcasting

/// What happens when a subscriber reads more slowly than messages come (`pubsub-overflow-policy`).
public enum OverflowPolicy: String, Sendable, CaseIterable {
    /// It is closed at its class's `client-output-buffer-limit`, as in Redis.
    case disconnect
    /// Its oldest messages go, and it is told how many in their place.
    case dropOldest = "drop-oldest"
}

/// What one client has asked for.
///
/// An object, since few clients do: the others have no room for it.
final class Overflow: Sendable {
    let policy: OverflowPolicy
    let limit: Backlog.Limit

    init(policy: OverflowPolicy, limit: Backlog.Limit) {
        self.policy = policy
        self.limit = limit
    }
}

extension Configuration {
    /// The bounds of subscribers that have not asked for others.
    var backlogLimit: Backlog.Limit {
        Backlog.Limit(messages: pubsubBacklogMessages, bytes: pubsubBacklogBytes)
    }

    /// Most bytes that a subscriber may ask for: what it could have let pile up anyway.
    var mostBacklogBytes: Int {
        outputLimits.pubsub.hard == 0 ? .max : max(outputLimits.pubsub.hard, pubsubBacklogBytes)
    }
}
