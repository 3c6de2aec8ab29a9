import Engine

/// How often each kind of error was answered, told apart by the first word.
///
/// Kinds are bounded, as a script can make up as many as it likes: beyond the limit all counts give way
/// to one that says so, and none is added until CONFIG RESETSTAT.
struct ErrorCounters {
    /// Redis's limit.
    static let mostKinds = 128
    /// Longer first words, and texts without any, are counted as `ERR`, as in Redis.
    private static let longestKind = 32

    private(set) var total: UInt64 = 0
    private(set) var kinds: [String: UInt64] = [:]
    private var isFull = false

    /// Counts an error; true when it was the one kind too many.
    @discardableResult
    mutating func count(_ kind: String) -> Bool {
        total &+= 1
        if isFull { return false }
        let kind = kind.isEmpty || kind.utf8.count > Self.longestKind ? "ERR" : kind
        if kinds[kind] == nil, kinds.count >= Self.mostKinds {
            kinds = ["ERRORSTATS_DISABLED": 1]
            isFull = true
            return true
        }
        kinds[kind, default: 0] &+= 1
        return false
    }
}
