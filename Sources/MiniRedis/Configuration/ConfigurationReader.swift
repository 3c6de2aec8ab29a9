import Glibc
import Reactor

/// Why the configuration could not be read; the server doesn't start then.
struct ConfigurationFailure: Error, Equatable {
    /// Where in a file or among the options it is.
    struct Place: Equatable {
        let number: Int
        let line: String
    }

    /// The line at fault; nil where it is no line's fault.
    let place: Place?
    let reason: String

    /// The lines that Redis prints, with this server's name.
    var report: String {
        var lines = ["", "*** FATAL CONFIG FILE ERROR (mini-redis \(ServerVersion.own)) ***"]
        if let place {
            lines += ["Reading the configuration file, at line \(place.number)", ">>> '\(place.line)'"]
        }
        return (lines + [reason]).joined(separator: "\n") + "\n"
    }
}

/// Reads redis.conf's syntax into a configuration.
struct ConfigurationReader {
    /// What has been read so far; starts with the defaults.
    private(set) var configuration = Configuration()
    /// The directives without effect that were given a value other than Redis's default.
    var idle: [String] {
        let initial = Configuration()
        return ConfigurationTable.dormant.filter { $0.show(configuration) != $0.show(initial) }.map(\.name)
    }

    /// Files included by files included by …: enough for people, and an end for circles.
    private static let deepestInclude = 16
    /// Directives that Redis has dropped and still lets stand.
    private static let dropped = [
        "list-max-ziplist-entries", "list-max-ziplist-value", "lua-replicate-commands",
    ]

    /// Reads a file, then what came on standard input, then the options, as if they were one text.
    mutating func read(
        file: String? = nil, input: [UInt8] = [], options: [UInt8] = []
    ) throws(ConfigurationFailure) {
        var text: [UInt8] = []
        if let file { text = try Self.contents(of: file) }
        for more in [input, options] where !more.isEmpty {
            if !text.isEmpty { text.append(UInt8(ascii: "\n")) }
            text += more
        }
        try read(text: text)
    }

    /// Reads lines, of which the first that is wrong is told.
    mutating func read(text: [UInt8], depth: Int = 0) throws(ConfigurationFailure) {
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let line = Self.trimmed(line)
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            let included: [String]
            do throws(DirectiveError) {
                included = try readLine(line, depth)
            } catch {
                let place = ConfigurationFailure.Place(
                    number: index + 1, line: String(decoding: line, as: UTF8.self))
                throw ConfigurationFailure(place: place, reason: error.text)
            }
            for path in included { try read(text: Self.contents(of: path), depth: depth + 1) }
        }
    }

    /// Reads one line; returns the files that are to be read in its place.
    private mutating func readLine(_ line: ArraySlice<UInt8>, _ depth: Int) throws(DirectiveError) -> [String]
    {
        guard let words = ConfigurationText.split(line) else {
            throw DirectiveError("Unbalanced quotes in configuration line")
        }
        guard let name = words.first else { return [] }
        var values = Array(words.dropFirst())
        if let directive = ConfigurationTable.find(name) {
            // A list may come as one quoted word, such as on the command line.
            if directive.flags.contains(.multiple), values.count == 1, !values[0].isEmpty {
                values = ConfigurationText.split(values[0]) ?? []
            }
            try directive.set(&configuration, to: values)
            return []
        }
        switch lowercased(name) {
        case "include" where values.count == 1:
            guard depth < Self.deepestInclude else {
                throw DirectiveError("Files include each other more than \(Self.deepestInclude) deep")
            }
            return Self.files(matching: configuration.resolve(try values[0].text))
        case "rename-command" where values.count == 2:
            try configuration.commandNames.rename(values[0], to: values[1])
            return []
        case "user" where !values.isEmpty:
            throw DirectiveError("this server has no access lists")
        case "loadmodule", "loadmodule-ex":
            throw DirectiveError("this server loads no modules")
        case "sentinel":
            throw DirectiveError("sentinel directive while not in sentinel mode")
        case let name where Self.dropped.contains(name) && values.count == 1:
            return []
        default:
            throw DirectiveError("Bad directive or wrong number of arguments")
        }
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isTrimmed: (UInt8) -> Bool = { [0x20, 0x09, 0x0d].contains($0) }
        var line = line.drop(while: isTrimmed)
        while let last = line.last, isTrimmed(last) { line.removeLast() }
        return line
    }

    private static func contents(of path: String) throws(ConfigurationFailure) -> [UInt8] {
        do throws(SystemError) {
            return try Files.read(path)
        } catch {
            throw ConfigurationFailure(
                place: nil, reason: "Can't open config file '\(path)': \(error.reason)")
        }
    }

    /// The files that a pattern stands for, sorted; a path without wildcards stands for itself, there or not.
    private static func files(matching pattern: String) -> [String] {
        guard pattern.utf8.contains(where: { "*?[".utf8.contains($0) }) else { return [pattern] }
        // Filled by the call below and freed after it.
        var found = unsafe glob_t()
        // As above.
        defer { unsafe globfree(&found) }
        // The pattern is a local copy that outlives the call.
        guard unsafe glob(pattern, 0, nil, &found) == 0, let paths = unsafe found.gl_pathv else { return [] }
        // As many paths as the call says that there are.
        return (0..<Int(unsafe found.gl_pathc)).compactMap { index in
            // As above.
            unsafe paths[index].map { unsafe String(cString: $0) }
        }
    }
}
