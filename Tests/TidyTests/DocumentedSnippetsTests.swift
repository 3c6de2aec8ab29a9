import Foundation
import Testing

/// The Swift that the libraries' pages show stands in a test or an example too, where it is compiled.
@Suite struct DocumentedSnippetsTests {
    /// The pages whose snippets are looked for.
    private static let places = ["README.md", "Sources/MiniRedis/MiniRedis.docc"]

    @Test(arguments: places) func snippetsAreCompiled(_ place: String) throws {
        let place = SourceTree.root.appending(path: place)
        let pages =
            place.pathExtension == "md"
            ? [place]
            : try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
                .filter { $0.pathExtension == "md" }
        #expect(!pages.isEmpty)
        let compiled = SourceTree.package.files.filter { $0.isUnder("Tests/") || $0.isUnder("Examples/") }
            .map { Self.bare($0.lines) }
        for page in pages {
            let text = try String(contentsOf: page, encoding: .utf8)
            for snippet in Self.snippets(in: text) {
                let isCompiled = compiled.contains { $0.contains(Self.bare(snippet)) }
                let shown = snippet.joined(separator: "\n")
                #expect(isCompiled, "\(page.lastPathComponent) shows what no test compiles:\n\(shown)")
            }
        }
    }

    @Test func snippetsAreFound() {
        let page = "a\n```swift\nlet a = 1\n\nf()\n```\nb\n```\nno Swift\n```\n```swift\ng()\n```"
        #expect(Self.snippets(in: page) == [["let a = 1", "", "f()"], ["g()"]])
        #expect(Self.bare(["  let a = 1", "", "    f()"]) == "let a = 1\nf()")
    }

    /// The lines of each block of Swift on a page.
    private static func snippets(in page: String) -> [[String]] {
        var found: [[String]] = []
        var open: [String]?
        for line in page.components(separatedBy: "\n") {
            if let lines = open {
                if line == "```" { found.append(lines) }
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
