extension Rule {
    /// What could end the process or corrupt its memory.
    static let safety: [Rule] = [
        Rule(
            "nothing is declared safe by decree", under: everywhere,
            instead:
                "use Guarded, an actor, or a value; or nonisolated(unsafe) on the one property, with its reason above",
            broken: [("Sources/A/A.swift", "final class A: @unchecked Sendable {}")],
            kept: [("Sources/A/A.swift", "// no @unchecked Sendable\nfinal class A: Sendable {}")]
        ) { file in
            file.search(.code, "@unchecked").map { ($0.line, "'@unchecked'") }
        },
        Rule(
            "the thread sanitizer sees every lock", under: Rule.sources,
            instead: "use Guarded, which is a Mutex that the sanitizer can follow",
            broken: [("Sources/A/A.swift", "let a = Mutex(0)"), ("Sources/A/B.swift", "let b: Mutex<Int>")],
            kept: [("Sources/A/A.swift", "let a = Guarded(0) // a Mutex")]
        ) { file in
            guard !file.isUnder("Sources/Reactor/Guarded.swift") else { return [] }
            return file.search(.code, #"\bMutex\b"#).map { ($0.line, "'Mutex'") }
        },
        Rule(
            "what takes a lock builds in release too", under: everywhere,
            instead: "import Synchronization, of which Guarded is a type where nothing is sanitized",
            broken: [("Sources/A/A.swift", "import Reactor\nlet a = Guarded(0)")],
            kept: [("Sources/A/A.swift", "import Reactor\nimport Synchronization\nlet a = Guarded(0)")]
        ) { file in
            guard file.search(.code, #"\bimport Synchronization\b"#).isEmpty else { return [] }
            return file.search(.code, #"\bGuarded\b"#).map { ($0.line, "'Guarded'") }
        },
        Rule(
            "no trap on a missing value", under: everywhere,
            instead: "use guard, if let, ??, #require, or a typed error",
            broken: [
                ("Sources/A/A.swift", "let a = b!"), ("Sources/A/B.swift", "try! run()"),
                ("Sources/A/C.swift", "let d = c as! D"),
                ("Sources/A/D.swift", "f()!.g"), ("Sources/A/E.swift", "a[1]! += 1"),
                ("Sources/A/F.swift", "var a: Int!"),
                ("Sources/A/G.swift", "let s = \"\\(a!)\""),
            ],
            kept: [
                ("Sources/A/A.swift", "if !a, b != c, !(d) { } // a!"),
                ("Sources/A/B.swift", "let a = \"b! try! as!\""),
                ("Sources/A/C.swift", "let a = #\"\"b!\"\"#\nlet b = \"\"\"\n  c! \\(d)\n  \"\"\""),
            ]
        ) { file in
            file.search(.code, #"\b(try!|as!)|[\w\)\]\}>"`?]!(?!=)"#).map { ($0.line, "'\($0.match)'") }
        },
        Rule(
            "every unsafe expression has its reason", under: everywhere,
            instead: "say in a comment right above what makes it safe",
            broken: [
                ("Sources/A/A.swift", "let a = 1\nlet b = unsafe c"),
                ("Sources/A/B.swift", "nonisolated(unsafe) var a = 1"),
                ("Sources/A/C.swift", "// A reason.\nlet a = 1\n\nlet b = unsafe c"),
                (
                    "Sources/A/D.swift",
                    "// A reason.\nlet a = 1\nlet b = 1\nlet c = 1\nlet d = 1\nlet e = unsafe f"
                ),
            ],
            kept: [
                ("Sources/A/A.swift", "// Bounded above.\nlet b = unsafe c\nlet d = unsafe e"),
                ("Sources/A/B.swift", "let a = unsafe b // bounded"),
                ("Sources/A/C.swift", "/// Owned alone.\nnonisolated(unsafe) var a = 1"),
                (
                    "Sources/A/D.swift",
                    "// Lent for the call.\nunsafe f { a in\n    guard a else { return }\n    unsafe g(a)\n}"
                ),
                ("Sources/A/E.swift", "@unsafe func f() {}\nlet text = \"unsafe\""),
            ],
            inFile: unjustified),
    ]

    /// How many lines without `unsafe` may stand between a reason and what it justifies.
    private static let reach = 3

    private static func unjustified(_ file: SourceFile) -> [(Int, String)] {
        var justified: Set<Int> = []
        var found: [(Int, String)] = []
        for (line, _) in file.search(.code, #"(?<![@\w.])unsafe\b(?!:)"#) where !justified.contains(line) {
            // Reported or not, what follows leans on this line.
            defer { justified.insert(line) }
            if !file.comments[line].isBlank { continue }
            let above = (max(line - 1 - reach, 0)..<line).reversed().prefix { !file.lines[$0].isBlank }
            if !above.contains(where: { file.isComment($0) || justified.contains($0) }) {
                found.append((line, "'unsafe' without a reason"))
            }
        }
        return found
    }
}
