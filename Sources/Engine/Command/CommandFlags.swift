/// What the dispatcher and clients need to know of a command; Redis's names.
public struct CommandFlags: OptionSet, Sendable {
    public let rawValue: UInt32

    /// Builds a set from its bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// May change data.
    public static let write = CommandFlags(rawValue: 1 << 0)
    /// Never changes data.
    public static let readonly = CommandFlags(rawValue: 1 << 1)
    /// Refused when memory is above `maxmemory`.
    public static let denyoom = CommandFlags(rawValue: 1 << 2)
    public static let admin = CommandFlags(rawValue: 1 << 4)
    public static let pubsub = CommandFlags(rawValue: 1 << 5)
    public static let noscript = CommandFlags(rawValue: 1 << 6)
    /// May make its client wait.
    public static let blocking = CommandFlags(rawValue: 1 << 7)
    /// Allowed while data is being loaded.
    public static let loading = CommandFlags(rawValue: 1 << 8)
    /// Allowed on a replica with stale data.
    public static let stale = CommandFlags(rawValue: 1 << 9)
    public static let skipMonitor = CommandFlags(rawValue: 1 << 10)
    public static let skipSlowlog = CommandFlags(rawValue: 1 << 11)
    public static let asking = CommandFlags(rawValue: 1 << 12)
    /// Constant or logarithmic time.
    public static let fast = CommandFlags(rawValue: 1 << 13)
    /// Allowed before authentication.
    public static let noAuth = CommandFlags(rawValue: 1 << 14)
    /// Not a write, yet what it does travels to replicas (PUBLISH).
    public static let mayReplicate = CommandFlags(rawValue: 1 << 15)
    public static let noMandatoryKeys = CommandFlags(rawValue: 1 << 16)
    public static let noAsyncLoading = CommandFlags(rawValue: 1 << 17)
    public static let noMulti = CommandFlags(rawValue: 1 << 18)
    public static let movablekeys = CommandFlags(rawValue: 1 << 19)
    public static let allowBusy = CommandFlags(rawValue: 1 << 20)
    public static let touchesArbitraryKeys = CommandFlags(rawValue: 1 << 21)
    /// Needs `enable-debug-command` or the like.
    public static let protected = CommandFlags(rawValue: 1 << 22)
    /// For the system's own use or its operators', as COMMAND DOCS tells (`syscmd`).
    public static let system = CommandFlags(rawValue: 1 << 23)

    /// The flags that COMMAND INFO shows, in Redis's order.
    public static let shown: [(CommandFlags, StaticString)] = [
        (.write, "write"), (.readonly, "readonly"), (.denyoom, "denyoom"), (.admin, "admin"),
        (.pubsub, "pubsub"), (.noscript, "noscript"), (.blocking, "blocking"), (.loading, "loading"),
        (.stale, "stale"), (.skipMonitor, "skip_monitor"), (.skipSlowlog, "skip_slowlog"),
        (.asking, "asking"), (.fast, "fast"), (.noAuth, "no_auth"),
        (.noMandatoryKeys, "no_mandatory_keys"), (.noAsyncLoading, "no_async_loading"),
        (.noMulti, "no_multi"), (.movablekeys, "movablekeys"), (.allowBusy, "allow_busy"),
    ]
}

/// The categories by which access rules speak of commands.
public struct ACLCategories: OptionSet, Sendable {
    public let rawValue: UInt32

    /// Builds a set from its bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let keyspace = ACLCategories(rawValue: 1 << 0)
    public static let read = ACLCategories(rawValue: 1 << 1)
    public static let write = ACLCategories(rawValue: 1 << 2)
    public static let set = ACLCategories(rawValue: 1 << 3)
    public static let sortedset = ACLCategories(rawValue: 1 << 4)
    public static let list = ACLCategories(rawValue: 1 << 5)
    public static let hash = ACLCategories(rawValue: 1 << 6)
    public static let string = ACLCategories(rawValue: 1 << 7)
    public static let bitmap = ACLCategories(rawValue: 1 << 8)
    public static let hyperloglog = ACLCategories(rawValue: 1 << 9)
    public static let geo = ACLCategories(rawValue: 1 << 10)
    public static let stream = ACLCategories(rawValue: 1 << 11)
    public static let pubsub = ACLCategories(rawValue: 1 << 12)
    public static let admin = ACLCategories(rawValue: 1 << 13)
    public static let fast = ACLCategories(rawValue: 1 << 14)
    public static let slow = ACLCategories(rawValue: 1 << 15)
    public static let blocking = ACLCategories(rawValue: 1 << 16)
    public static let dangerous = ACLCategories(rawValue: 1 << 17)
    public static let connection = ACLCategories(rawValue: 1 << 18)
    public static let transaction = ACLCategories(rawValue: 1 << 19)
    public static let scripting = ACLCategories(rawValue: 1 << 20)

    /// Every category with its name, in Redis's order.
    public static let named: [(ACLCategories, StaticString)] = [
        (.keyspace, "keyspace"), (.read, "read"), (.write, "write"), (.set, "set"),
        (.sortedset, "sortedset"), (.list, "list"), (.hash, "hash"), (.string, "string"),
        (.bitmap, "bitmap"), (.hyperloglog, "hyperloglog"), (.geo, "geo"), (.stream, "stream"),
        (.pubsub, "pubsub"), (.admin, "admin"), (.fast, "fast"), (.slow, "slow"),
        (.blocking, "blocking"), (.dangerous, "dangerous"), (.connection, "connection"),
        (.transaction, "transaction"), (.scripting, "scripting"),
    ]
}
