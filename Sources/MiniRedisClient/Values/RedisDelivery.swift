/// How an entry that is claimed counts from then on.
public struct RedisDelivery: Sendable {
    /// When it counts as delivered.
    public enum Time: Sendable {
        case now
        /// So long ago.
        case idle(Duration)
        case at(unixMilliseconds: Int)
    }

    public var time: Time
    /// How often it was delivered; nil counts this time too.
    public var count: Int?
    /// Whether entries are claimed as well that are not pending.
    public var isForced: Bool
    /// What the group is taken to have read last, if that is later.
    public var lastID: RedisStreamID?

    /// As a delivery now, unless told otherwise.
    public init(
        _ time: Time = .now, count: Int? = nil, isForced: Bool = false, lastID: RedisStreamID? = nil
    ) {
        self.time = time
        self.count = count
        self.isForced = isForced
        self.lastID = lastID
    }

    func append(to words: inout RedisWords) {
        switch time {
        case .now: break
        case .idle(let time):
            words.append("IDLE" as StaticString)
            words.append(max(Int(time / .milliseconds(1)), 0))
        case .at(let milliseconds):
            words.append("TIME" as StaticString)
            words.append(milliseconds)
        }
        if let count {
            words.append("RETRYCOUNT" as StaticString)
            words.append(count)
        }
        if isForced { words.append("FORCE" as StaticString) }
        if let lastID {
            words.append("LASTID" as StaticString)
            words.append(lastID)
        }
    }
}
