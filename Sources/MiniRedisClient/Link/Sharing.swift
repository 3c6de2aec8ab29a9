/// Commands that change for all what a shared connection answers, or when.
enum Sharing {
    /// After these the connection's replies would not be what others on it wait for.
    private static let unshareable: Set<String> = [
        "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE", "MONITOR",
        "SYNC", "PSYNC", "HELLO", "RESET", "QUIT", "MULTI", "EXEC", "DISCARD",
    ]
    /// No name among them is longer, nor shorter.
    private static let lengths = 4...12

    /// Refuses a command, given by its words, that would confuse the connection's replies.
    static func check(_ words: borrowing RedisWords) throws(RedisError) {
        let all = words.words(atMost: 2)
        guard let first = all.first, lengths.contains(first.count) else { return }
        let name = String(decoding: first, as: UTF8.self).uppercased()
        if unshareable.contains(name) { throw .needsOwnConnection(name) }
        guard name == "CLIENT", all.count > 1 else { return }
        let subcommand = String(decoding: all[1], as: UTF8.self).uppercased()
        if subcommand == "REPLY" { throw .needsOwnConnection("CLIENT REPLY") }
    }
}
