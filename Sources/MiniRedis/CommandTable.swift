import Engine
import RESP

/// What runs for a command that needs its client or the server: inside the actor, to completion.
struct SessionBody: Sendable {
    typealias Function =
        @Sendable (isolated Database, Session, Arguments, inout Call) throws(CommandError) -> Void

    let run: Function
    /// Whether the client and the server's settings are afterwards as they were: see `Database.Standing`.
    var changesNoStanding = false
}

/// A command on the connection or the server, declared like any other.
typealias SessionCommand = Command<SessionBody>

extension SessionCommand {
    /// Declares a command; the labels are those of `CommandInfo`.
    init(
        _ name: StaticString, arity: Int, flags: CommandFlags = [], categories: ACLCategories = [],
        keys: [KeySpec] = [], group: CommandGroup, since: StaticString, summary: StaticString,
        complexity: StaticString = "O(1)", deprecated: Deprecation? = nil, tips: [StaticString] = [],
        arguments: [ArgumentSpec] = [], subcommands: [SessionCommand] = [], changesNoStanding: Bool = false,
        run: @escaping SessionBody.Function
    ) {
        let info = CommandInfo(
            name, arity: arity, flags: flags, categories: categories, keys: keys, group: group, since: since,
            summary: summary, complexity: complexity, deprecated: deprecated, tips: tips, arguments: arguments
        )
        self.init(
            info, subcommands: subcommands, body: SessionBody(run: run, changesNoStanding: changesNoStanding))
    }
}

/// A row as the dispatcher uses it, with what INFO and COMMAND tell of its use.
final class RegisteredCommand {
    enum Body {
        case data(DataBody.Function)
        case session(SessionBody)
        /// Only subcommands run.
        case container
    }

    let info: CommandInfo
    let body: Body
    /// Lower-case name, a subcommand's behind its container's and `|`.
    let fullName: String
    let subcommands: CommandTable?
    /// Whether a client with subscriptions may run it in RESP2.
    let isAllowedForSubscribers: Bool
    /// Whether a client's standing has to be found anew after it.
    let changesStanding: Bool
    /// Whether it sees itself to what CLIENT REPLY holds back: pushes are sent in any case.
    let mutesItself: Bool
    /// Whether it is EXEC, which is judged by what is queued.
    let isExec: Bool
    /// Whether it runs at once between MULTI and EXEC.
    let isNeverQueued: Bool
    var statistics = Statistics()
    let latency = LatencyHistogram()

    /// Counters since the start or CONFIG RESETSTAT.
    struct Statistics {
        var calls: UInt64 = 0
        /// Time spent, in the loop's ticks.
        var ticks: UInt64 = 0
        /// Refused before they ran.
        var rejected: UInt64 = 0
        /// Ran and answered with an error.
        var failed: UInt64 = 0
    }

    private static let subscriberCommands: Set<String> = [
        "subscribe", "unsubscribe", "psubscribe", "punsubscribe", "ssubscribe", "sunsubscribe", "ping",
        "quit",
        "reset",
    ]

    private static let unqueuedCommands: Set<String> = [
        "exec", "discard", "multi", "watch", "quit", "reset",
    ]

    init<T>(_ row: Command<T>, parent: String? = nil, body make: (T) -> Body) {
        info = row.info
        fullName = parent.map { "\($0)|\(row.info.name)" } ?? row.info.name.description
        body = row.body.map(make) ?? .container
        changesStanding = if case .session(let body) = body { !body.changesNoStanding } else { false }
        let name = fullName
        isAllowedForSubscribers = Self.subscriberCommands.contains(name)
        isExec = name == "exec"
        mutesItself = isExec || name.hasSuffix("subscribe")
        isNeverQueued = Self.unqueuedCommands.contains(name)
        subcommands =
            row.subcommands.isEmpty
            ? nil : CommandTable(row.subcommands.map { RegisteredCommand($0, parent: name, body: make) })
    }
}

/// Finds commands by name, in any case, without allocating.
///
/// An open-addressed table over the first eight letters in lower case; a hit is compared in full.
struct CommandTable {
    /// All commands in the order of registration.
    let all: [RegisteredCommand]
    private let slots: [Slot]
    private let mask: Int
    /// The few that go by another name than their own (`rename-command`), in lower case.
    private let renamed: [(name: [UInt8], command: RegisteredCommand)]

    private struct Slot {
        /// 0 where there is no command.
        var key: UInt64 = 0
        /// The length of a name that its key tells whole: one of so few letters and nothing else; else -1.
        var wholeLength = -1
        var command: RegisteredCommand?
    }

    /// Makes the table of these commands, but for those that have no name any more.
    init(_ commands: [RegisteredCommand], names: CommandNames = CommandNames()) {
        renamed = names.renamings.compactMap { renaming in
            commands.first { $0.fullName == renaming.command }.map { (renaming.name, $0) }
        }
        let known = commands.filter { !names.hidden.contains($0.fullName) }
        all = known + renamed.map(\.command)
        var size = 8
        while size < commands.count * 4 { size *= 2 }
        mask = size - 1
        var slots = [Slot](repeating: Slot(), count: size)
        for command in known {
            let name = Array(command.info.name.description.utf8)
            // The array lives until the hash is made.
            let key = unsafe Self.key(of: name.span.bytes)
            var index = Self.spread(key) & (size - 1)
            while slots[index].command != nil { index = (index + 1) & (size - 1) }
            let isWhole = name.count <= 8 && name.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")) ~= $0 }
            slots[index] = Slot(key: key, wholeLength: isWhole ? name.count : -1, command: command)
        }
        self.slots = slots
    }

    /// The command of this name, or nil.
    @inline(__always)
    func find(_ name: RawSpan) -> RegisteredCommand? {
        let key = Self.key(of: name)
        var index = Self.spread(key) & mask
        while slots[index].key != 0 {
            if slots[index].key == key, let command = slots[index].command,
                slots[index].wholeLength == name.byteCount || name.isWord(command.info.name)
            {
                return command
            }
            index = (index + 1) & mask
        }
        return renamed.isEmpty ? nil : findRenamed(name)
    }

    @inline(never)
    private func findRenamed(_ name: RawSpan) -> RegisteredCommand? {
        renamed.first { entry in
            entry.name.count == name.byteCount
                && entry.name.indices.allSatisfy { entry.name[$0] == name[byte: $0].asciiLowercased }
        }?.command
    }

    /// The first eight bytes with the case bit of letters set, mixed with the length.
    @inline(__always)
    private static func key(of name: RawSpan) -> UInt64 {
        var word: UInt64 = 0
        if name.byteCount >= 8 {
            // Eight bytes are there.
            word = unsafe name.unsafeLoadUnaligned(as: UInt64.self)
        } else {
            for index in 0..<name.byteCount { word |= UInt64(name[byte: index]) << UInt64(index &* 8) }
        }
        return (word | 0x2020_2020_2020_2020) ^ UInt64(truncatingIfNeeded: name.byteCount) << 56
    }

    @inline(__always)
    private static func spread(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 48)
    }
}
