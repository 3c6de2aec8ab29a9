/// A member of a sorted set with its score.
public struct RedisScored<Member: RESPDecodable>: RESPDecodable {
    public let member: Member
    public let score: Double

    /// Makes a pair, to compare with.
    public init(_ member: Member, _ score: Double) {
        self.member = member
        self.score = score
    }

    /// Reads a pair of both.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let parts = value.elements, parts.count == 2 else {
            throw .mismatch(value, "a member and its score")
        }
        self.init(try Member(resp: parts[0]), try Double(resp: parts[1]))
    }

    /// Reads pairs, also when they came as one flat array, as in RESP2.
    public static func array(resp value: RESPValue) throws(RedisError) -> [RedisScored] {
        guard let elements = value.elements else { throw .mismatch(value, "members and scores") }
        var all: [RedisScored] = []
        if let first = elements.first, first.elements == nil {
            guard elements.count.isMultiple(of: 2) else { throw .mismatch(value, "members and scores") }
            all.reserveCapacity(elements.count / 2)
            for index in stride(from: 0, to: elements.count, by: 2) {
                all.append(Self(try Member(resp: elements[index]), try Double(resp: elements[index + 1])))
            }
        } else {
            all.reserveCapacity(elements.count)
            for pair in elements { all.append(try Self(resp: pair)) }
        }
        return all
    }
}

extension RedisScored: Equatable where Member: Equatable {}
extension RedisScored: Hashable where Member: Hashable {}

/// Where a member of a sorted set is, from 0, and its score.
public struct RedisRank: RESPDecodable, Hashable {
    public let rank: Int
    public let score: Double

    /// Reads a pair of both.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let parts = value.elements, parts.count == 2 else {
            throw .mismatch(value, "a rank and a score")
        }
        rank = try Int(resp: parts[0])
        score = try Double(resp: parts[1])
    }
}

/// What was taken off one of several sorted sets.
public struct RedisPoppedScores<Member: RESPDecodable>: RESPDecodable {
    /// The sorted set that had something.
    public let key: [UInt8]
    public let members: [RedisScored<Member>]

    /// Reads a key and members with their scores, or a key, a member and its score.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let parts = value.elements, parts.count == 2 || parts.count == 3 else {
            throw .mismatch(value, "a key and members")
        }
        key = try [UInt8](resp: parts[0])
        let isSingle = parts.count == 3
        members = try [RedisScored<Member>](resp: isSingle ? .array(Array(parts[1...])) : parts[1])
    }
}

extension RedisPoppedScores: Equatable where Member: Equatable {}
extension RedisPoppedScores: Hashable where Member: Hashable {}

/// Some members of a scan with their scores.
public struct RedisScoresPage<Member: RESPDecodable>: RESPDecodable {
    /// Where to go on; 0 when all members have been seen.
    public let cursor: UInt64
    /// Members, perhaps none; one may come twice.
    public let members: [RedisScored<Member>]

    /// Reads what ZSCAN answers.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let parts = value.elements, parts.count == 2, let cursor = parts[0].string.flatMap(UInt64.init)
        else {
            throw .mismatch(value, "a cursor and members")
        }
        self.cursor = cursor
        members = try [RedisScored<Member>](resp: parts[1])
    }
}

extension RedisScoresPage: Equatable where Member: Equatable {}
extension RedisScoresPage: Hashable where Member: Hashable {}
