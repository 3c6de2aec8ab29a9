import Glibc
import Testing
import TestSupport

@testable import MiniRedis

@Suite("Reading redis.conf")
struct ConfigurationReaderTests {
    @Test(
        "takes good lines",
        arguments: [
            ("port 7000", "port", "7000"),
            ("PORT 7000", "port", "7000"),
            ("  port\t7000  \r", "port", "7000"),
            ("port 7000\n# port 8000\n\n   # port 9000", "port", "7000"),
            ("port 7000\nport 7001", "port", "7001"),
            ("bind 127.0.0.1 -::1", "bind", "127.0.0.1 -::1"),
            ("bind \"127.0.0.1 -::1\"", "bind", "127.0.0.1 -::1"),
            ("bind \"\"", "bind", ""),
            ("requirepass \"a \\x41\\n\\\"\"", "requirepass", "a A\n\""),
            ("requirepass 'it\\'s'", "requirepass", "it's"),
            ("unixsocketperm 700", "unixsocketperm", "700"),
            ("loglevel WARNING", "loglevel", "warning"),
            ("protected-mode NO", "protected-mode", "no"),
            ("maxmemory 1gb", "maxmemory", "1073741824"),
            ("maxmemory 2MB", "maxmemory", "2097152"),
            ("maxmemory 3k", "maxmemory", "3000"),
            ("maxmemory 5b", "maxmemory", "5"),
            ("notify-keyspace-events KEA", "notify-keyspace-events", "AKE"),
            (
                "client-output-buffer-limit replica 3mb 2mb 1", "client-output-buffer-limit",
                "normal 0 0 0 slave 3145728 2097152 1 pubsub 33554432 8388608 60"
            ),
            (
                "client-output-buffer-limit slave 1 2 3\nclient-output-buffer-limit normal 4 5 6",
                "client-output-buffer-limit", "normal 4 5 6 slave 1 2 3 pubsub 33554432 8388608 60"
            ),
            ("shutdown-on-sigint now nosave", "shutdown-on-sigint", "nosave now"),
            ("save \"\"", "save", ""),
            ("appendonly no", "appendonly", "no"),
            ("replicaof no one", "slaveof", ""),
            ("slave-read-only no", "replica-read-only", "no"),
            ("hash-max-ziplist-entries 20\nhash-max-listpack-entries 21", "hash-max-ziplist-entries", "21"),
            ("list-max-ziplist-value 64", "port", "6379"),
            ("latency-tracking-info-percentiles 50 99.9", "latency-tracking-info-percentiles", "50 99.9"),
            ("oom-score-adj-values 1 2 3", "oom-score-adj-values", "1 2 3"),
        ])
    func good(text: String, name: String, value: String) throws {
        var reader = ConfigurationReader()
        try reader.read(text: Array(text.utf8))
        let directive = try #require(ConfigurationTable.find(Array(name.utf8)))
        #expect(String(decoding: directive.show(reader.configuration), as: UTF8.self) == value)
    }

    @Test(
        "refuses bad lines with their number and the reason",
        arguments: [
            ("port", "wrong number of arguments"),
            ("port 1 2", "wrong number of arguments"),
            ("port abc", "argument couldn't be parsed into an integer"),
            ("port 65536", "argument must be between 0 and 65535 inclusive"),
            ("port \"1", "Unbalanced quotes in configuration line"),
            ("port \"1\"2", "Unbalanced quotes in configuration line"),
            ("nonsense 1", "Bad directive or wrong number of arguments"),
            ("include a b", "Bad directive or wrong number of arguments"),
            ("protected-mode maybe", "argument must be 'yes' or 'no'"),
            (
                "loglevel loud",
                "argument(s) must be one of the following: debug, verbose, notice, warning, nothing"
            ),
            ("maxmemory 1tb", "argument must be a memory value"),
            ("maxmemory -1", "argument must be a memory value"),
            ("maxmemory 99999999999tb", "argument must be a memory value"),
            (
                "client-query-buffer-limit 1",
                "argument must be between 1048576 and 9223372036854775807 inclusive"
            ),
            ("unixsocketperm 8", "argument couldn't be parsed as an octal number"),
            ("unixsocketperm 1000", "argument must be between 0 and 777 inclusive"),
            ("maxmemory-clients 200%", "percentage argument must be less or equal to 100"),
            ("maxmemory-clients x", "argument must be a memory or percent value"),
            ("notify-keyspace-events Q", "Invalid event class character. Use 'Ag$lshzxeKEtmdn'."),
            (
                "client-output-buffer-limit normal 1 2",
                "Wrong number of arguments in buffer limit configuration."
            ),
            (
                "client-output-buffer-limit master 1 2 3",
                "Invalid client class specified in buffer limit configuration."
            ),
            (
                "client-output-buffer-limit normal 1 2 3s",
                "Error in hard, soft or soft_seconds setting in buffer limit configuration."
            ),
            (
                "shutdown-on-sigint",
                "argument(s) must be one of the following: default, save, nosave, now, force"
            ),
            ("save 900", "Invalid save parameters"),
            ("save 900 1", "this server writes no snapshots; the only value is \"\""),
            ("appendonly yes", "this server writes no append-only file"),
            ("cluster-enabled yes", "this server has no cluster mode"),
            ("server_cpulist 0-1", "this server does not choose its processors"),
            ("watchdog-period 5", "this server has no watchdog"),
            ("rename-command nosuch x", "No such command in rename-command"),
            ("rename-command config|get x", "No such command in rename-command"),
            ("rename-command get SET", "Target command name already exists"),
            ("rename-command get", "Bad directive or wrong number of arguments"),
            ("user alice on >secret", "this server has no access lists"),
            ("loadmodule /x.so", "this server loads no modules"),
            ("replicaof 127.0.0.1 abc", "Invalid master port"),
            ("dir /does/not/exist", "No such file or directory"),
            ("dir /etc/passwd", "Not a directory"),
            ("sentinel x", "sentinel directive while not in sentinel mode"),
            (
                "latency-tracking-info-percentiles 101",
                "latency-tracking-info-percentiles parameters should sit between [0.0,100.0]"
            ),
        ])
    func bad(line: String, reason: String) {
        var reader = ConfigurationReader()
        let failure = #expect(throws: ConfigurationFailure.self) {
            try reader.read(text: Array("# first\n  \(line)\nport 1".utf8))
        }
        #expect(failure?.reason == reason)
        #expect(failure?.place == .init(number: 2, line: line))
    }

    @Test("reads file, input and options as one text, the last word counting")
    func order() async throws {
        try await withTemporaryDirectory { directory in
            try write("port 1\ntimeout 1", to: "\(directory)/redis.conf")
            var reader = ConfigurationReader()
            try reader.read(
                file: "\(directory)/redis.conf", input: Array("port 2\ntcp-keepalive 2".utf8),
                options: Array("port 3".utf8))
            #expect(reader.configuration.port == 3)
            #expect(reader.configuration.timeout == 1)
            #expect(reader.configuration.tcpKeepAlive == 2)
        }
    }

    @Test("includes files, by pattern too, in their place")
    func include() async throws {
        try await withTemporaryDirectory { directory in
            try write(
                "port 1\ninclude \(directory)/[ab].inc\ninclude \(directory)/none*\ntimeout 5",
                to: "\(directory)/main")
            try write("port 2\ntimeout 2", to: "\(directory)/a.inc")
            try write("port 3", to: "\(directory)/b.inc")
            var reader = ConfigurationReader()
            try reader.read(file: "\(directory)/main")
            #expect(reader.configuration.port == 3)
            #expect(reader.configuration.timeout == 5)
        }
    }

    @Test("ends a circle of includes, and names a file that isn't there")
    func badIncludes() async throws {
        try await withTemporaryDirectory { directory in
            try write("include \(directory)/main", to: "\(directory)/main")
            var reader = ConfigurationReader()
            let circle = #expect(throws: ConfigurationFailure.self) {
                try reader.read(file: "\(directory)/main")
            }
            #expect(circle?.place?.number == 1)
            let missing = #expect(throws: ConfigurationFailure.self) {
                try reader.read(file: "\(directory)/missing")
            }
            #expect(
                missing?.reason == "Can't open config file '\(directory)/missing': No such file or directory")
        }
    }

    @Test("keeps a relative directory as an absolute one, from where the last led")
    func directory() async throws {
        try await withTemporaryDirectory { directory in
            // The path outlives the call.
            try #require(unsafe mkdir("\(directory)/inner", 0o755) == 0)
            var reader = ConfigurationReader()
            try reader.read(text: Array("dir \(directory)\ndir inner/../inner".utf8))
            #expect(reader.configuration.directory == "\(directory)/inner")
        }
    }

    @Test("tells which directives were given in vain")
    func idle() throws {
        var reader = ConfigurationReader()
        try reader.read(text: Array("rdbcompression no\nappendonly no\nport 1\nslave-priority 7".utf8))
        #expect(reader.idle == ["rdbcompression", "replica-priority"])
    }

    @Test("a report has Redis's form")
    func report() {
        let failure = ConfigurationFailure(place: .init(number: 7, line: "port x"), reason: "why")
        #expect(
            failure.report
                == "\n*** FATAL CONFIG FILE ERROR (mini-redis \(ServerVersion.own)) ***\n"
                + "Reading the configuration file, at line 7\n>>> 'port x'\nwhy\n")
    }

    @Test("every name is declared once, and every value reads back as it is shown and written")
    func table() throws {
        var names: Set<String> = []
        let configuration = Configuration()
        for directive in ConfigurationTable.all {
            for name in [directive.name, directive.alias].compactMap({ $0 }) {
                #expect(names.insert(name).inserted, "\(name) twice")
            }
            var copy = configuration
            for line in directive.lines(configuration) {
                try directive.set(&copy, to: try #require(ConfigurationText.split(line)))
            }
            #expect(directive.show(copy) == directive.show(configuration), "\(directive.name)")
        }
    }
}

@Suite("Words of redis.conf")
struct ConfigurationTextTests {
    @Test("any bytes survive quoting and splitting")
    func quoting() {
        let all = (UInt8.min...UInt8.max).map { $0 }
        #expect(
            ConfigurationText.split(ConfigurationText.quoted(all) + Array(" x".utf8)) == [
                all, Array("x".utf8),
            ])
        #expect(ConfigurationText.split(ConfigurationText.quoted([])) == [[]])
    }

    @Test(
        "sizes are written with the largest unit that fits",
        arguments: [
            (0, "0"), (1, "1"), (1000, "1000"), (1024, "1kb"), (1536, "1536"), (1 << 20, "1mb"),
            (3 << 30, "3gb"),
        ])
    func sizes(size: UInt64, text: String) {
        #expect(ConfigurationText.formatted(size: size) == text)
        #expect(ConfigurationText.size(Array(text.utf8)) == size)
    }

    @Test(
        "what is no size is none",
        arguments: ["-1", "1 b", "1x", "0x10", "1.5gb", " 1", "+1", String(repeating: "1", count: 128)])
    func noSizes(text: String) {
        #expect(ConfigurationText.size(Array(text.utf8)) == nil)
    }

    @Test(
        "sizes that nobody means are read as Redis reads them",
        arguments: [
            ("", 0), ("kb", 0), ("1KB\0x", 1024), ("18446744073709551615", UInt64.max),
            ("99999999999999999999", UInt64.max), ("17179869184gb", 0), ("8589934592gb", 1 << 63),
            (String(repeating: "9", count: 127), UInt64.max),
        ])
    func oddSizes(text: String, size: UInt64) {
        #expect(ConfigurationText.size(Array(text.utf8)) == size)
    }

    @Test(
        "whole numbers as C reads them",
        arguments: [
            ("", 0), ("5", 5), (" \t+5", 5), ("-5\0x", -5), ("99999999999999999999", Int64.max),
            ("-99999999999999999999", Int64.min), (" ", nil), ("5 ", nil), ("+", nil), ("x", nil),
            ("--1", nil),
        ])
    func looseIntegers(text: String, number: Int64?) {
        #expect(ConfigurationText.looseInteger(Array(text.utf8)) == number)
    }
}

/// Puts text into a file.
func write(_ text: String, to path: String) throws {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    try #require(file >= 0)
    let bytes = Array(text.utf8)
    try #require(unsafe write(file, bytes, bytes.count) == bytes.count)
    _ = close(file)
}
