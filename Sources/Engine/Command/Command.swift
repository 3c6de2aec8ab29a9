public import RESP

/// One command in one place: everything the server knows of it stands in its row.
///
/// Dispatch, COMMAND and its subcommands, help, ACL categories, key extraction and the README's
/// table all derive from rows. `Body` is what runs: a data command sees only its `Call`, a session
/// command (in the server's module) sees its client too.
public struct Command<Body: Sendable>: Sendable {
    /// What the row says of the command.
    public let info: CommandInfo
    /// What runs; nil for a container that only has subcommands.
    public let body: Body?
    /// The rows behind a container such as OBJECT; empty elsewhere.
    public let subcommands: [Command<Body>]

    /// Puts facts and body together; rows use the initialisers with labels.
    public init(_ info: CommandInfo, subcommands: [Command<Body>], body: Body?) {
        self.info = info
        self.subcommands = subcommands
        self.body = body
    }

    /// Declares a container, which only its subcommands make a command.
    public init(
        container name: StaticString, group: CommandGroup, since: StaticString, summary: StaticString,
        subcommands: [Command<Body>]
    ) {
        info = CommandInfo(
            name, arity: -2, group: group, since: since, summary: summary,
            complexity: "Depends on subcommand.")
        self.subcommands = subcommands
        body = nil
    }
}

/// What a data command runs: synchronous, to completion, seeing only its arguments and its call.
public struct DataBody: Sendable {
    public typealias Function = @Sendable (Arguments, inout Call) throws(CommandError) -> Void

    public let run: Function
}

/// A command on data: it can be run by a client, a script, a replayed file or a test alike.
public typealias DataCommand = Command<DataBody>

extension DataCommand {
    /// Declares a command; the labels are those of `CommandInfo`.
    public init(
        _ name: StaticString, arity: Int, flags: CommandFlags = [], categories: ACLCategories = [],
        keys: [KeySpec] = [], group: CommandGroup, since: StaticString, summary: StaticString,
        complexity: StaticString = "O(1)", deprecated: Deprecation? = nil, tips: [StaticString] = [],
        arguments: [ArgumentSpec] = [], subcommands: [DataCommand] = [], run: @escaping DataBody.Function
    ) {
        let info = CommandInfo(
            name, arity: arity, flags: flags, categories: categories, keys: keys, group: group, since: since,
            summary: summary, complexity: complexity, deprecated: deprecated, tips: tips, arguments: arguments
        )
        self.init(info, subcommands: subcommands, body: DataBody(run: run))
    }
}

/// The facts of a row.
///
/// An object, which all servers of a process share.
public final class CommandInfo: Sendable {
    /// Lower-case name; for a subcommand its own word only.
    public let name: StaticString
    /// Number of arguments with the name(s); negative: at least as many.
    public let arity: Int
    public let flags: CommandFlags
    let declaredCategories: ACLCategories
    public let keys: [KeySpec]
    public let group: CommandGroup
    /// The version of Redis (or Valkey, with its name) that brought it.
    public let since: StaticString
    public let summary: StaticString
    public let complexity: StaticString
    public let deprecation: Deprecation?
    /// Hints to clients and proxies, as COMMAND INFO shows them.
    public let tips: [StaticString]
    public let arguments: [ArgumentSpec]

    /// Gathers the facts, in the order in which one reads them aloud.
    ///
    /// `arity` counts the command's own name(s); negative means "at least".
    public init(
        _ name: StaticString, arity: Int, flags: CommandFlags = [], categories: ACLCategories = [],
        keys: [KeySpec] = [], group: CommandGroup, since: StaticString, summary: StaticString,
        complexity: StaticString = "O(1)", deprecated: Deprecation? = nil, tips: [StaticString] = [],
        arguments: [ArgumentSpec] = []
    ) {
        self.name = name
        self.arity = arity
        self.flags = flags
        declaredCategories = categories
        self.keys = keys
        self.group = group
        self.since = since
        self.summary = summary
        self.complexity = complexity
        deprecation = deprecated
        self.tips = tips
        self.arguments = arguments
    }

    /// The categories declared and those that follow from the flags (Redis's `setImplicitACLCategories`).
    public var categories: ACLCategories {
        var all = declaredCategories
        if flags.contains(.write) { all.insert(.write) }
        if flags.contains(.readonly), !all.contains(.scripting) { all.insert(.read) }
        if flags.contains(.admin) { all.formUnion([.admin, .dangerous]) }
        if flags.contains(.pubsub) { all.insert(.pubsub) }
        if flags.contains(.blocking) { all.insert(.blocking) }
        all.insert(flags.contains(.fast) ? .fast : .slow)
        return all
    }

    /// Whether `count` arguments (the names included) are as many as the command takes.
    @inline(__always)
    public func accepts(_ count: Int) -> Bool {
        arity >= 0 ? count == arity : count >= -arity
    }
}

/// Since when and by what a command is superseded.
public struct Deprecation: Sendable {
    public let since: StaticString
    public let replacement: StaticString

    /// Words for COMMAND DOCS.
    public init(since: StaticString, replacement: StaticString) {
        self.since = since
        self.replacement = replacement
    }
}

/// The group that documentation files a command under.
public enum CommandGroup: String, Sendable, CaseIterable {
    case generic
    case string
    case list
    case set
    case sortedSet = "sorted-set"
    case hash
    case pubsub
    case transactions
    case connection
    case server
    case scripting
    case hyperloglog
    case cluster
    case geo
    case stream
    case bitmap
}
