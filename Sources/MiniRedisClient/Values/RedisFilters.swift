/// Which connections of a server are meant.
public enum RedisClientFilter: Sendable, Hashable {
    /// What a connection is for.
    public enum Kind: String, Sendable, Hashable {
        case normal = "NORMAL"
        case master = "MASTER"
        case replica = "REPLICA"
        case pubSub = "PUBSUB"
    }

    case type(Kind)
    case ids([Int64])
    case user(String)
    /// The other end, as `127.0.0.1:50000`.
    case address(String)
    /// The server's end.
    case localAddress(String)
    case skippingOwn(Bool)
    /// Connected for longer than so many seconds.
    case olderThan(seconds: Int)
    /// Silent for longer than so many seconds.
    case idleFor(seconds: Int)
    case name(String)
    /// All of these letters of CLIENT LIST's `flags`.
    case flags(String)
    case libraryName(String)
    case libraryVersion(String)
    case database(Int)
    /// All of these letters of CLIENT LIST's `capa`.
    case capabilities(String)
    case ip(String)

    func append(to words: inout RedisWords) {
        switch self {
        case .type(let kind): Self.add("TYPE", kind.rawValue, to: &words)
        case .ids(let ids):
            words.append("ID")
            words.append(contentsOf: ids)
        case .user(let name): Self.add("USER", name, to: &words)
        case .address(let address): Self.add("ADDR", address, to: &words)
        case .localAddress(let address): Self.add("LADDR", address, to: &words)
        case .skippingOwn(let isSkipping): Self.add("SKIPME", isSkipping ? "YES" : "NO", to: &words)
        case .olderThan(let seconds): Self.add("MAXAGE", seconds, to: &words)
        case .idleFor(let seconds): Self.add("IDLE", seconds, to: &words)
        case .name(let name): Self.add("NAME", name, to: &words)
        case .flags(let letters): Self.add("FLAGS", letters, to: &words)
        case .libraryName(let name): Self.add("LIB-NAME", name, to: &words)
        case .libraryVersion(let version): Self.add("LIB-VER", version, to: &words)
        case .database(let number): Self.add("DB", number, to: &words)
        case .capabilities(let letters): Self.add("CAPA", letters, to: &words)
        case .ip(let address): Self.add("IP", address, to: &words)
        }
    }

    private static func add(_ word: StaticString, _ value: some RedisArgument, to words: inout RedisWords) {
        words.append(word)
        words.append(value)
    }
}

/// What a connection says of the library that it is used by.
public enum RedisLibraryAttribute: String, Sendable, Hashable {
    case name = "LIB-NAME"
    case version = "LIB-VER"
}

/// Which commands are meant.
public enum RedisCommandFilter: Sendable, Hashable {
    case module(String)
    /// Of an access category such as `read`.
    case category(String)
    /// Of names that match.
    case pattern(String)

    func append(to words: inout RedisWords) {
        words.append("FILTERBY")
        switch self {
        case .module(let name):
            words.append("MODULE")
            words.append(name)
        case .category(let name):
            words.append("ACLCAT")
            words.append(name)
        case .pattern(let pattern):
            words.append("PATTERN")
            words.append(pattern)
        }
    }
}
