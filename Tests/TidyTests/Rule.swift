import Testing

/// One rule of the house: how to find what breaks it, and what to write instead.
struct Rule: Sendable, CustomTestStringConvertible {
    let name: String
    /// What to do instead, printed with each finding.
    let replacement: String
    /// Files that break it, so that a test can see the rule find something: path and text.
    let broken: [(path: String, text: String)]
    /// Files like those that keep it.
    let kept: [(path: String, text: String)]
    /// The files and folders that the rule knows by name: where it applies, and what it excepts.
    let places: [String]
    let find: @Sendable (SourceTree) -> [Finding]

    var testDescription: String { name }

    /// A place that breaks a rule; lines count from 1.
    struct Finding: Sendable {
        let path: String
        let line: Int
        let what: String
    }

    /// A rule that looks at the whole tree.
    init(
        _ name: String, except places: [String] = [], instead replacement: String,
        broken: [(path: String, text: String)] = [], kept: [(path: String, text: String)] = [],
        find: @escaping @Sendable (SourceTree) -> [Finding]
    ) {
        self.name = name
        self.replacement = replacement
        self.broken = broken
        self.kept = kept
        self.places = places
        self.find = find
    }

    /// A rule that looks at one file at a time and finds lines, counted from 0, with what is wrong there.
    init(
        _ name: String, under folders: [String], except places: [String] = [], instead replacement: String,
        broken: [(path: String, text: String)],
        kept: [(path: String, text: String)], inFile find: @escaping @Sendable (SourceFile) -> [(Int, String)]
    ) {
        self.init(name, except: folders + places, instead: replacement, broken: broken, kept: kept) { tree in
            tree.files.filter { file in folders.contains(where: file.isUnder) }.flatMap { file in
                find(file).map { Finding(path: file.path, line: $0.0 + 1, what: $0.1) }
            }
        }
    }

    /// Those of its places that are not in the tree: a name there is a rule or an exception for nothing.
    func missingPlaces(in tree: SourceTree) -> [String] {
        let known = tree.folders.union(tree.files.map(\.path))
        return places.filter { !known.contains($0.hasSuffix("/") ? String($0.dropLast()) : $0) }
    }

    /// All findings, each as `path:line: what; do this instead`.
    func report(_ tree: SourceTree) -> [String] {
        find(tree).map { "\($0.path):\($0.line): \($0.what); \(replacement)" }
    }

    /// All rules.
    static let all: [Rule] = words + layers + safety + sizes + names

    static let sources = ["Sources/", "Examples/"]
    static let everywhere = ["Sources/", "Examples/", "Tests/"]
}
