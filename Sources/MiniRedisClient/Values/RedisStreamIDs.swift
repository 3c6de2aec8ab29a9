/// The name of an entry of a stream: a time in milliseconds and a number within it.
public struct RedisStreamID: Comparable, Hashable, Sendable {
    public var milliseconds: UInt64
    public var sequence: UInt64

    public static let zero = RedisStreamID(0, 0)

    /// Makes an ID of its parts.
    public init(_ milliseconds: UInt64, _ sequence: UInt64) {
        self.milliseconds = milliseconds
        self.sequence = sequence
    }

    /// Reads `ms-seq`.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let milliseconds = UInt64(parts[0]), let sequence = UInt64(parts[1]) else {
            return nil
        }
        self.init(milliseconds, sequence)
    }

    /// Which of both entries came first.
    public static func < (left: Self, right: Self) -> Bool {
        (left.milliseconds, left.sequence) < (right.milliseconds, right.sequence)
    }
}

extension RedisStreamID: CustomStringConvertible {
    /// The ID as it is sent.
    public var description: String { "\(milliseconds)-\(sequence)" }
}

extension RedisStreamID: RedisArgument {
    /// Adds the ID as one word.
    public func append(to words: inout RedisWords) { words.append(description) }
}

extension RedisStreamID: RESPDecodable {
    /// Reads `ms-seq`.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let id = value.string.flatMap({ Self($0) }) else { throw .mismatch(value, "a stream's ID") }
        self = id
    }
}

/// The ID that a new entry is to get.
public enum RedisNewStreamID: Hashable, Sendable, RedisArgument {
    /// One of the server's clock.
    case automatic
    /// The next one in this millisecond.
    case at(milliseconds: UInt64)
    case id(RedisStreamID)

    /// Adds the ID as one word.
    public func append(to words: inout RedisWords) {
        switch self {
        case .automatic: words.append("*" as StaticString)
        case .at(let milliseconds): words.append("\(milliseconds)-*")
        case .id(let id): words.append(id)
        }
    }
}

/// One end of a range of entries.
public enum RedisStreamEdge: Hashable, Sendable, RedisArgument {
    case first
    case last
    case id(RedisStreamID)
    /// This ID is left out.
    case excluding(RedisStreamID)

    /// Adds the edge as one word.
    public func append(to words: inout RedisWords) {
        switch self {
        case .first: words.append("-" as StaticString)
        case .last: words.append("+" as StaticString)
        case .id(let id): words.append(id)
        case .excluding(let id): words.append("(\(id)")
        }
    }
}

/// From where on a stream is read.
public enum RedisStreamStart: Hashable, Sendable, RedisArgument {
    case behind(RedisStreamID)
    /// Only what is added from now on.
    case end
    /// The last entry there is.
    case lastEntry

    /// Adds the start as one word.
    public func append(to words: inout RedisWords) {
        switch self {
        case .behind(let id): words.append(id)
        case .end: words.append("$" as StaticString)
        case .lastEntry: words.append("+" as StaticString)
        }
    }
}

/// What a consumer of a group wants to read.
public enum RedisGroupStart: Hashable, Sendable, RedisArgument {
    /// What no consumer of the group has had.
    case new
    /// What it had behind an ID and has not acknowledged.
    case history(behind: RedisStreamID)

    /// Adds the start as one word.
    public func append(to words: inout RedisWords) {
        switch self {
        case .new: words.append(">" as StaticString)
        case .history(let id): words.append(id)
        }
    }
}

/// What becomes of an entry that is to go while groups refer to it.
public enum RedisStreamReferences: String, Sendable {
    /// It goes, and groups keep its ID as pending.
    case keep = "KEEPREF"
    /// It goes, from the groups as well.
    case delete = "DELREF"
    /// It goes only if all groups have read and acknowledged it.
    case acknowledged = "ACKED"
}

/// How far a stream is to be trimmed.
public struct RedisStreamTrim: Sendable {
    private let words: [String]

    private init(_ strategy: String, _ threshold: String, _ isExact: Bool, _ most: Int?) {
        words =
            [strategy, isExact ? "=" : "~", threshold] + (most.map { ["LIMIT", String($0)] } ?? [])
    }

    /// Leaves the last entries; if not exactly, perhaps some more, which is quicker, and takes at most so many.
    public static func length(_ count: Int, exactly isExact: Bool = true, atMost most: Int? = nil) -> Self {
        Self("MAXLEN", String(count), isExact, most)
    }

    /// Removes entries before an ID; if not exactly, perhaps not all, which is quicker, and at most so many.
    public static func before(_ id: RedisStreamID, exactly isExact: Bool = true, atMost most: Int? = nil)
        -> Self
    {
        Self("MINID", id.description, isExact, most)
    }

    func append(to all: inout RedisWords) { all.append(contentsOf: words) }
}
