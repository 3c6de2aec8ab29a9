import Glibc

/// What the command line asks for.
enum Options: Equatable {
    case help
    case serve(host: String, port: UInt16)
    case join(host: String, port: UInt16, group: String)

    static let defaultPort: UInt16 = 7390

    static let usage = """
        usage: chat serve [--host HOST] [--port PORT]
               chat join [--host HOST] [--port PORT] GROUP

        The server passes on what is said in groups; join says the lines that you type, and prints what
        others say. Ctrl-D or Ctrl-C leaves.

          --host HOST  where the server is; 127.0.0.1 unless given
          --port PORT  its port; \(defaultPort) unless given, and with serve 0 for one that is free
        """

    /// Words of the command line that mean nothing.
    struct Fault: Error, Equatable, CustomStringConvertible {
        let description: String
    }

    /// Reads the words behind the program's name.
    init(_ words: some Collection<String>) throws(Fault) {
        var (host, port, rest) = ("127.0.0.1", Self.defaultPort, [String]())
        var words = Array(words)[...]
        while let word = words.popFirst() {
            switch word {
            case "--help", "-h":
                self = .help
                return
            case "--host", "--port":
                guard let value = words.popFirst() else { throw Fault(description: "\(word) needs a value") }
                if word == "--host" {
                    host = value
                } else if let number = UInt16(value) {
                    port = number
                } else {
                    throw Fault(description: "'\(value)' is no port")
                }
            case _ where word.hasPrefix("--"): throw Fault(description: "unknown option '\(word)'")
            default: rest.append(word)
            }
        }
        switch (rest.first, rest.count) {
        case ("serve", 1): self = .serve(host: host, port: port)
        case ("join", 2): self = .join(host: host, port: port, group: rest[1])
        case ("join", _): throw Fault(description: "join needs the name of one group")
        default: throw Fault(description: "what shall it be: serve or join?")
        }
    }
}
