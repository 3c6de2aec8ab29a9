import Engine
import RESP

/// A request whose client waits until it can be served.
///
/// Lives in the `Database` actor and never leaves it.
final class BlockedRequest {
    let client: SessionHandle
    let command: RegisteredCommand
    /// The request alone.
    let words: RequestQueue
    let database: Int
    /// The keys that may serve it, each once.
    let keys: [Effects.Key]
    let reason: Wait.Reason
    /// When its time is over, in Unix milliseconds; nil if never.
    let deadline: Int64?
    let lateReply: @Sendable (inout ReplyWriter) -> Void
    /// When it is to be tried again although nothing has changed, in Unix milliseconds; nil if never.
    var retryTime: Int64?
    /// Whether the client does not wait any more.
    var isOver = false

    init(
        _ wait: consuming Wait, _ command: RegisteredCommand, _ arguments: Arguments, database: Int,
        client: SessionHandle
    ) {
        self.client = client
        self.command = command
        self.database = database
        var words = RequestQueue()
        // A single request that came in can be named.
        _ = words.append(arguments, replacing: wait.replacements)
        self.words = words
        reason = wait.reason
        deadline = wait.deadline
        retryTime = wait.retryTime
        lateReply = wait.lateReply
        var known: Set<Effects.Key> = []
        var keys: [Effects.Key] = []
        if case .keys(let positions, _, _) = wait.reason {
            for position in positions {
                let key = Effects.Key(database: database, key: [UInt8](arguments[position]))
                if known.insert(key).inserted { keys.append(key) }
            }
        }
        self.keys = keys
    }

    /// Whether it is to be looked after at some time.
    var isTimed: Bool { deadline != nil || retryTime != nil }

    /// Whether it is worth trying again when a key holds a value of this type, or none.
    func isServable(by held: DataType?) -> Bool {
        guard case .keys(_, let wanted, let orWhenGone) = reason else { return false }
        return held == wanted || orWhenGone
    }

    /// Whether it is worth trying again also when a key is gone.
    var minds: Bool {
        if case .keys(_, _, orWhenGone: true) = reason { true } else { false }
    }
}
