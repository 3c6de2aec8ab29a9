import TestSupport
import Testing

/// Runs lines of commands on a fresh server and compares each reply with what stands behind the arrow.
///
/// A line is `COMMAND word "quoted word" -> reply`; words in quotes may hold `\xHH`. Replies are written as
/// `OK`, `:5`, `"text"`, `nil`, `,1.5` (a double), `-ERR text`, `[reply reply]`, or `{key value}` for maps.
/// A line without an arrow only has to succeed.
func expectScript(
    _ lines: String, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    try await withServer { server in
        try expectScript(lines, of: server.connect(), sourceLocation: sourceLocation)
    }
}

/// The same with a client.
func expectScript(
    _ lines: String, of client: TestClient, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    for line in lines.split(separator: "\n") where !line.allSatisfy(\.isWhitespace) {
        let parts = line.split(separator: " -> ", maxSplits: 1)
        let reply = try client.command(scriptWords(parts[0]))
        if parts.count == 2 {
            #expect(scriptText(reply) == String(parts[1]), "\(parts[0])", sourceLocation: sourceLocation)
        } else if case .error(let text) = reply {
            Issue.record("\(parts[0]): \(text)", sourceLocation: sourceLocation)
        }
    }
}

private func scriptWords(_ line: Substring) -> [[UInt8]] {
    var words: [[UInt8]] = []
    var rest = Array(line.utf8)[...]
    while let first = rest.first {
        if first == UInt8(ascii: " ") {
            rest.removeFirst()
        } else if first == UInt8(ascii: "\"") {
            rest.removeFirst()
            var word: [UInt8] = []
            while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
                if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x") {
                    word.append(
                        UInt8(String(decoding: rest.dropFirst().prefix(2), as: UTF8.self), radix: 16) ?? 0)
                    rest = rest.dropFirst(3)
                } else {
                    word.append(byte)
                }
            }
            words.append(word)
        } else {
            words.append(Array(rest.prefix { $0 != UInt8(ascii: " ") }))
            rest = rest.drop { $0 != UInt8(ascii: " ") }
        }
    }
    return words
}

private func scriptText(_ reply: Reply) -> String {
    switch reply {
    case .simple(let text): text
    case .error(let text): "-\(text)"
    case .integer(let value): ":\(value)"
    case .bulk(let bytes), .verbatim(let bytes): "\"\(scriptText(bytes))\""
    case .null: "nil"
    case .double(let text): ",\(text)"
    case .boolean(let value): "#\(value)"
    case .bigNumber(let text): "(\(text)"
    case .array(let all), .set(let all), .push(let all): "[\(all.map(scriptText).joined(separator: " "))]"
    case .map(let all): "{\(all.map(scriptText).joined(separator: " "))}"
    }
}

private func scriptText(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
        if (0x20..<0x7f).contains(byte) { return String(UnicodeScalar(byte)) }
        let digits = String(byte, radix: 16)
        return "\\x" + (digits.count == 1 ? "0" : "") + digits
    }.joined()
}
