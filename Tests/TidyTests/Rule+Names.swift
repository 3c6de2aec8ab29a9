import Foundation

extension Rule {
    /// Things must be found under the name one would look for, and only there.
    static let names: [Rule] = [
        Rule(
            "file names say what is inside", under: everywhere,
            instead: "name the file after the declaration it is for",
            broken: [
                ("Sources/A/StringUtils.swift", ""), ("Sources/A/Helpers.swift", ""),
                ("Tests/A/TestHelper.swift", ""),
                ("Sources/A/ConnectionManager.swift", ""),
            ],
            kept: [("Sources/A/Connection.swift", "struct HelperManagerUtils {}")]
        ) { file in
            file.name.firstMatch("(?i)util|helper|manager|misc").map { [(0, "a file named after '\($0)'")] }
                ?? []
        },
        Rule(
            "files begin with their reason", under: ["Sources/"],
            instead: "begin with the imports, then the first declaration's doc comment",
            broken: [
                ("Sources/A/A.swift", "\nimport B"), ("Sources/A/B.swift", "import B\n\nstruct C {}"),
                ("Sources/A/C.swift", "/* Licence */\n/// C\nstruct C {}"),
                ("Sources/A/D.swift", "@safe\npublic final class C {}"),
                ("Sources/A/E.swift", "// Only a remark\nenum A {}"),
                ("Sources/A/F.swift", "#if DEBUG\n    struct C {}\n#endif"),
            ],
            kept: [
                ("Sources/A/A.swift", "import B\n\n/// C\nstruct C {}"),
                ("Sources/A/B.swift", "/// C\n@safe\npublic final class C {}"),
                ("Sources/A/C.swift", "// An essay.\n\n/// C\nstruct C {}"),
                ("Sources/A/D.swift", "import B\n\nextension C {\n}"),
                ("Sources/A/main.swift", "import B\n\nrun()"),
                (
                    "Sources/A/E.swift",
                    "#if DEBUG\n    import B\n#endif\n\n#if DEBUG\n    /// C\n    struct C {}\n#endif"
                ),
            ],
            inFile: undocumentedBeginning),
        Rule(
            "one definition of a command", instead: "keep one row",
            broken: [
                (
                    "Sources/Engine/Commands/A.swift",
                    "static let get = DataCommand(\n    \"get\", arity: 2)\nstatic let getAgain = DataCommand(\"get\")"
                ),
                (
                    "Sources/MiniRedis/Commands/B.swift",
                    "static let client = SessionCommand(container: \"client\")\nprivate static let clientContainer = SessionCommand(\"client\")"
                ),
            ],
            kept: [
                (
                    "Sources/Engine/Commands/A.swift",
                    "static let get = DataCommand(\n    \"get\", arity: 2)\nstatic let set = DataCommand(\"set\")"
                ),
                (
                    "Sources/MiniRedis/Commands/B.swift",
                    "static let a = SessionCommand(container: \"a\", subcommands: [SessionCommand(\"get\")])\nstatic let aGet = SessionCommand(\"get\")"
                ),
            ],
            find: repeatedCommands),
        Rule(
            "no module shares a type's name", instead: "rename the type; qualified names would mean the type",
            broken: [
                ("Sources/Engine/A.swift", "public struct Engine {}"),
                ("Examples/chat/main.swift", "enum chat {}"),
            ],
            kept: [("Sources/Engine/A.swift", "struct EngineRoom {}\n// struct Engine")]
        ) { tree in
            let modules = tree.modules
            return tree.files.flatMap { file in
                file.search(.code, #"\b(?:class|struct|enum|actor|protocol|typealias) (\w+)"#, group: 1)
                    .filter { modules.contains($0.match) }
                    .map {
                        Finding(
                            path: file.path, line: $0.line + 1,
                            what: "the type \($0.match) is named like a module")
                    }
            }
        },
        Rule(
            "every folder has tests", except: Array(untested),
            instead: "add tests in the folder of the same place, or a file of the folder's name",
            broken: [
                ("Sources/A/B/C.swift", ""), ("Tests/ATests/OtherTests.swift", ""),
                ("Sources/Lonely/L.swift", ""),
            ],
            kept: [
                ("Sources/A/B/C.swift", ""), ("Sources/A/Things/C.swift", ""),
                ("Sources/A/SortedSets/C.swift", ""),
                ("Tests/ATests/B/CTests.swift", ""), ("Tests/OtherTests/ThingTests.swift", ""),
                ("Tests/OtherTests/Commands/SortedSetTests.swift", ""),
            ],
            find: untestedFolders),
    ]

    private static func undocumentedBeginning(_ file: SourceFile) -> [(Int, String)] {
        if file.name == "main" { return [] }
        let first = file.lines.first ?? ""
        if first.isBlank || first.hasPrefix("/*") { return [(0, "the file begins with something else")] }
        let declaration = file.code.indices.first {
            !file.code[$0].isBlank
                && file.code[$0].firstMatch(#"^ *((\w+ )?import |#(if|else|endif))"#) == nil
        }
        guard let declaration else { return [] }
        if file.code[declaration].firstMatch(#"^(public |package |private |fileprivate )?extension "#) != nil
        {
            return []
        }
        let above = file.lines.indices.contains(declaration - 1) ? file.lines[declaration - 1] : ""
        return above.firstMatch("^ *///") != nil
            ? [] : [(declaration, "the first declaration has no doc comment")]
    }

    private static func repeatedCommands(_ tree: SourceTree) -> [Finding] {
        var first: [String: String] = [:]
        var found: [Finding] = []
        for file in tree.files where file.isUnder("Sources/") && file.path.contains("/Commands/") {
            // A subcommand's row is named after its container too: `clientInfo` declares no `info`.
            let pattern =
                #"^ *(?:private )?static let (\w+)(?:: \w+)? = (?:Data|Session)Command\(\s*(?:container:\s*)?"([^"]+)""#
            let variables = file.search(.everything, pattern, group: 1)
            for ((index, name), variable) in zip(file.search(.everything, pattern, group: 2), variables) {
                let word = name.replacing("_", with: "").lowercased()
                guard variable.match.lowercased().hasPrefix(word) else { continue }
                let line = index + 1
                if let other = first[name] {
                    found.append(
                        Finding(path: file.path, line: line, what: "'\(name)' is also declared in \(other)"))
                }
                first[name] = "\(file.path):\(line)"
            }
        }
        return found
    }

    /// Folders whose code is too little for tests of its own: a main function.
    private static let untested: Set<String> = ["Sources/MiniRedisServer"]

    private static func untestedFolders(_ tree: SourceTree) -> [Finding] {
        // What tests are called: their folders, and their files without `Tests`.
        var subjects: Set<String> = []
        for file in tree.files where file.isUnder("Tests/") {
            let parts = file.path.dropLast(".swift".count).split(separator: "/").map(String.init).dropFirst()
            for part in parts { subjects.insert(part.hasSuffix("Tests") ? String(part.dropLast(5)) : part) }
        }
        let direct = Set(
            tree.files.filter { $0.isUnder("Sources/") }.map {
                $0.path.split(separator: "/").dropLast().joined(separator: "/")
            })
        return direct.subtracting(untested).sorted().compactMap { folder in
            let name = String(folder.split(separator: "/").last ?? "")
            let candidates = [name, name.hasSuffix("s") ? String(name.dropLast()) : name + "s"]
            return candidates.contains(where: subjects.contains)
                ? nil : Finding(path: folder, line: 1, what: "no tests")
        }
    }
}
