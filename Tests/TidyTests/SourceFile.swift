import Foundation

/// A source file as the rules read it.
struct SourceFile: Sendable {
    /// Where it is, from the package's root on: `Sources/RESP/Decimal.swift`.
    let path: String
    let lines: [String]
    /// The same lines with comments and the contents of strings replaced by spaces.
    let code: [String]
    /// Of the same lines, only the comments' text.
    let comments: [String]

    /// What of a file a pattern is looked for in.
    enum Part: Sendable {
        case everything
        case code
        case comments
    }

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var lexer = Lexer(text)
        (code, comments) = lexer.separate()
    }

    /// The name without folders and extension.
    var name: String {
        let last = path.split(separator: "/").last ?? ""
        return String(last.prefix { $0 != "." })
    }

    /// Whether the file is under this folder, which is written with a slash at its end.
    func isUnder(_ folder: String) -> Bool { path.hasPrefix(folder) }

    /// Whether the line is nothing but a comment.
    func isComment(_ index: Int) -> Bool {
        lines.indices.contains(index) && !comments[index].isBlank && code[index].isBlank
    }
}

extension SourceFile {
    /// Where a regular expression matches a part of the file: the line, from 0, and the match or a group of it.
    func search(_ part: Part, _ pattern: String, group: Int = 0) -> [(line: Int, match: String)] {
        let searched =
            switch part {
            case .everything: lines
            case .code: code
            case .comments: comments
            }
        let text = searched.joined(separator: "\n")
        var line = 0
        var counted = text.utf8.startIndex
        return text.matches(pattern, group: group).map { match, start in
            line += text.utf8[counted..<start].count { $0 == UInt8(ascii: "\n") }
            counted = start
            return (line, match)
        }
    }
}

extension StringProtocol {
    var isBlank: Bool { allSatisfy(\.isWhitespace) }

    /// Spaces at the beginning.
    var indentation: Int { prefix { $0 == " " }.count }
}

/// Tells code, comments and strings apart, which is all that the rules need of Swift's grammar.
private struct Lexer {
    private let text: [UInt8]
    private var at = 0
    private var code: [UInt8] = []
    private var comments: [UInt8] = []

    init(_ text: String) { self.text = Array(text.utf8) }

    mutating func separate() -> (code: [String], comments: [String]) {
        readCode(untilParenthesis: false)
        return (lines(code), lines(comments))
    }

    private func lines(_ text: [UInt8]) -> [String] {
        text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Bytes by which something else than plain code may begin.
    private static let beginnings = Array("/\"#()".utf8)

    private mutating func readCode(untilParenthesis: Bool) {
        var depth = 0
        while at < text.count {
            if !Self.beginnings.contains(text[at]) {
                take(asCode: true)
            } else if starts("//") {
                while at < text.count, text[at] != UInt8(ascii: "\n") { take(asComment: true) }
            } else if starts("/*") {
                readBlockComment()
            } else if let hashes = stringStart() {
                readString(hashes: hashes)
            } else {
                if text[at] == UInt8(ascii: "(") { depth += 1 }
                if text[at] == UInt8(ascii: ")") {
                    if untilParenthesis, depth == 0 { return }
                    depth -= 1
                }
                take(asCode: true)
            }
        }
    }

    private mutating func readBlockComment() {
        var depth = 0
        repeat {
            if starts("/*") {
                depth += 1
                take(asComment: true)
            } else if starts("*/") {
                depth -= 1
                take(asComment: true)
            }
            take(asComment: true)
        } while depth > 0 && at < text.count
    }

    /// How many `#` stand before a quote here; nil when no string starts.
    private func stringStart() -> Int? {
        var index = at
        while index < text.count, text[index] == UInt8(ascii: "#") { index += 1 }
        return index < text.count && text[index] == UInt8(ascii: "\"") ? index - at : nil
    }

    private mutating func readString(hashes: Int) {
        for _ in 0..<hashes { take(asCode: true) }
        let quote = starts("\"\"\"") ? "\"\"\"" : "\""
        let end = quote + String(repeating: "#", count: hashes)
        let escape = "\\" + String(repeating: "#", count: hashes)
        for _ in quote { take(asCode: true) }
        while at < text.count, !starts(end) {
            if starts(escape + "(") {
                for _ in 0...escape.count { take() }
                readCode(untilParenthesis: true)
                take()
            } else if starts(escape) {
                for _ in 0...escape.count { take() }
            } else if quote.count == 1, text[at] == UInt8(ascii: "\n") {
                return
            } else {
                take()
            }
        }
        for _ in end { take(asCode: true) }
    }

    private func starts(_ word: String) -> Bool {
        var index = at
        for byte in word.utf8 {
            guard index < text.count, text[index] == byte else { return false }
            index += 1
        }
        return true
    }

    private mutating func take(asCode: Bool = false, asComment: Bool = false) {
        guard at < text.count else { return }
        let byte = text[at]
        at += 1
        let isBreak = byte == UInt8(ascii: "\n")
        code.append(asCode || isBreak ? byte : UInt8(ascii: " "))
        comments.append(asComment || isBreak ? byte : UInt8(ascii: " "))
    }
}
