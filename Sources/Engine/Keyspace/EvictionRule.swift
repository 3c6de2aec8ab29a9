/// Which key goes first when there is too much data.
public struct EvictionRule: Sendable, Equatable {
    /// Among which keys is chosen.
    public enum Scope: Sendable {
        case allKeys
        /// Those that will end anyway.
        case keysWithDeadline
    }

    /// What decides among them.
    public enum Order: Sendable {
        /// The one that was not used for the longest time.
        case leastRecent
        /// The one that is used least often.
        case leastFrequent
        /// Chance.
        case random
        /// The one that is due first; exact, as deadlines are kept in order.
        case firstDue
    }

    public let scope: Scope
    public let order: Order

    /// A rule of this scope and order.
    public init(_ scope: Scope, _ order: Order) {
        self.scope = scope
        self.order = order
    }
}

extension AccessClock {
    /// How much a key with this clock deserves to go, by the rule's order; more goes first.
    @inline(__always)
    static func score(
        _ clock: UInt32, _ order: EvictionRule.Order, _ now: Int64, _ settings: DatasetSettings
    ) -> UInt32 {
        order == .leastFrequent
            ? 255 - frequency(clock, now, settings)
            : UInt32(truncatingIfNeeded: idleSeconds(clock, now))
    }
}
