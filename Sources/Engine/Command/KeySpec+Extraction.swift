public import RESP

/// One key of a request: which argument it is and what becomes of it.
public struct KeyReference: Sendable, Equatable {
    public let position: Int
    public let flags: KeyFlags

    /// Says that the argument at `position` is a key.
    public init(_ position: Int, _ flags: KeyFlags) {
        self.position = position
        self.flags = flags
    }
}

/// Appends the keys that one spec of a request means.
public typealias KeyFinder = @Sendable (Arguments, inout [KeyReference]) -> Void

extension KeySpec {
    /// Appends the keys of a request; false when the request doesn't fit the spec.
    ///
    /// A word that isn't there is no misfit: the keys behind it are then not given.
    func appendKeys(of arguments: Arguments, to keys: inout [KeyReference]) -> Bool {
        if let finder {
            finder(arguments, &keys)
            return true
        }
        guard let start = start(in: arguments) else {
            if case .unknown = begin { return false }
            return true
        }
        guard let (first, last, step) = range(from: start, in: arguments) else { return false }
        guard first >= 1, first < arguments.count, last >= first, last < arguments.count else { return false }
        for position in stride(from: first, through: last, by: max(step, 1)) {
            keys.append(KeyReference(position, flags))
        }
        return !flags.contains(.incomplete)
    }

    /// Where to look for keys.
    private func start(in arguments: Arguments) -> Int? {
        switch begin {
        case .index(let index):
            return index
        case .keyword(let word, let from):
            // The last argument is looked at only backwards, as nothing could follow the word.
            let forwards = from > 0
            var position = forwards ? from : arguments.count + from
            while position >= 1, position < (forwards ? arguments.count - 1 : arguments.count) {
                if !forwards, position == 1 { return nil }
                if arguments[position].isWord(word) { return position + 1 }
                position += forwards ? 1 : -1
            }
            return nil
        case .unknown:
            return nil
        }
    }

    /// The first and last key and their distance, in bounds or not.
    private func range(from start: Int, in arguments: Arguments) -> (first: Int, last: Int, step: Int)? {
        switch find {
        case .range(let last, let step, _) where last >= 0:
            return (start, start + last, step)
        case .range(let last, let step, 0):
            return (start, arguments.count + last, step)
        case .range(let last, let step, let limit):
            return (start, start + (arguments.count - start) / max(limit, 1) + last, step)
        case .number(let index, let first, let step):
            guard start + index < arguments.count, let count = Decimal.parse(arguments[start + index]),
                count > 0, count <= arguments.count
            else { return nil }
            return (start + first, start + first + (Int(count) - 1) * step, step)
        case .unknown:
            return nil
        }
    }
}

extension CommandInfo {
    /// Whether requests may have keys.
    public var hasKeys: Bool { keys.contains { !$0.flags.contains(.notKey) } }

    /// The keys of a request, or nil when it doesn't fit what is known about its keys.
    ///
    /// The request has as many arguments as the command takes. Channels and other names that are no
    /// keys (`not_key`) are left out.
    public func keys(of arguments: Arguments) -> [KeyReference]? {
        var result: [KeyReference] = []
        for spec in keys where !spec.flags.contains(.notKey) {
            guard spec.appendKeys(of: arguments, to: &result) else { return nil }
        }
        return result
    }

    /// The keys' place as COMMAND told it before there were specs: all zero when it can't be told so.
    ///
    /// Plain specs that follow each other are joined; `last` may count from the end.
    public var legacyKeyRange: (first: Int, last: Int, step: Int) {
        if keys.count == 1, let (first, last, step) = keys[0].plainRange { return (first, last, step) }
        var joined: (first: Int, last: Int)?
        for (first, last, step) in keys.lazy.compactMap(\.plainRange) where step == 1 {
            guard let previous = joined else {
                joined = (first, last)
                continue
            }
            // A range to the end, told by a negative number, is the furthest of all.
            if previous.last == first - 1 {
                joined = (min(previous.first, first), Self.further(previous.last, last))
            }
        }
        return joined.map { ($0.first, $0.last, 1) } ?? (0, 0, 0)
    }

    /// Whether `legacyKeyRange` doesn't tell all keys, so that a client has to ask (`movablekeys`).
    public var movesKeys: Bool {
        if keys.isEmpty { return false }
        if keys.contains(where: { $0.flags.contains(.incomplete) || $0.plainRange == nil }) { return true }
        if keys.count == 1 { return false }
        var previous = 0
        for (first, last, step) in keys.compactMap(\.plainRange) {
            if step != 1 || (previous != 0 && previous != first - 1) { return true }
            previous = Self.further(previous, last)
        }
        return false
    }

    private static func further(_ a: Int, _ b: Int) -> Int {
        UInt(bitPattern: a) > UInt(bitPattern: b) ? a : b
    }
}

extension KeySpec {
    /// First, last and step if the spec is a range from a fixed argument on.
    fileprivate var plainRange: (first: Int, last: Int, step: Int)? {
        guard case .index(let first) = begin, case .range(let last, let step, _) = find else { return nil }
        return (first, last >= 0 ? first + last : last, step)
    }
}
