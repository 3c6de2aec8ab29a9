/// The text of INFO while it is written: sections of `name:value` lines.
struct InfoText {
    private(set) var text = ""

    /// Begins a section.
    mutating func section(_ title: StaticString) {
        if !text.isEmpty { text += "\r\n" }
        text += "# \(title)\r\n"
    }

    /// Adds a line.
    mutating func line(_ name: String, _ value: some CustomStringConvertible) {
        text += "\(name):\(value)\r\n"
    }

    /// Adds a line for each pair.
    mutating func lines(_ fields: KeyValuePairs<StaticString, Int>) {
        for (name, value) in fields { text += "\(name):\(value)\r\n" }
    }

    /// Adds a line with two digits behind the point.
    mutating func line(_ name: String, fraction: Double) { line(name, DecimalText.fixed(fraction, 2)) }

    /// Adds a line with bytes and one with the same for people.
    mutating func size(_ name: String, _ bytes: some BinaryInteger) {
        line(name, "\(bytes)")
        line("\(name)_human", DecimalText.bytes(bytes))
    }
}

/// Which sections a client asked for.
struct InfoSelection {
    private var names: Set<String> = []
    private var isEverything = false

    /// What INFO shows by itself; the rest has to be asked for.
    private static let usual: Set<String> = [
        "server", "clients", "memory", "persistence", "stats", "replication", "cpu", "modules", "errorstats",
        "cluster", "keyspace",
    ]

    /// Reads the names, in any case; without any the usual sections are meant.
    init(_ asked: [String]) {
        if asked.isEmpty { names = Self.usual }
        for name in asked {
            switch name.lowercased() {
            case "default": names.formUnion(Self.usual)
            case "all", "everything": isEverything = true
            case "module_list": names.insert("modules")
            case let other: names.insert(other)
            }
        }
    }

    /// Whether the section is to be shown; those that are `hidden` only by their own name.
    func contains(_ name: String, hidden: Bool = false) -> Bool {
        names.contains(name) || (isEverything && !hidden)
    }
}
