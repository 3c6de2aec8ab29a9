/// When a key is to expire.
public enum RedisExpiry: Sendable, Hashable {
    /// So much later than the server runs the command.
    case after(Duration)
    /// At a moment of the server's clock, in milliseconds since 1970.
    case at(unixMilliseconds: Int64)

    var milliseconds: Int64 {
        switch self {
        case .after(let duration): duration.wholeMilliseconds
        case .at(let moment): moment
        }
    }

    /// Adds the words that SET and GETEX have for it.
    func append(to words: inout RedisWords) {
        switch self {
        case .after: words.append("PX")
        case .at: words.append("PXAT")
        }
        words.append(milliseconds)
    }
}

/// On what EXPIRE makes itself depend.
public enum RedisExpireCondition: String, Sendable, Hashable {
    /// The key has no expiry.
    case hasNone = "NX"
    /// The key has an expiry.
    case hasOne = "XX"
    /// The new expiry is later than the key's; none counts as never.
    case later = "GT"
    /// The new expiry is earlier than the key's.
    case earlier = "LT"
}

/// How long a key has to live.
public enum RedisLifetime: Sendable, Hashable {
    /// There is no such key.
    case missing
    /// The key does not expire.
    case unlimited
    case left(Duration)

    /// A command that answers with so many units, −1 or −2.
    static func command(
        _ name: StaticString, _ key: some RedisArgument, unit: Duration
    ) -> RedisCommand<RedisLifetime> {
        var words = RedisWords(name)
        words.append(key)
        return RedisCommand(words) { (value) throws(RedisError) in
            switch try Int64(resp: value) {
            case -1: .unlimited
            case let count where count >= 0: .left(unit * Double(count))
            default: .missing
            }
        }
    }
}

/// When a key expires.
public enum RedisExpireTime: RESPDecodable, Hashable {
    /// There is no such key.
    case missing
    case never
    /// At a moment of the server's clock.
    case at(unixMilliseconds: Int64)

    /// Reads what PEXPIRETIME answers.
    public init(resp value: RESPValue) throws(RedisError) {
        switch try Int64(resp: value) {
        case -1: self = .never
        case let moment where moment >= 0: self = .at(unixMilliseconds: moment)
        default: self = .missing
        }
    }
}
