public import RESP

/// What long commands use over several turns of the loop, and who has to wait for them.
///
/// Any number of them may read a key, which nobody changes meanwhile. One that will write a key in the end
/// keeps other writers off, and those who would read it over several turns; who reads it at once sees what
/// it held before.
public struct FrozenKeys {
    /// A key, or with nil all keys of all keyspaces.
    typealias Subject = Effects.Key?

    /// What a long command does with a key.
    enum Use {
        case read
        /// Changes it, in its last turn.
        case overwrite
    }

    /// One key's use.
    struct Hold {
        let subject: Subject
        let use: Use

        init(_ subject: Subject, _ use: Use) {
            self.subject = subject
            self.use = use
        }
    }

    /// How many long commands use each.
    private var counts: [Subject: Int] = [:]
    /// Those that will be written.
    private var overwritten: Set<Subject> = []

    /// Whether nothing is used.
    public var isEmpty: Bool { counts.isEmpty }

    /// Whether all keys are.
    public var holdsAll: Bool { counts[nil] != nil }

    mutating func insert(_ holds: [Hold]) {
        for hold in holds {
            counts[hold.subject, default: 0] += 1
            if hold.use == .overwrite { overwritten.insert(hold.subject) }
        }
    }

    mutating func remove(_ holds: [Hold]) {
        for hold in holds {
            guard let count = counts[hold.subject] else { continue }
            counts[hold.subject] = count > 1 ? count - 1 : nil
            if hold.use == .overwrite { overwritten.remove(hold.subject) }
        }
    }

    /// Whether another long command may begin besides those under way.
    func admits(_ holds: [Hold]) -> Bool {
        holds.allSatisfy { hold in
            switch hold.use {
            case .read:
                !overwritten.contains(hold.subject) && (hold.subject != nil || overwritten.isEmpty)
            case .overwrite: counts[hold.subject] == nil && !holdsAll
            }
        }
    }

    /// Whether a key may not be changed.
    public func holds(_ key: RawSpan, in database: Int) -> Bool {
        !isEmpty && (holdsAll || counts[Effects.Key(database: database, key: [UInt8](key))] != nil)
    }

    /// Whether a command has to wait because of what it may change.
    public func holdsBack(_ info: CommandInfo, _ arguments: Arguments) -> Bool {
        guard info.flags.contains(.write) else { return false }
        // Those without keys change whole keyspaces, and some have keys in others.
        guard !holdsAll, info.hasKeys, let keys = info.keys(of: arguments) else { return true }
        return keys.contains { key in
            counts.keys.contains { subject in
                guard let subject else { return true }
                // The array lives until it is compared.
                return unsafe arguments[key.position].equals(subject.key.span.bytes)
            }
        }
    }
}
