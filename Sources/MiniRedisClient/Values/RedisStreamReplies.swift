/// A field of a stream's entry with its value.
public struct RedisStreamField: Hashable, Sendable {
    public let name: [UInt8]
    public let value: [UInt8]

    /// Makes a pair, to compare with.
    public init(_ name: [UInt8], _ value: [UInt8]) {
        self.name = name
        self.value = value
    }

    /// Makes a pair of texts, to compare with.
    public init(_ name: String, _ value: String) { self.init(Array(name.utf8), Array(value.utf8)) }
}

/// An entry of a stream.
public struct RedisStreamEntry: RESPDecodable, Hashable {
    public let id: RedisStreamID
    /// In the order in which they were added; nil if the entry is pending but was deleted.
    public let fields: [RedisStreamField]?
    /// Of an entry that was read with `claiming`: for how many milliseconds it was pending with another.
    public let idle: Int?
    /// Of such an entry: how often it had been delivered.
    public let deliveries: Int?

    /// Makes an entry, to compare with.
    public init(_ id: RedisStreamID, _ fields: [RedisStreamField]?) {
        self.id = id
        self.fields = fields
        idle = nil
        deliveries = nil
    }

    /// Reads an ID and fields with their values.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let parts = value.elements, parts.count == 2 || parts.count == 4 else {
            throw .mismatch(value, "an entry of a stream")
        }
        id = try RedisStreamID(resp: parts[0])
        if case .null = parts[1] {
            fields = nil
        } else {
            guard let pairs = parts[1].pairs else { throw .mismatch(value, "fields and values") }
            var all: [RedisStreamField] = []
            all.reserveCapacity(pairs.count)
            for pair in pairs {
                all.append(RedisStreamField(try [UInt8](resp: pair.key), try [UInt8](resp: pair.value)))
            }
            fields = all
        }
        idle = parts.count == 4 ? try Int(resp: parts[2]) : nil
        deliveries = parts.count == 4 ? try Int(resp: parts[3]) : nil
    }

    /// The value of the first field of this name.
    public subscript(name: String) -> [UInt8]? {
        fields?.first { $0.name.elementsEqual(name.utf8) }?.value
    }
}

/// Entries of one of the streams that were read.
public struct RedisStreamEntries: RESPDecodable, Hashable {
    public let key: [UInt8]
    public let entries: [RedisStreamEntry]

    /// Reads a key and entries.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let parts = value.elements, parts.count == 2 else {
            throw .mismatch(value, "a stream and its entries")
        }
        key = try [UInt8](resp: parts[0])
        entries = try [RedisStreamEntry](resp: parts[1])
    }

    /// Reads pairs, or the map of RESP3; nothing if there was nothing.
    public static func array(resp value: RESPValue) throws(RedisError) -> [RedisStreamEntries] {
        if case .null = value { return [] }
        guard let elements = value.elements else { throw .mismatch(value, "streams and their entries") }
        var all: [RedisStreamEntries] = []
        if case .map(let pairs) = value {
            for pair in pairs { all.append(try Self(resp: .array([pair.key, pair.value]))) }
        } else {
            for element in elements { all.append(try Self(resp: element)) }
        }
        return all
    }
}

/// An entry that was delivered and not acknowledged.
public struct RedisPendingEntry: RESPDecodable, Hashable {
    public let id: RedisStreamID
    public let consumer: [UInt8]
    /// Milliseconds since its last delivery.
    public let idle: Int
    public let deliveries: Int

    /// Reads what XPENDING answers of an entry.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let parts = value.elements, parts.count == 4 else { throw .mismatch(value, "a pending entry") }
        id = try RedisStreamID(resp: parts[0])
        consumer = try [UInt8](resp: parts[1])
        idle = try Int(resp: parts[2])
        deliveries = try Int(resp: parts[3])
    }
}

/// What a group has pending in all.
public struct RedisPendingSum: RESPDecodable, Hashable {
    public let count: Int
    public let first: RedisStreamID?
    public let last: RedisStreamID?
    /// How many entries are pending for each consumer that has any.
    public let consumers: [[UInt8]: Int]

    /// Reads what XPENDING answers without a range.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let parts = value.elements, parts.count == 4 else {
            throw .mismatch(value, "a sum of pending entries")
        }
        count = try Int(resp: parts[0])
        first = try RedisStreamID?(resp: parts[1])
        last = try RedisStreamID?(resp: parts[2])
        var all: [[UInt8]: Int] = [:]
        for pair in parts[3].elements ?? [] {
            guard let both = pair.elements, both.count == 2 else { throw .mismatch(pair, "a consumer") }
            all[try [UInt8](resp: both[0])] = try Int(resp: both[1])
        }
        consumers = all
    }
}

/// What an automatic claim came to.
public struct RedisClaimed: RESPDecodable, Hashable {
    /// From where to go on; zero at the end.
    public let next: RedisStreamID
    public let entries: [RedisStreamEntry]
    /// What was pending but is deleted from the stream, and is not pending any more.
    public let deleted: [RedisStreamID]

    /// Reads what XAUTOCLAIM answers; with only the IDs of entries these have no fields.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let parts = value.elements, parts.count == 3, let items = parts[1].elements else {
            throw .mismatch(value, "claimed entries")
        }
        next = try RedisStreamID(resp: parts[0])
        var all: [RedisStreamEntry] = []
        for item in items {
            all.append(
                item.elements == nil
                    ? RedisStreamEntry(try RedisStreamID(resp: item), nil) : try RedisStreamEntry(resp: item))
        }
        entries = all
        deleted = try [RedisStreamID](resp: parts[2])
    }
}

/// What became of an entry that was to be deleted.
public enum RedisStreamDeletion: Int, RESPDecodable {
    case missing = -1
    case deleted = 1
    /// Some group has yet to acknowledge it.
    case stillReferenced = 2

    /// Reads one of the numbers.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let outcome = value.integer.flatMap({ Self(rawValue: Int($0)) }) else {
            throw .mismatch(value, "the outcome of a deletion")
        }
        self = outcome
    }
}
