import Foundation
import Testing

/// The Swift that pages and comments show stands in a test or an example too, where it is compiled.
@Suite struct DocumentedSnippetsTests {
    /// Pages, and sources with comments.
    private static let documents = ["README.md"] + documents(under: "Sources")

    private static let compiled = SourceTree.package.files
        .filter { $0.isUnder("Tests/") || $0.isUnder("Examples/") }.map { bare($0.lines) }

    @Test func snippetsAreCompiled() throws {
        var count = 0
        for document in Self.documents {
            let text = try String(contentsOf: SourceTree.root.appending(path: document), encoding: .utf8)
            for snippet in Self.snippets(in: text) {
                count += 1
                let isCompiled = Self.compiled.contains { $0.contains(snippet) }
                #expect(isCompiled, "\(document) shows what no test compiles:\n\(snippet)")
            }
        }
        #expect(count > 30)
    }

    @Test func snippetsAreFound() {
        let page =
            "a\n```swift\nlet a = 1\n\n  f()\n```\nb\n```\nno Swift\n```\n    /// ```swift\n    /// g()\n    /// ```"
        #expect(Self.snippets(in: page) == ["let a = 1\nf()", "g()"])
        #expect(Self.documents.contains("Sources/MiniRedisClient/MiniRedisClient.docc/Connecting.md"))
    }

    private static func documents(under folder: String) -> [String] {
        let paths = FileManager.default.enumerator(atPath: SourceTree.root.appending(path: folder).path)
        return (paths?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".md") || $0.hasSuffix(".swift") }
            .map { "\(folder)/\($0)" }
    }

    /// Each block of Swift, of a page or in comments, as `bare` leaves it.
    private static func snippets(in text: String) -> [String] {
        var found: [String] = []
        var open: [String]?
        for line in text.components(separatedBy: "\n") {
            var line = line.trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("///") { line = line.dropFirst(3).trimmingCharacters(in: .whitespaces) }
            if let lines = open {
                if line == "```" { found.append(bare(lines)) }
                open = line == "```" ? nil : lines + [line]
            } else if line == "```swift" {
                open = []
            }
        }
        return found
    }

    /// Lines without indentation and without those that are blank.
    private static func bare(_ lines: [String]) -> String {
        lines.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }.joined(separator: "\n")
    }
}
