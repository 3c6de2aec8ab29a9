import RESP

/// Makes values of a reply's tokens.
struct ReplyAssembler {
    private enum Kind {
        case array
        case map
        case set
        case push
        case attribute
    }

    private struct Level {
        var kind: Kind
        var elements: [RESPValue] = []
    }

    /// Elements for which room is made at once: what is announced need not come.
    private static let mostReserved = 1024

    /// The aggregates that are not complete, outermost first.
    private var levels: [Level] = []

    /// Takes the parser's latest token; the value once a whole reply is there.
    mutating func take(_ token: ReplyToken, from parser: borrowing ReplyParser) -> RESPValue? {
        switch token {
        case .array(let count): open(.array, count)
        case .map(let pairs): open(.map, pairs * 2)
        case .set(let count): open(.set, count)
        case .push(let count): open(.push, count)
        case .attribute(let pairs): open(.attribute, pairs * 2)
        default:
            let value = Self.value(of: token, from: parser)
            guard let last = levels.indices.last else { return value }
            levels[last].elements.append(value)
        }
        return parser.closed == 0 ? nil : close(parser.closed)
    }

    private mutating func open(_ kind: Kind, _ count: Int) {
        var level = Level(kind: kind)
        level.elements.reserveCapacity(min(count, Self.mostReserved))
        levels.append(level)
    }

    private mutating func close(_ count: Int) -> RESPValue? {
        for _ in 0..<count {
            guard let level = levels.popLast() else { return nil }
            guard let value = Self.value(of: level) else { continue }
            guard let last = levels.indices.last else { return value }
            levels[last].elements.append(value)
        }
        return nil
    }

    private static func value(of level: Level) -> RESPValue? {
        switch level.kind {
        case .array: .array(level.elements)
        case .set: .set(level.elements)
        case .push: .push(level.elements)
        case .map: RESPValue.array(level.elements).pairs.map { .map($0) }
        case .attribute: nil
        }
    }

    private static func value(of token: ReplyToken, from parser: borrowing ReplyParser) -> RESPValue {
        switch token {
        case .bulkString(let range): .bulkString([UInt8](parser.bytes(range)))
        case .integer(let value): .integer(value)
        case .simpleString(let range): .simpleString(String(parser.bytes(range)))
        case .error(let range): .error(RedisServerError(String(parser.bytes(range))))
        case .double(let value): .double(value)
        case .boolean(let value): .boolean(value)
        case .bigNumber(let range): .bigNumber(String(parser.bytes(range)))
        case .verbatimString(let format, let text):
            .verbatimString(format: String(parser.bytes(format)), text: [UInt8](parser.bytes(text)))
        case .null, .array, .map, .set, .push, .attribute: .null
        }
    }
}

extension [UInt8] {
    fileprivate init(_ span: RawSpan) {
        // The bytes are copied while they are borrowed.
        self = unsafe span.withUnsafeBytes { unsafe Array($0) }
    }
}

extension String {
    fileprivate init(_ span: RawSpan) {
        // The bytes are copied while they are borrowed.
        self = unsafe span.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
