import Engine

/// What the words of the command line ask for, as Redis reads them.
enum CommandLineOptions: Equatable {
    case version
    case help
    /// To start with this file and these options, which are lines of redis.conf.
    case start(file: String?, readsInput: Bool, options: [UInt8])

    /// Takes the words behind the program's name.
    ///
    /// `--name` begins a line, and what follows up to the next name are its values. A value may begin
    /// with `--` too if it is the first behind its name.
    init(_ words: [String]) {
        switch words.first {
        case "-v", "--version":
            self = .version
            return
        case "-h", "--help":
            self = .help
            return
        default:
            break
        }
        var rest = words[...]
        var file: String?
        if let first = rest.first, !first.hasPrefix("-") {
            file = first
            rest = rest.dropFirst()
        }
        var lines = Lines()
        var readsInput = false
        for (index, word) in zip(rest.indices, rest) {
            let next = index + 1 < words.count ? words[index + 1] : nil
            if word == "-", index == 0 || next == nil {
                readsInput = true
            } else {
                lines.add(word, before: next)
            }
        }
        self = .start(file: file, readsInput: readsInput, options: lines.text)
    }

    private struct Lines {
        var text: [UInt8] = []
        /// Whether the last name has what it needs, so that `--` begins another.
        private var isComplete = true

        mutating func add(_ word: String, before next: String?) {
            guard isComplete, word.hasPrefix("--") else {
                text += ConfigurationText.quoted(Array(word.utf8)) + [UInt8(ascii: " ")]
                isComplete = true
                return
            }
            if !text.isEmpty { text.append(UInt8(ascii: "\n")) }
            text += Array(word.utf8.dropFirst(2)) + [UInt8(ascii: " ")]
            // Name and values may be one word of the command line.
            isComplete = ConfigurationText.split(word.utf8).map { $0.count > 1 } ?? true
            guard !isComplete, lowercased(Array(word.utf8)) == "--save" else { return }
            // `--save` without a value means none.
            if next == nil || next?.hasPrefix("--") == true {
                text += Array("\"\"".utf8)
                isComplete = true
            }
        }
    }

    /// What `--help` prints.
    static let usage = """
        Usage: ./mini-redis-server [/path/to/redis.conf] [options] [-]
               ./mini-redis-server - (read config from stdin)
               ./mini-redis-server -v or --version
               ./mini-redis-server -h or --help

        Examples:
               ./mini-redis-server (run the server with default conf)
               echo 'maxclients 500' | ./mini-redis-server -
               ./mini-redis-server /etc/redis/6379.conf
               ./mini-redis-server --port 7777
               ./mini-redis-server --port 7777 --bind 127.0.0.1 -::1
               ./mini-redis-server /etc/myredis.conf --loglevel verbose -
               ./mini-redis-server /etc/myredis.conf --loglevel verbose

        """
}
