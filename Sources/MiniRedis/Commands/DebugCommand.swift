import Engine
import Glibc
import RESP

extension SessionCommands {
    static let debug = SessionCommand(
        "debug", arity: -2, flags: [.admin, .noscript, .loading, .stale, .protected, .system], group: .server,
        since: "1.0.0", summary: "Looks into the server, or makes it misbehave.",
        complexity: "Depends on subcommand."
    ) { (database, session, arguments, call) throws(CommandError) in
        if arguments.count == 2, arguments.isWord(1, "HELP") {
            let lines = DebugSubcommand.helpLines(of: arguments[0].text.uppercased())
            call.reply.array(lines.count)
            for line in lines { call.reply.simple(text: line) }
            return
        }
        for subcommand in DebugSubcommand.all
        where arguments.isWord(1, subcommand.name) && subcommand.counts.contains(arguments.count) {
            return try subcommand.run(database, session, arguments, &call)
        }
        throw .subcommandSyntax(arguments)
    }
}

/// One of DEBUG's subcommands: no rows of their own, as COMMAND tells nothing of them.
struct DebugSubcommand: Sendable {
    let name: StaticString
    /// How its arguments are written.
    let syntax: StaticString
    let summary: StaticString
    /// How many arguments it takes, with the two names.
    let counts: ClosedRange<Int>
    let run: SessionBody.Function

    /// All of them, in the order of HELP.
    static let all: [DebugSubcommand] = [
        assert, configRewrite, dictResizing, digest, digestValue, error, hashTableStatistics,
        hashTableStatisticsOfKey, listpack, log, object, oom, panic, pauseCron, populate, protocolTypes,
        quicklist, quicklistPackedThreshold, segfault, setActiveExpire, sleep, stringMatch,
    ]

    static func helpLines(of container: String) -> [String] {
        var lines = ["\(container) <subcommand> [<arg> [value] [opt] ...]. Subcommands are:"]
        for subcommand in all {
            lines.append(
                "\(subcommand.name)"
                    + (subcommand.syntax.utf8CodeUnitCount == 0 ? "" : " \(subcommand.syntax)"))
            lines.append("    \(subcommand.summary)")
        }
        return lines + ["HELP", "    Returns this text."]
    }
}

/// Those that look.
extension DebugSubcommand {
    private static let digest = DebugSubcommand(
        name: "DIGEST", syntax: "", summary: "Returns a hash of all data, the same as Redis's.", counts: 2...2
    ) { (database, _, _, call) throws(CommandError) in
        call.reply.simple(text: database.dataset.digest)
    }

    private static let digestValue = DebugSubcommand(
        name: "DIGEST-VALUE", syntax: "[<key> ...]", summary: "Returns hashes of some keys' values.",
        counts: 2...Int.max
    ) { (_, _, arguments, call) throws(CommandError) in
        call.reply.array(arguments.count - 2)
        for index in 2..<arguments.count { call.reply.simple(text: call.digest(ofValueAt: arguments[index])) }
    }

    private static let object = DebugSubcommand(
        name: "OBJECT", syntax: "<key>", summary: "Returns how a value is kept, and when it was used.",
        counts: 3...3
    ) { (_, _, arguments, call) throws(CommandError) in
        guard let facts = call.facts(ofValueAt: arguments[2]) else { throw .noSuchKey }
        call.reply.simple(
            text: "Value at:0x\(String(facts.address, radix: 16)) refcount:1 encoding:\(facts.encoding)"
                + " lru:\(facts.accessClock) lru_seconds_idle:\(facts.idleSeconds)"
                + call.quicklistFigures(ofValueAt: arguments[2]))
    }

    private static let hashTableStatistics = DebugSubcommand(
        name: "HTSTATS", syntax: "<dbid> [full]", summary: "Returns how evenly a database's table is filled.",
        counts: 3...Int.max
    ) { (database, _, arguments, call) throws(CommandError) in
        let number = try arguments.integer(2)
        guard let keyspace = database.dataset.keyspaces.first(where: { $0.number == number }) else {
            throw CommandError("ERR Out of range database")
        }
        let spread = keyspace.spread()
        var text = "[Dictionary HT]\n"
        if spread.entries > 0 { text += spread.report(full: arguments.isWord(3, "FULL")) }
        text += "[Expires HT]\n"
        if keyspace.deadlineCount > 0 { text += " number of elements: \(keyspace.deadlineCount)\n" }
        call.reply.verbatim(text: text)
    }

    private static let hashTableStatisticsOfKey = DebugSubcommand(
        name: "HTSTATS-KEY", syntax: "<key> [full]", summary: "Returns the same of a value that has a table.",
        counts: 3...Int.max
    ) { (_, _, arguments, call) throws(CommandError) in
        guard call.facts(ofValueAt: arguments[2]) != nil else { throw .noSuchKey }
        guard let spread = call.spread(ofValueAt: arguments[2]) else {
            throw CommandError(
                "ERR The value stored at the specified key is not represented using an hash table")
        }
        call.reply.verbatim(text: spread.report(full: arguments.isWord(3, "FULL")))
    }

    private static let stringMatch = DebugSubcommand(
        name: "STRINGMATCH-LEN", syntax: "<pattern> <string>",
        summary: "Returns whether a glob pattern fits a string.",
        counts: 4...4
    ) { (_, _, arguments, call) throws(CommandError) in
        call.reply.integer(Glob(arguments[2]).matches(arguments[3]) ? 1 : 0)
    }
}

/// Those that act.
extension DebugSubcommand {
    private static let configRewrite = DebugSubcommand(
        name: "CONFIG-REWRITE-FORCE-ALL", syntax: "",
        summary: "Like CONFIG REWRITE, but writes every directive.",
        counts: 2...2
    ) { (database, _, _, call) throws(CommandError) in
        try database.rewriteConfiguration(force: true)
        call.reply.ok()
    }

    private static let log = DebugSubcommand(
        name: "LOG", syntax: "<message>", summary: "Writes a message to the log.", counts: 3...3
    ) { (database, _, arguments, call) throws(CommandError) in
        database.log(.warning, "DEBUG LOG: \(arguments[2].text)")
        call.reply.ok()
    }

    private static let sleep = DebugSubcommand(
        name: "SLEEP", syntax: "<seconds>", summary: "Runs no command for so long; fractions are fine.",
        counts: 3...3
    ) { (_, _, arguments, call) throws(CommandError) in
        // What is no number is no time, as with `strtod`.
        let seconds = Double(arguments[2].text) ?? 0
        if seconds > 0 {
            let nanoseconds = Int64(min(seconds, 1e9) * 1e9)
            var time = timespec(
                tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
            // The pointer is to a local that outlives the call.
            _ = unsafe nanosleep(&time, nil)
        }
        call.reply.ok()
    }

    private static let setActiveExpire = DebugSubcommand(
        name: "SET-ACTIVE-EXPIRE", syntax: "<0|1>",
        summary: "Whether keys are deleted when due, without being used.",
        counts: 3...3
    ) { (database, _, arguments, call) throws(CommandError) in
        database.setActiveExpiry(!arguments[2].isZero, now: call.now)
        call.reply.ok()
    }

    private static let pauseCron = DebugSubcommand(
        name: "PAUSE-CRON", syntax: "<0|1>",
        summary:
            "Whether what is done unasked rests: expiry, care for idle clients, samples for INFO.",
        counts: 3...3
    ) { (database, _, arguments, call) throws(CommandError) in
        database.rest(!arguments[2].isZero, now: call.now)
        call.reply.ok()
    }

    private static let dictResizing = DebugSubcommand(
        name: "DICT-RESIZING", syntax: "<0|1>",
        summary:
            "Accepted for tests of Redis: tables here grow and shrink a bucket at a time, with each change.",
        counts: 3...3
    ) { (_, _, _, call) throws(CommandError) in
        call.reply.ok()
    }

    private static let populate = DebugSubcommand(
        name: "POPULATE", syntax: "<count> [<prefix>] [<size>]",
        summary: "Makes keys prefix:0, prefix:1, … with values of so many bytes, on this server only.",
        counts: 3...5
    ) { (database, _, arguments, call) throws(CommandError) in
        let bad = CommandError("ERR value is out of range, must be positive")
        let count = try arguments.integer(2, in: 0...Int64.max, else: bad)
        let longest = Int64(database.configuration.protoMaxBulkLength)
        let size = arguments.count == 5 ? try arguments.integer(4, in: 0...longest, else: bad) : 0
        if arguments.count == 3 {
            let prefix = Array("key".utf8)
            // The array lives until all is done.
            unsafe call.populate(Int(count), prefix: prefix.span.bytes, size: 0)
        } else {
            call.populate(Int(count), prefix: arguments[3], size: Int(size))
        }
        call.reply.ok()
    }

    private static let error = DebugSubcommand(
        name: "ERROR", syntax: "<string>", summary: "Answers with this error.", counts: 3...3
    ) { (_, _, arguments, call) throws(CommandError) in
        call.reply.error(arguments[2])
    }

    private static let protocolTypes = DebugSubcommand(
        name: "PROTOCOL", syntax: "<type>",
        summary:
            "Answers with a reply of a type: string integer double bignum null array set map attrib push true …",
        counts: 3...3
    ) { (_, _, arguments, call) throws(CommandError) in
        try call.reply.example(of: arguments[2])
    }
}

/// Those that end the process, each as the trouble that it stands for would.
extension DebugSubcommand {
    private static let segfault = DebugSubcommand(
        name: "SEGFAULT", syntax: "", summary: "Ends the server by a segmentation fault.", counts: 2...Int.max
    ) { (_, _, _, _) throws(CommandError) in
        raise(SIGSEGV)
    }

    private static let panic = DebugSubcommand(
        name: "PANIC", syntax: "", summary: "Ends the server as something impossible would.",
        counts: 2...Int.max
    ) { (_, _, _, _) throws(CommandError) in
        fatalError("DEBUG PANIC called")
    }

    private static let assert = DebugSubcommand(
        name: "ASSERT", syntax: "", summary: "Ends the server as a failed assertion would.",
        counts: 2...Int.max
    ) { (_, _, _, _) throws(CommandError) in
        preconditionFailure("DEBUG ASSERT called")
    }

    private static let oom = DebugSubcommand(
        name: "OOM", syntax: "", summary: "Ends the server as it would without memory.", counts: 2...Int.max
    ) { (_, _, _, _) throws(CommandError) in
        fatalError("out of memory: DEBUG OOM called")
    }
}

extension Database {
    /// Lets all rest that is done without a client's asking, or go on again.
    fileprivate func rest(_ rests: Bool, now: Int64) {
        insight.rests = rests
        if !rests { expectExpiry(at: dataset.firstDeadline ?? .max, now) }
    }
}

extension RawSpan {
    /// Whether C's `atoi` would read zero.
    var isZero: Bool {
        let digits = text.drop { $0 == " " || $0 == "+" || $0 == "-" }.prefix { $0.isASCII && $0.isNumber }
        return digits.allSatisfy { $0 == "0" }
    }
}
