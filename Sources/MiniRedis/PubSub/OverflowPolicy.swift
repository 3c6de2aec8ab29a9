import Broadcasting

/// What happens when a subscriber reads more slowly than messages come (`pubsub-overflow-policy`).
public enum OverflowPolicy: String, Sendable, CaseIterable {
    /// It is closed at its class's `client-output-buffer-limit`, as in Redis.
    case disconnect
    /// Its oldest messages go, and it is told how many in their place.
    case dropOldest = "drop-oldest"
}

/// The policy for one subscriber, with the bounds that it goes by.
struct Overflow: Sendable, Equatable {
    var policy: OverflowPolicy
    var limit: Backlog.Limit
}

extension Configuration {
    /// What holds for subscribers that have not asked for anything else.
    var overflow: Overflow {
        Overflow(
            policy: pubsubOverflowPolicy,
            limit: Backlog.Limit(messages: pubsubBacklogMessages, bytes: pubsubBacklogBytes))
    }

    /// Most bytes that a subscriber may ask for: what it could have let pile up anyway.
    var mostBacklogBytes: Int {
        outputLimits.pubsub.hard == 0 ? .max : max(outputLimits.pubsub.hard, pubsubBacklogBytes)
    }
}
