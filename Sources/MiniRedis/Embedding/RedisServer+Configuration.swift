import Engine

extension RedisServer {
    /// What a server is told, by the names of redis.conf's directives.
    ///
    /// ```swift
    /// try await withRedisServer(configuration: ["maxmemory": "10mb", "databases": "4"]) { server in
    ///     print(server.name)
    /// }
    /// ```
    ///
    /// Values are written as for `CONFIG SET`: a list's words are separated by spaces. What is not said is
    /// as in Redis, except that such a server listens on no port (`port 0`), and if it is told to listen on
    /// one, then on IPv4's loopback address (`bind 127.0.0.1`). Directives about a process (`daemonize`,
    /// `pidfile`, `supervised` …) have no effect. A log is written if `logfile` names a file.
    ///
    /// Nothing is checked before the server starts.
    public struct Configuration: Sendable, Hashable {
        private enum Entry: Hashable {
            case directive(name: String, value: String)
            case lines(String)
        }

        private var entries: [Entry] = []

        /// The defaults.
        public init() {}

        /// Takes lines in redis.conf's syntax, comments and `include` too.
        public init(lines: String) {
            entries = [.lines(lines)]
        }

        /// What a directive was given last by its name, in any case; nil if it was not, or only by lines.
        ///
        /// Setting it takes the place of what it was given before, nil leaves the default.
        public subscript(directive: String) -> String? {
            get {
                for case .directive(let name, let value) in entries.reversed()
                where name == directive.lowercased() {
                    return value
                }
                return nil
            }
            set {
                entries.removeAll { entry in
                    if case .directive(let name, _) = entry { name == directive.lowercased() } else { false }
                }
                if let newValue {
                    entries.append(.directive(name: directive.lowercased(), value: newValue))
                }
            }
        }
    }
}

// MARK: - Conveniences

extension RedisServer.Configuration {
    /// The password that clients must give; nil for none (`requirepass`).
    public var password: String? {
        get { self["requirepass"].flatMap { $0.isEmpty ? nil : $0 } }
        set { self["requirepass"] = newValue }
    }

    /// Bytes of keys and values above which keys are evicted as `maxmemory-policy` says, by default none, so
    /// that commands that add data are refused with `OOM`; nil for no limit (`maxmemory`).
    ///
    /// What counts is this server's data, not what else is in the process.
    public var maxMemory: Int? {
        get { self["maxmemory"].flatMap { Int($0) } }
        set { self["maxmemory"] = newValue.map { "\(max($0, 0))" } }
    }

    /// How many numbered databases there are; nil for the default, 16 (`databases`).
    public var databases: Int? {
        get { self["databases"].flatMap { Int($0) } }
        set { self["databases"] = newValue.map { "\($0)" } }
    }

    /// Which keyspace events are published, in Redis's letters: `KEA` is all; nil is none
    /// (`notify-keyspace-events`).
    public var keyspaceEvents: String? {
        get { self["notify-keyspace-events"] }
        set { self["notify-keyspace-events"] = newValue }
    }
}

extension RedisServer.Configuration: ExpressibleByDictionaryLiteral, ExpressibleByStringLiteral {
    /// Takes directives and their values, in this order.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init()
        entries = elements.map { .directive(name: $0.0.lowercased(), value: $0.1) }
    }

    /// Takes lines in redis.conf's syntax.
    public init(stringLiteral lines: String) {
        self.init(lines: lines)
    }
}

// MARK: - Reading

extension RedisServer.Configuration {
    /// Where a server inside a program differs from Redis by itself.
    private static let ownDefaults = "port 0\nbind 127.0.0.1\n"

    /// What all of it comes to, or the first thing that is wrong.
    func read() throws(RedisServer.Failure) -> MiniRedis.Configuration {
        var reader = ConfigurationReader()
        do throws(ConfigurationFailure) {
            try reader.read(text: Array(Self.ownDefaults.utf8))
            for entry in entries { try reader.read(text: Self.text(of: entry)) }
        } catch {
            throw .configuration(line: error.place?.line, reason: error.reason)
        }
        return reader.configuration
    }

    /// Redis.conf's lines for an entry.
    private static func text(of entry: Entry) -> [UInt8] {
        switch entry {
        case .lines(let lines):
            return Array(lines.utf8)
        case .directive(let name, let value):
            let isList = ConfigurationTable.find(Array(name.utf8))?.flags.contains(.multiple) ?? true
            // A single value is one word, whatever is in it.
            let words = isList ? Array(value.utf8) : ConfigurationText.quoted(Array(value.utf8))
            return Array("\(name) ".utf8) + words
        }
    }
}
