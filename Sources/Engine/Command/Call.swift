public import RESP

/// What a running command sees of the world: the keyspace, the time, and where its reply goes.
///
/// Every change to a key goes through it and says what happened; the effects are recorded here and
/// nowhere else. One call serves all commands of a batch in turn.
public struct Call: ~Copyable {
    public var reply: ReplyWriter
    public let dataset: Dataset
    /// The keyspace that the client has selected.
    public var keyspace: Keyspace
    /// Unix time in milliseconds at which the command runs; the same for all it does.
    public var now: Int64
    /// Whether reading a key leaves its access clock alone (CLIENT NO-TOUCH).
    public var leavesClocks = false
    /// Whether keys that are due only look gone and stay, because the server is paused.
    public var keepsDueKeys = false
    /// Whether the command repeats what was decided elsewhere or earlier (a file, a primary): no key is
    /// due then before its deletion was told as well.
    public var isReplay = false
    /// Whether a command that finds nothing may have its client wait.
    public var mayWait = false
    /// Whether what takes long may be done in slices, with others' commands in between.
    public var maySlice = false
    /// Whether the command that just ran has to wait, or has more to do: see `takeWait` and
    /// `takeLongCommand`.
    public internal(set) var isUnfinished = false
    var wait: Wait?
    var longCommand: LongCommand?
    /// The full name of the running command, for error texts.
    public var name: StaticString = ""

    @usableFromInline var clock: UInt32 = 0

    /// Prepares for commands on keyspace `database` (0 if there is no such one).
    public init(
        _ dataset: Dataset, database: Int = 0, now: Int64, reply: consuming ReplyWriter = ReplyWriter()
    ) {
        self.dataset = dataset
        keyspace = dataset.keyspaces[dataset.keyspaces.indices.contains(database) ? database : 0]
        self.now = now
        self.reply = reply
    }

    /// Takes the reply writer out, so that it can travel back to its connection.
    public mutating func takeReply() -> ReplyWriter { reply.take() }

    /// Selects another keyspace; false when there is none of that number.
    public mutating func select(_ number: Int) -> Bool {
        guard dataset.keyspaces.indices.contains(number) else { return false }
        keyspace = dataset.keyspaces[number]
        return true
    }

    var effects: Effects { @inline(__always) get { dataset.effects } }
}
