import Engine
import RESP

/// What a client has queued since MULTI.
///
/// Made by MULTI and dropped by EXEC and DISCARD, so that who never uses one has no memory for it.
final class Transaction {
    /// The commands' rows, as found when they were queued; the words are in `queue`.
    private(set) var commands: [RegisteredCommand] = []
    private var queue = RequestQueue()
    /// The flags of all commands together: what is asked of the one with a flag is asked of EXEC.
    private(set) var flags: CommandFlags = []
    /// Whether a request was refused, so that EXEC runs none.
    private(set) var isSpoiled = false
    /// The memory that the words take, by Redis's measure: it counts as input that waits.
    private(set) var bytes = 0

    /// How many commands are queued.
    var count: Int { commands.count }

    /// Keeps a request for EXEC; false when there is no room for more.
    ///
    /// Nothing is kept of what will not run.
    func append(_ command: RegisteredCommand, _ arguments: Arguments, isOutdated: Bool) -> Bool {
        if isSpoiled || isOutdated { return true }
        guard queue.append(arguments) else { return false }
        commands.append(command)
        flags.formUnion(command.info.flags)
        bytes = queue.wordBytes + queue.wordCount * Self.wordOverhead
        return true
    }

    /// Redis counts a pointer for each word.
    private static let wordOverhead = 8
    /// What Redis counts for each command besides its words.
    private static let commandOverhead = 40

    /// Bytes that the commands take besides their words.
    var overhead: Int { commands.capacity * Self.commandOverhead }

    /// Sees to it that EXEC runs nothing.
    func spoil() { isSpoiled = true }

    /// Takes the words out, for EXEC.
    func takeQueue() -> RequestQueue { queue.take() }
}
