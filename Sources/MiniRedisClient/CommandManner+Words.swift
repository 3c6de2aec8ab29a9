/// Of commands that are given by their words.
extension CommandManner {
    /// After these the connection's replies would not be what others on it wait for.
    private static let unshareable: Set<String> = [
        "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE", "MONITOR",
        "SYNC", "PSYNC", "HELLO", "RESET", "QUIT", "MULTI", "EXEC", "DISCARD",
    ]
    private static let waiting: Set<String> = [
        "BLPOP", "BRPOP", "BLMOVE", "BRPOPLPUSH", "BLMPOP", "BZPOPMIN", "BZPOPMAX", "BZMPOP", "WAIT",
        "WAITAOF",
    ]
    private static let tied: Set<String> = ["SELECT", "WATCH", "UNWATCH", "AUTH", "WAIT", "WAITAOF"]
    private static let tiedOfClient: Set<String> = ["TRACKING", "CACHING", "NO-TOUCH"]
    /// No name among them is longer, nor shorter.
    private static let lengths = 4...12
    /// Words before `STREAMS`, at most.
    private static let mostOptions = 12

    /// Looks at a command's words; refuses one that would confuse the connection's replies.
    init(of words: borrowing RedisWords) throws(RedisError) {
        self = .plain
        let all = words.words(atMost: 2)
        guard let first = all.first, Self.lengths.contains(first.count) else { return }
        let name = String(decoding: first, as: UTF8.self).uppercased()
        if Self.unshareable.contains(name) { throw .needsOwnConnection(name) }
        // For how long is not looked for: the usual time limit holds.
        if Self.waiting.contains(name) { wait = .upTo(.zero) }
        isTied = Self.tied.contains(name)
        if name == "XREAD" || name == "XREADGROUP", Self.blocks(words) { wait = .upTo(.zero) }
        if name == "CLIENT", all.count > 1 {
            let subcommand = String(decoding: all[1], as: UTF8.self).uppercased()
            if subcommand == "REPLY" { throw .needsOwnConnection("CLIENT REPLY") }
            isTied = Self.tiedOfClient.contains(subcommand)
        }
    }

    /// Whether a command that reads streams waits for them.
    private static func blocks(_ words: borrowing RedisWords) -> Bool {
        for word in words.words(atMost: mostOptions).dropFirst() {
            switch String(decoding: word, as: UTF8.self).uppercased() {
            case "BLOCK": return true
            case "STREAMS": return false
            default: continue
            }
        }
        return false
    }
}
