extension Rule {
    private static let longestFile = 500
    private static let longestFunction = 70

    /// How long things may get.
    static let sizes: [Rule] = [
        Rule(
            "files are short", under: everywhere, instead: "split it into Type+Facet.swift",
            broken: [("Sources/A/A.swift", String(repeating: "let a = 1\n", count: longestFile + 1))],
            kept: [("Sources/A/A.swift", String(repeating: "let a = 1\n", count: longestFile))]
        ) { file in
            let count = file.lines.last?.isEmpty == true ? file.lines.count - 1 : file.lines.count
            return count > longestFile ? [(longestFile, "\(count) lines in one file")] : []
        },
        Rule(
            "functions fit a screen", under: everywhere, instead: "give a part of it a name of its own",
            broken: [
                ("Sources/A/A.swift", function("func f() {")),
                ("Sources/A/B.swift", function("    init(\n        a: Int\n    ) {")),
                ("Sources/A/C.swift", function("        ) { (arguments, call) throws(CommandError) in")),
                ("Sources/A/D.swift", function("var a: Int {")),
                ("Sources/A/E.swift", function("@inline(__always) static func f<A>()\nwhere A: B {")),
            ],
            kept: [
                ("Sources/A/A.swift", function("func f() {", lines: longestFunction - 2)),
                ("Sources/A/B.swift", function("extension A {")),
                ("Sources/A/C.swift", function("struct A {")),
                ("Sources/A/D.swift", function("protocol A {\n    func f()\n    func g() -> Int")),
            ],
            inFile: longFunctions),
    ]

    private static func function(_ head: String, lines: Int = longestFunction) -> String {
        let indentation = String(repeating: " ", count: head.indentation)
        let body = Array(repeating: "\(indentation)    let a = 1", count: lines)
        return ([head] + body + [indentation + "}"]).joined(separator: "\n")
    }

    private static func longFunctions(_ file: SourceFile) -> [(Int, String)] {
        let head =
            #"^ *(?:@[\w(),: .]+ |\w+ |\w+\(\w+\) )*(?:func \w|func [^\w ]|init[?(<]|deinit|subscript[(<]|var \w+.*\{$)|^ *\) \{ \(.* in$"#
        return file.search(.code, head).compactMap { line, _ in
            guard let end = end(of: line, in: file) else { return nil }
            let count = end - line + 1
            return count > longestFunction ? (line, "\(count) lines in one function") : nil
        }
    }

    /// The line with the closing brace of what begins at `line`, by its indentation.
    private static func end(of line: Int, in file: SourceFile) -> Int? {
        let indentation = file.code[line].indentation
        for next in file.code.indices.dropFirst(line + 1) where !file.code[next].isBlank {
            let text = file.code[next].drop { $0 == " " }
            let depth = file.code[next].indentation
            if depth > indentation { continue }
            if depth < indentation { return nil }
            if text.hasPrefix("}") { return next }
            // The rest of a head that takes several lines.
            if !text.hasPrefix(")"), !text.hasPrefix("where "), !text.hasPrefix("{"), !text.hasPrefix("->") {
                return nil
            }
        }
        return nil
    }
}
