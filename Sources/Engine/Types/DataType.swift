/// The types of values that clients know, by the names that TYPE answers.
public enum DataType: Sendable, CaseIterable {
    case string
    case list
    case set
    case sortedSet
    case hash
    case stream

    var name: StaticString {
        switch self {
        case .string: "string"
        case .list: "list"
        case .set: "set"
        case .sortedSet: "zset"
        case .hash: "hash"
        case .stream: "stream"
        }
    }

    /// Redis's number of the type, which digests contain.
    var number: UInt32 {
        switch self {
        case .string: 0
        case .list: 1
        case .set: 2
        case .sortedSet: 3
        case .hash: 4
        case .stream: 6
        }
    }

    /// The type of this name, in either case.
    init?(_ word: RawSpan) {
        guard let type = Self.allCases.first(where: { word.isWord($0.name) }) else { return nil }
        self = type
    }

}

extension Kind {
    /// The type that values of this kind have for clients.
    var type: DataType { names.type }

    /// What OBJECT ENCODING answers.
    var encoding: StaticString { names.encoding }

    private var names: (type: DataType, encoding: StaticString) {
        switch self {
        case .int: (.string, "int")
        case .embedded: (.string, "embstr")
        case .raw, .rawObject: (.string, "raw")
        case .packedList: (.list, "listpack")
        case .list: (.list, "quicklist")
        case .packedHash: (.hash, "listpack")
        case .packedHashWithDeadlines: (.hash, "listpackex")
        case .hash: (.hash, "hashtable")
        case .integerSet: (.set, "intset")
        case .packedSet: (.set, "listpack")
        case .set: (.set, "hashtable")
        case .packedSortedSet: (.sortedSet, "listpack")
        case .sortedSet: (.sortedSet, "skiplist")
        case .stream: (.stream, "stream")
        default: preconditionFailure("a kind of value that has no name")
        }
    }
}
