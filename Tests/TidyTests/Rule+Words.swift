import Foundation

extension Rule {
    /// Files that may start a task of no other, each for the reason beside it.
    private static let tasksWithoutParent: [String: String] = [
        "Sources/Reactor/EventLoop.swift": "the loop's root task, of which all others are children"
    ]

    /// Words that have no place in finished code.
    static let words: [Rule] = [
        Rule(
            "nothing is left for later", under: everywhere, instead: "do it now, or write an issue",
            broken: [
                ("Sources/A/A.swift", "let a = 1 // TODO: more"), ("Sources/A/B.swift", "/* FIXME */"),
                ("Tests/A/C.swift", "/// XXX\nlet x = 1"),
            ],
            kept: [("Sources/A/A.swift", "let text = \"TODO\" // TODOS, xxx")]
        ) { file in
            file.search(.comments, #"\b(TODO|FIXME|XXX)\b"#).map { ($0.line, "\($0.match) in a comment") }
        },
        Rule(
            "nothing is refused for now", under: sources, instead: "make it work",
            broken: [
                ("Sources/A/A.swift", "let e = \"ERR not supported yet\""),
                ("Sources/A/B.swift", "// Not implemented."),
                ("Sources/A/C.swift", "fatalError(\"unimplemented\")"),
            ],
            kept: [("Sources/A/A.swift", "let e = \"ERR DEBUG is not allowed\"")]
        ) { file in
            file.search(.everything, #"(?i)not supported yet|not (yet )?implemented|unimplemented"#)
                .map { ($0.line, "'\($0.match)'") }
        },
        Rule(
            "no task without a parent", under: ["Sources/"], except: Array(tasksWithoutParent.keys),
            instead: "add a child task to a group",
            broken: [
                ("Sources/A/A.swift", "Task { await run() }"),
                ("Sources/A/B.swift", "_ = Task.detached(priority: .low) { }"),
                ("Sources/A/C.swift", "Task(priority: .high) { }"),
            ],
            kept: [("Sources/A/A.swift", "group.addTask { }\nlet a = UnownedTask { }\nTask.isCancelled")]
        ) { file in
            if tasksWithoutParent[file.path] != nil { return [] }
            let start =
                #"(?<![\w.])Task(\.detached)?(<[^>]*>)? ?(\(priority[^)]*\) )?\{|(?<![\w.])Task\.(detached|immediate)\b"#
            return file.search(.code, start).map {
                ($0.line, "'\($0.match)' starts a task that nobody waits for")
            }
        },
    ]
}

extension String {
    /// The first match of a regular expression, or of its first group if it has one that matched.
    func firstMatch(_ pattern: String, group: Int = 0) -> String? {
        matches(pattern, group: group).first?.text
    }

    /// All matches of a regular expression, with where they start.
    func matches(_ pattern: String, group: Int = 0) -> [(text: String, start: String.Index)] {
        guard let expression = try? NSRegularExpression(pattern: pattern, options: [.anchorsMatchLines])
        else {
            fatalError("'\(pattern)' is no regular expression")
        }
        return expression.matches(in: self, range: NSRange(startIndex..., in: self)).compactMap { match in
            Range(match.range(at: group), in: self).map { (String(self[$0]), $0.lowerBound) }
        }
    }
}
