extension Rule {
    /// What the files of a folder may import; the longest folder that fits a file decides.
    static let imports: [(folder: String, modules: Set<String>)] = [
        ("Sources/Reactor/", ["CLinux", "Glibc", "Synchronization"]),
        ("Sources/RESP/", []),
        ("Sources/Broadcasting/", ["RESP"]),
        ("Sources/Engine/", ["RESP"]),
        ("Sources/Engine/Structures/", ["RESP", "Glibc"]),
        ("Sources/MiniRedis/", ["Reactor", "RESP", "Broadcasting", "Engine", "Glibc", "Synchronization"]),
        ("Sources/MiniRedisClient/", ["Reactor", "RESP", "Glibc", "Synchronization"]),
        ("Sources/MiniRedisServer/", ["MiniRedis", "Glibc"]),
        ("Examples/chat/", ["Reactor", "RESP", "Broadcasting", "Glibc", "Synchronization"]),
        ("Examples/", ["MiniRedis", "MiniRedisClient", "Glibc", "Synchronization"]),
        // Its memory becomes a value's own, which is freed by the same library.
        ("Sources/RESP/BulkBlock.swift", ["Glibc"]),
        // Long buffers grow without being copied.
        ("Sources/RESP/ByteBuffer.swift", ["Glibc"]),
    ]

    /// The directions in which the package's parts may know each other.
    static let layers: [Rule] = [
        Rule(
            "imports point one way", under: sources,
            except: imports.map(\.folder),
            instead: "take what is needed as a parameter, or move the code to the layer that may know both",
            broken: [
                ("Sources/RESP/A.swift", "import Engine"),
                ("Sources/Engine/Keyspace/A.swift", "import Glibc"),
                ("Sources/Engine/Commands/A.swift", "public import Reactor"),
                ("Sources/Reactor/A.swift", "package import RESP"),
                ("Sources/MiniRedisClient/A.swift", "import MiniRedis"),
                ("Sources/MiniRedis/A.swift", "import MiniRedisClient"),
                ("Sources/MiniRedis/B.swift", "import Foundation"),
                ("Examples/chat/main.swift", "import Engine"),
                ("Sources/New/A.swift", "import Glibc"),
                ("Sources/RESP/B.swift", "@preconcurrency import struct Engine.Call"),
            ],
            kept: [
                ("Sources/Engine/Commands/A.swift", "public import RESP"),
                ("Sources/Engine/Structures/A.swift", "import Glibc"),
                ("Sources/MiniRedis/A.swift", "import Engine\npackage import Reactor\n// import Foundation"),
                ("Examples/greeting/main.swift", "import MiniRedisClient"),
            ]
        ) { file in
            let allowed = imports.filter { file.isUnder($0.folder) }.max {
                $0.folder.count < $1.folder.count
            }?.modules
            let pattern =
                #"^\s*(?:@\w+ )*(?:(?:public|package|internal|private|fileprivate) )?import (?:\w+ )?(\w+)"#
            return file.search(.code, pattern, group: 1).compactMap { line, module in
                if allowed?.contains(module) == true { return nil }
                return (line, "imports \(module)")
            }
        },
        Rule(
            "structures know no commands", under: ["Sources/Engine/Structures/"],
            instead: "let the structure take bytes and numbers, and the caller know what they mean",
            broken: [("Sources/Engine/Structures/A.swift", "func add(_ call: inout Call)")],
            kept: [("Sources/Engine/Structures/A.swift", "// as Call does\nfunc callback(_ calls: Int)")]
        ) { file in
            file.search(.code, #"\b(Call|Keyspace|Dataset|Effects|DataCommands?|CommandError|Arguments)\b"#)
                .map { ($0.line, "names \($0.match)") }
        },
        Rule(
            "the keyspace knows no commands", under: ["Sources/Engine/Keyspace/", "Sources/Engine/Types/"],
            instead: "put what speaks of rows or calls into Engine/Command or Engine/Commands",
            broken: [
                ("Sources/Engine/Types/A.swift", "extension DataCommands {"),
                ("Sources/Engine/Keyspace/A.swift", "var c: Call"),
            ],
            kept: [
                ("Sources/Engine/Types/A.swift", "extension Keyspace {"),
                ("Sources/Engine/Keyspace/A.swift", "/// `Call`\nlet calls = 1"),
            ]
        ) { file in
            file.search(.code, #"\b(DataCommands?|CommandInfo|Call)\b"#)
                .map { ($0.line, "names \($0.match)") }
        },
    ]
}
