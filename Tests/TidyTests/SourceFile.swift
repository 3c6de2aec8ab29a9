import Foundation

/// A source file as the rules read it.
struct SourceFile: Sendable {
    /// From the package's root on, e.g. `Sources/RESP/Decimal.swift`.
    let path: String
    let lines: [String]
    /// The same lines with comments and the contents of strings replaced by spaces.
    let code: [String]
    /// Of the same lines, only the comments' text.
    let comments: [String]

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

extension StringProtocol {
    var isBlank: Bool { allSatisfy(\.isWhitespace) }

    /// Spaces at the beginning.
    var indentation: Int { prefix { $0 == " " }.count }
}

/// Tells code, comments and strings apart, which is all that the rules need of Swift's grammar.
private struct Lexer {
    private let text: [Character]
    private var at = 0
    private var code: [Character] = []
    private var comments: [Character] = []

    init(_ text: String) { self.text = Array(text) }

    mutating func separate() -> (code: [String], comments: [String]) {
        readCode(untilParenthesis: false)
        return (lines(code), lines(comments))
    }

    private func lines(_ text: [Character]) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    }

    private mutating func readCode(untilParenthesis: Bool) {
        var depth = 0
        while at < text.count {
            if starts("//") {
                while at < text.count, text[at] != "\n" { take(asComment: true) }
            } else if starts("/*") {
                readBlockComment()
            } else if let hashes = stringStart() {
                readString(hashes: hashes)
            } else {
                if text[at] == "(" { depth += 1 }
                if text[at] == ")" {
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
        while index < text.count, text[index] == "#" { index += 1 }
        return index < text.count && text[index] == "\"" ? index - at : nil
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
            } else if quote.count == 1, text[at] == "\n" {
                return
            } else {
                take()
            }
        }
        for _ in end { take(asCode: true) }
    }

    private func starts(_ word: String) -> Bool { text[at...].starts(with: word) }

    private mutating func take(asCode: Bool = false, asComment: Bool = false) {
        guard at < text.count else { return }
        let character = text[at]
        at += 1
        let isBreak = character == "\n"
        code.append(asCode || isBreak ? character : " ")
        comments.append(asComment || isBreak ? character : " ")
    }
}
