public import RESP

/// The one stream of what execution units change: from it notifications, replicas, files, WATCH,
/// tracking and blocked clients are fed.
///
/// Only the keyspace access of `Call` writes to it. When nobody listens to a kind of effect it is
/// not recorded, and costs a test of a bit.
public final class Effects {
    /// Who listens.
    public struct Interest: OptionSet, Sendable, BitwiseCopyable {
        public let rawValue: UInt8

        /// Builds a set from its bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Some consumer replays commands: a file, a replica, a test.
        public static let commands = Interest(rawValue: 1 << 0)
        /// Some consumer wants to know which keys changed.
        public static let keys = Interest(rawValue: 1 << 1)
        /// The same, for clients that wait for keys.
        public static let awaited = Interest(rawValue: 1 << 2)
        /// Somebody looks at requests when they have run: none may give its words away.
        public static let words = Interest(rawValue: 1 << 3)
        /// All that make changed keys worth recording.
        static let allOfKeys: Interest = [.keys, .awaited]
    }

    /// One notification.
    public struct Event: Sendable {
        public let kind: KeyspaceEvent
        public let database: Int
        public let key: [UInt8]
    }

    /// A command that repeats a change exactly, wherever and whenever it is run.
    public struct Command: Sendable, Equatable {
        public let database: Int
        public let arguments: [[UInt8]]
    }

    /// One changed key.
    public struct Key: Sendable, Hashable {
        public let database: Int
        public let key: [UInt8]
        /// Whether the server deleted it of its own accord (expiry, eviction); the same key nevertheless.
        public let isOwnDeletion: Bool
        /// Whether it only wakes clients that wait for it, and counts as unchanged for WATCH and tracking.
        public let isUnseen: Bool

        /// Names a key of a keyspace.
        public init(
            database: Int, key: [UInt8], isOwnDeletion: Bool = false, isUnseen: Bool = false
        ) {
            self.database = database
            self.key = key
            self.isOwnDeletion = isOwnDeletion
            self.isUnseen = isUnseen
        }

        public static func == (one: Self, other: Self) -> Bool {
            one.database == other.database && one.key == other.key
        }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(database)
            hasher.combine(key)
        }
    }

    /// A change of all keys of a keyspace at once, by its number.
    public enum Sweep: Sendable, Equatable {
        case flushed(Int)
        case swapped(Int, Int)
    }

    /// What every command looks at.
    private struct Figures: BitwiseCopyable {
        var notified: EventClasses = []
        var interest: Interest = []
        var changes: UInt64 = 0
        var earliestDeadline = Int64.max
        /// Whether the current command's own words are not what to propagate: it said what is, or that
        /// nothing is.
        var isReworded = false
        var isEmpty = true
        var isLoose = false
    }

    private let figures = Pinned(Figures())

    /// Events to record: what `notify-keyspace-events` asks for.
    public var notified: EventClasses {
        @inline(__always) get { figures.state.notified }
        set { figures.state.notified = newValue }
    }

    /// Who listens to what else.
    public var interest: Interest {
        @inline(__always) get { figures.state.interest }
        set { figures.state.interest = newValue }
    }

    /// Changes since the server started; differences tell whether something changed.
    public private(set) var changes: UInt64 {
        @inline(__always) get { figures.state.changes }
        @inline(__always) set { figures.state.changes = newValue }
    }

    /// The earliest deadline set since somebody last looked and put this back to the end of time.
    public var earliestDeadline: Int64 {
        @inline(__always) get { figures.state.earliestDeadline }
        @inline(__always) set { figures.state.earliestDeadline = newValue }
    }

    /// Whether there is nothing for a consumer.
    public private(set) var isEmpty: Bool {
        @inline(__always) get { figures.state.isEmpty }
        @inline(__always) set { figures.state.isEmpty = newValue }
    }

    /// Whether the unit's commands have nothing to do with each other, so that nobody has to be told of
    /// them as of one: deletions of keys that are due, which were merely met together.
    public var isLoose: Bool {
        get { figures.state.isLoose }
        set { figures.state.isLoose = newValue }
    }

    private var isReworded: Bool {
        @inline(__always) get { figures.state.isReworded }
        @inline(__always) set { figures.state.isReworded = newValue }
    }

    /// What the current unit has done so far, in order.
    public private(set) var events: [Event] = [] { didSet { isEmpty = false } }
    public private(set) var commands: [Command] = [] { didSet { isEmpty = false } }
    public private(set) var keys: [Key] = [] { didSet { isEmpty = false } }
    public private(set) var sweeps: [Sweep] = [] { didSet { isEmpty = false } }

    init() {}

    /// Forgets the unit that was handed to the consumers.
    public func clear() {
        events.removeAll(keepingCapacity: true)
        commands.removeAll(keepingCapacity: true)
        keys.removeAll(keepingCapacity: true)
        sweeps.removeAll(keepingCapacity: true)
        isEmpty = true
        isLoose = false
    }

    /// Records that `key` changed and that this is what happened.
    ///
    /// As Redis does, a change of several elements is counted as so many, and one of two keys only with one.
    @inline(__always)
    func changed(_ key: RawSpan, _ event: KeyspaceEvent, in database: Int, count: Int = 1) {
        changes &+= UInt64(truncatingIfNeeded: count)
        if notified.rawValue | UInt32(interest.rawValue) != 0 { record(key, event, database) }
    }

    /// Records that `key` changed where Redis sends no event.
    func changedSilently(_ key: RawSpan, in database: Int) {
        changes &+= 1
        if !interest.isDisjoint(with: .allOfKeys) { keys.append(Key(database: database, key: Array(key))) }
    }

    /// Records that something changed that WATCH and tracking are not to see: what belongs to a consumer group.
    ///
    /// Clients that wait for the key are to look again if it `wakes` them.
    @inline(__always)
    func changedUnseen(
        _ key: RawSpan, _ event: KeyspaceEvent? = nil, in database: Int, wakes: Bool = false
    ) {
        changes &+= 1
        if let event { notify(key, event, in: database) }
        if wakes, interest.contains(.awaited) {
            keys.append(Key(database: database, key: Array(key), isUnseen: true))
        }
    }

    private func record(_ key: RawSpan, _ event: KeyspaceEvent, _ database: Int) {
        notify(key, event, in: database)
        if !interest.isDisjoint(with: .allOfKeys) { keys.append(Key(database: database, key: Array(key))) }
    }

    /// Records an event that no change goes with, or one more of a change.
    @inline(__always)
    func notify(_ key: RawSpan, _ event: KeyspaceEvent, in database: Int) {
        if notified.contains(event.kind) {
            events.append(Event(kind: event, database: database, key: Array(key)))
        }
    }

    /// Visits what others are to repeat, in order: `MULTI` and `EXEC`, in no keyspace, around several
    /// commands that are one.
    public func forEachPropagated(_ body: (_ database: Int?, _ words: [[UInt8]]) -> Void) {
        let isTransaction = commands.count > 1 && !isLoose
        if isTransaction { body(nil, [Array("MULTI".utf8)]) }
        for command in commands { body(command.database, command.arguments) }
        if isTransaction { body(nil, [Array("EXEC".utf8)]) }
    }

    /// Records that a whole keyspace lost its `count` keys.
    func flushed(_ database: Int, count: Int) {
        changes &+= UInt64(count)
        if !interest.isDisjoint(with: .allOfKeys) { sweeps.append(.flushed(database)) }
    }

    /// Records that two keyspaces exchanged their contents.
    func swapped(_ first: Int, _ second: Int) {
        changes &+= 1
        if !interest.isDisjoint(with: .allOfKeys) { sweeps.append(.swapped(first, second)) }
    }

    /// Says what the current command's change is for others, in place of its own words.
    ///
    /// `build` runs only if somebody listens. May be called several times for several commands.
    @inline(__always)
    func propagate(in database: Int, _ build: () -> [[UInt8]]) {
        isReworded = true
        if interest.contains(.commands) {
            commands.append(Command(database: database, arguments: build()))
        }
    }

    /// Records a deletion that the server decided itself (expiry, eviction), ahead of the command's own change.
    ///
    /// It does not count as a change of the running command, which may only have read. `word` is
    /// DEL or UNLINK.
    func deleted(_ key: RawSpan, _ event: KeyspaceEvent, in database: Int, as word: StaticString) {
        if notified.rawValue | UInt32(interest.rawValue) == 0 { return }
        if interest.contains(.commands) {
            let words = [Array(word.description.utf8), Array(key)]
            commands.append(Command(database: database, arguments: words))
        }
        notify(key, event, in: database)
        if !interest.isDisjoint(with: .allOfKeys) {
            keys.append(Key(database: database, key: Array(key), isOwnDeletion: true))
        }
    }

    /// Records that a field of a hash was due and is gone, as `deleted` does for a key.
    ///
    /// The event is the caller's to record, once for all fields, with `changedByServer`.
    func deletedField(_ key: RawSpan, _ field: RawSpan, in database: Int) {
        if interest.contains(.commands) {
            let words = [Array("HDEL".utf8), Array(key), Array(field)]
            commands.append(Command(database: database, arguments: words))
        }
    }

    /// Records that `key` changed by what the server decided itself, which others were told already.
    func changedByServer(_ key: RawSpan, _ event: KeyspaceEvent, in database: Int) {
        if notified.rawValue | UInt32(interest.rawValue) != 0 { record(key, event, database) }
    }

    /// Keeps the current command to this server.
    public func doNotPropagate() { isReworded = true }

    /// Ends a command that began when `changes` was `before`: unless it said otherwise, its own
    /// words repeat its change.
    @inline(__always)
    public func endCommand(_ arguments: Arguments, before: UInt64, in database: Int) {
        if changes != before, interest.contains(.commands), !isReworded {
            commands.append(
                Command(database: database, arguments: (0..<arguments.count).map { Array(arguments[$0]) }))
        }
        if isReworded { isReworded = false }
    }
}
