/// What happened to a key, as keyspace notifications name it.
public struct KeyspaceEvent: Sendable {
    /// The class by which `notify-keyspace-events` selects it.
    public let kind: EventClasses
    public let name: StaticString

    init(_ kind: EventClasses, _ name: StaticString) {
        self.kind = kind
        self.name = name
    }
}

/// Classes of events and the two forms of their channels, by Redis's letters.
public struct EventClasses: OptionSet, Sendable, BitwiseCopyable, Equatable {
    public let rawValue: UInt32

    /// Builds a set from its bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// `K`: publish to `__keyspace@N__:key`.
    public static let keyspace = EventClasses(rawValue: 1 << 0)
    /// `E`: publish to `__keyevent@N__:event`.
    public static let keyevent = EventClasses(rawValue: 1 << 1)
    public static let generic = EventClasses(rawValue: 1 << 2)
    public static let string = EventClasses(rawValue: 1 << 3)
    public static let list = EventClasses(rawValue: 1 << 4)
    public static let set = EventClasses(rawValue: 1 << 5)
    public static let hash = EventClasses(rawValue: 1 << 6)
    public static let sortedSet = EventClasses(rawValue: 1 << 7)
    public static let expired = EventClasses(rawValue: 1 << 8)
    public static let evicted = EventClasses(rawValue: 1 << 9)
    public static let stream = EventClasses(rawValue: 1 << 10)
    public static let keyMiss = EventClasses(rawValue: 1 << 11)
    public static let module = EventClasses(rawValue: 1 << 13)
    public static let newKey = EventClasses(rawValue: 1 << 14)
    public static let overwritten = EventClasses(rawValue: 1 << 15)
    public static let typeChanged = EventClasses(rawValue: 1 << 16)

    /// What `A` stands for: everything but misses, new keys and overwritten ones.
    public static let all: EventClasses = [
        .generic, .string, .list, .set, .hash, .sortedSet, .expired, .evicted, .stream, .module,
    ]

    private static let letters: [(Character, EventClasses)] = [
        ("g", .generic), ("$", .string), ("l", .list), ("s", .set), ("h", .hash), ("z", .sortedSet),
        ("x", .expired), ("e", .evicted), ("t", .stream), ("d", .module), ("n", .newKey), ("K", .keyspace),
        ("E", .keyevent), ("m", .keyMiss),
        ("o", .overwritten), ("c", .typeChanged),
    ]

    /// Reads Redis's letters; nil when one is unknown.
    public init?(letters text: String) {
        var classes: EventClasses = []
        for letter in text {
            if letter == "A" {
                classes.formUnion(.all)
            } else if let known = Self.letters.first(where: { $0.0 == letter }) {
                classes.formUnion(known.1)
            } else {
                return nil
            }
        }
        self = classes
    }

    /// The letters in the order in which CONFIG GET shows them; like Redis, `A` hides `n`.
    public var letters: String {
        let everything = isSuperset(of: .all)
        var text = everything ? "A" : ""
        for (letter, kind) in Self.letters where contains(kind) {
            if everything, EventClasses.all.union(.newKey).contains(kind) { continue }
            text.append(letter)
        }
        return text
    }
}

extension KeyspaceEvent {
    static let set = KeyspaceEvent(.string, "set")
    static let append = KeyspaceEvent(.string, "append")
    static let setrange = KeyspaceEvent(.string, "setrange")
    static let setbit = KeyspaceEvent(.string, "setbit")
    static let incrby = KeyspaceEvent(.string, "incrby")
    static let incrbyfloat = KeyspaceEvent(.string, "incrbyfloat")
    static let decrby = KeyspaceEvent(.string, "decrby")
    static let pfadd = KeyspaceEvent(.string, "pfadd")
    static let del = KeyspaceEvent(.generic, "del")
    static let expire = KeyspaceEvent(.generic, "expire")
    static let persist = KeyspaceEvent(.generic, "persist")
    static let renameFrom = KeyspaceEvent(.generic, "rename_from")
    static let renameTo = KeyspaceEvent(.generic, "rename_to")
    static let moveFrom = KeyspaceEvent(.generic, "move_from")
    static let moveTo = KeyspaceEvent(.generic, "move_to")
    static let copyTo = KeyspaceEvent(.generic, "copy_to")
    static let expired = KeyspaceEvent(.expired, "expired")
    static let evicted = KeyspaceEvent(.evicted, "evicted")
    static let keymiss = KeyspaceEvent(.keyMiss, "keymiss")
    static let new = KeyspaceEvent(.newKey, "new")
    static let overwritten = KeyspaceEvent(.overwritten, "overwritten")
    static let typeChanged = KeyspaceEvent(.typeChanged, "type_changed")
    static let lpush = KeyspaceEvent(.list, "lpush")
    static let rpush = KeyspaceEvent(.list, "rpush")
    static let lpop = KeyspaceEvent(.list, "lpop")
    static let rpop = KeyspaceEvent(.list, "rpop")
    static let lset = KeyspaceEvent(.list, "lset")
    static let linsert = KeyspaceEvent(.list, "linsert")
    static let lrem = KeyspaceEvent(.list, "lrem")
    static let ltrim = KeyspaceEvent(.list, "ltrim")
    static let sortstore = KeyspaceEvent(.list, "sortstore")
    static let sadd = KeyspaceEvent(.set, "sadd")
    static let srem = KeyspaceEvent(.set, "srem")
    static let spop = KeyspaceEvent(.set, "spop")
    static let sinterstore = KeyspaceEvent(.set, "sinterstore")
    static let sunionstore = KeyspaceEvent(.set, "sunionstore")
    static let sdiffstore = KeyspaceEvent(.set, "sdiffstore")
    static let hset = KeyspaceEvent(.hash, "hset")
    static let hdel = KeyspaceEvent(.hash, "hdel")
    static let hincrby = KeyspaceEvent(.hash, "hincrby")
    static let hincrbyfloat = KeyspaceEvent(.hash, "hincrbyfloat")
    static let hexpire = KeyspaceEvent(.hash, "hexpire")
    static let hexpired = KeyspaceEvent(.hash, "hexpired")
    static let hpersist = KeyspaceEvent(.hash, "hpersist")
    static let zadd = KeyspaceEvent(.sortedSet, "zadd")
    static let zincr = KeyspaceEvent(.sortedSet, "zincr")
    static let zrem = KeyspaceEvent(.sortedSet, "zrem")
    static let zrangestore = KeyspaceEvent(.sortedSet, "zrangestore")
    static let zremrangebyrank = KeyspaceEvent(.sortedSet, "zremrangebyrank")
    static let zremrangebyscore = KeyspaceEvent(.sortedSet, "zremrangebyscore")
    static let zremrangebylex = KeyspaceEvent(.sortedSet, "zremrangebylex")
    static let zpopmin = KeyspaceEvent(.sortedSet, "zpopmin")
    static let zpopmax = KeyspaceEvent(.sortedSet, "zpopmax")
    static let zinterstore = KeyspaceEvent(.sortedSet, "zinterstore")
    static let zunionstore = KeyspaceEvent(.sortedSet, "zunionstore")
    static let zdiffstore = KeyspaceEvent(.sortedSet, "zdiffstore")
    static let geosearchstore = KeyspaceEvent(.sortedSet, "geosearchstore")
    static let georadiusstore = KeyspaceEvent(.sortedSet, "georadiusstore")
    static let xadd = KeyspaceEvent(.stream, "xadd")
    static let xdel = KeyspaceEvent(.stream, "xdel")
    static let xtrim = KeyspaceEvent(.stream, "xtrim")
    static let xsetid = KeyspaceEvent(.stream, "xsetid")
    static let xgroupCreate = KeyspaceEvent(.stream, "xgroup-create")
    static let xgroupCreateConsumer = KeyspaceEvent(.stream, "xgroup-createconsumer")
    static let xgroupDelConsumer = KeyspaceEvent(.stream, "xgroup-delconsumer")
    static let xgroupDestroy = KeyspaceEvent(.stream, "xgroup-destroy")
    static let xgroupSetID = KeyspaceEvent(.stream, "xgroup-setid")
}
