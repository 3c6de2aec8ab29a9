import Engine
import Testing
import TestSupport

@testable import MiniRedis

@Suite("CONFIG through the wire")
struct ConfigTests {
    private func value(_ client: TestClient, _ name: String) throws -> String? {
        try client.command("CONFIG", "GET", name).elements.last?.string
    }

    @Test("GET takes patterns and names, in any case, and answers each once")
    func get() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try client.command("CONFIG", "GET", "TimeOut") == .array([.text("TimeOut"), .text("0")]))
            #expect(try client.command("CONFIG", "GET", "nonsense") == .array([]))
            let all = try client.command("CONFIG", "GET", "*", "timeout", "*o*").elements.compactMap(\.string)
            #expect(all.filter { $0 == "timeout" }.count == 1)
            #expect(all.contains("slaveof") && all.contains("replicaof"))
            #expect(!all.contains("key-load-delay"))
            #expect(try value(client, "key-load-delay") == "0")
            #expect(
                try client.command("CONFIG", "GET")
                    == .error("ERR wrong number of arguments for 'config|get' command"))
        }
    }

    @Test("the port of a server on a free port is told")
    func port() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try value(client, "port") == "\(server.port)")
        }
    }

    @Test("SET takes several at once")
    func set() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(
                try client.command(
                    "CONFIG", "SET", "TIMEOUT", "5", "maxmemory", "1mb", "notify-keyspace-events", "KEA")
                    == .ok)
            #expect(try value(client, "timeout") == "5")
            #expect(try value(client, "maxmemory") == "1048576")
            #expect(try value(client, "notify-keyspace-events") == "AKE")
            #expect(
                try client.command(
                    "CONFIG", "SET", "client-output-buffer-limit", "normal 1mb 2mb 60 pubsub 1 2 3") == .ok)
            #expect(
                try value(client, "client-output-buffer-limit")
                    == "normal 1048576 2097152 60 slave 268435456 67108864 60 pubsub 1 2 3")
        }
    }

    @Test(
        "SET refuses in Redis's words and changes nothing",
        arguments: [
            (
                ["timeout", "7", "nonsense", "1"],
                "ERR Unknown option or number of arguments for CONFIG SET - 'nonsense'"
            ),
            (["timeout", "7", "port"], "ERR syntax error"),
            (["timeout"], "ERR wrong number of arguments for 'config|set' command"),
            (
                ["timeout", "7", "Daemonize", "yes"],
                "ERR CONFIG SET failed (possibly related to argument 'Daemonize') - can't set immutable config"
            ),
            (
                ["timeout", "7", "dir", "/"],
                "ERR CONFIG SET failed (possibly related to argument 'dir') - can't set protected config"
            ),
            (
                ["timeout", "7", "TIMEOUT", "8"],
                "ERR CONFIG SET failed (possibly related to argument 'TIMEOUT') - duplicate parameter"
            ),
            (
                ["slave-priority", "7", "replica-priority", "8"],
                "ERR CONFIG SET failed (possibly related to argument 'replica-priority') - duplicate parameter"
            ),
            (
                ["timeout", "7", "maxmemory-clients", "200%"],
                "ERR CONFIG SET failed (possibly related to argument 'maxmemory-clients') - "
                    + "percentage argument must be less or equal to 100"
            ),
            (
                ["timeout", "7", "maxmemory", "1gb", "maxmemory-policy", "allkeys-lrx"],
                "ERR CONFIG SET failed (possibly related to argument 'maxmemory-policy') - "
                    + "argument(s) must be one of the following: volatile-lru, volatile-lfu, volatile-random,"
                    + " volatile-ttl, allkeys-lru, allkeys-lfu, allkeys-random, noeviction"
            ),
        ])
    func refusals(settings: [String], error: String) async throws {
        try await withServer { server in
            let client = try server.connect()
            let words = (["CONFIG", "SET"] + settings).map { Array($0.utf8) }
            #expect(try client.command(words) == .error(error))
            #expect(try value(client, "timeout") == "0")
            #expect(try value(client, "replica-priority") == "100")
        }
    }

    @Test("protected directives are open to clients of the same machine if so configured")
    func protected() async throws {
        try await withServer({ $0.enableProtectedConfigs = .local }) { server in
            let client = try server.connect()
            #expect(try client.command("CONFIG", "SET", "dir", "/tmp") == .ok)
            #expect(try value(client, "dir") == "/tmp")
            #expect(
                try client.command("CONFIG", "SET", "dir", "/does/not/exist")
                    == .error(
                        "ERR CONFIG SET failed (possibly related to argument 'dir') - No such file or directory"
                    ))
        }
    }

    @Test("a port that is taken leaves everything as it was")
    func busyPort() async throws {
        try await withServer { other in
            try await withServer { server in
                let client = try server.connect()
                let reply = try client.command(
                    "CONFIG", "SET", "timeout", "9", "loglevel", "debug", "port", "\(other.port)")
                #expect(
                    reply
                        == .error(
                            "ERR CONFIG SET failed (possibly related to argument 'port') - "
                                + "Unable to listen on this port. Check server logs."))
                #expect(try value(client, "timeout") == "0")
                #expect(try value(client, "port") == "\(server.port)")
                let answer1 = try server.connect().command("PING")
                #expect(answer1 == .simple("PONG"))
            }
        }
    }

    @Test("port and bind change while connections stay")
    func rebind() async throws {
        try await withServer { server in
            let client = try server.connect()
            let bad = try client.command("CONFIG", "SET", "bind", "999.999.999.999")
            #expect(
                bad
                    == .error(
                        "ERR CONFIG SET failed (possibly related to argument 'bind') - "
                            + "Failed to bind to specified addresses."))
            let answer2 = try server.connect().command("PING")
            #expect(answer2 == .simple("PONG"))
            #expect(try client.command("CONFIG", "SET", "bind", "127.0.0.1 -192.0.2.1") == .ok)
            let answer3 = try server.connect().command("PING")
            #expect(answer3 == .simple("PONG"))
            #expect(try client.command("CONFIG", "SET", "bind", "") == .ok)
            #expect(throws: TestFailure.self) { try server.connect() }
            #expect(try client.command("PING") == .simple("PONG"))
            #expect(try client.command("CONFIG", "SET", "bind", "127.0.0.1") == .ok)
            let answer4 = try server.connect().command("PING")
            #expect(answer4 == .simple("PONG"))
            #expect(try client.command("CONFIG", "SET", "port", "0") == .ok)
            #expect(throws: TestFailure.self) { try server.connect() }
        }
    }

    @Test("maxmemory refuses commands that add data, and no others")
    func maxMemory() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("SET", "a", "1")
            #expect(try client.command("CONFIG", "SET", "maxmemory", "1") == .ok)
            #expect(
                try client.command("SET", "b", "1")
                    == .error("OOM command not allowed when used memory > 'maxmemory'."))
            #expect(try client.command("GET", "a") == .text("1"))
            #expect(try client.command("GETDEL", "a") == .text("1"))
            #expect(try client.command("CONFIG", "SET", "maxmemory", "0") == .ok)
            #expect(try client.command("SET", "b", "1") == .ok)
        }
    }

    @Test("values are read as Redis reads them")
    func values() async throws {
        try await withServer { server in
            let client = try server.connect()
            for (name, value, shown) in [
                ("maxmemory", "", "0"), ("maxmemory", "kb", "0"),
                ("maxmemory", "99999999999999999999", "18446744073709551615"),
                ("maxmemory", "1gb\0x", "1073741824"), ("maxmemory-policy", "NoEviction\0x", "noeviction"),
                ("hz", "0", "1"), ("hz", "501", "500"), ("hz", "77", "77"),
                ("activerehashing", "no\0x", "no"),
                ("replica-announce-ip", "a\0b", "a"), ("masterauth", "a\0b", "a\0b"),
                ("requirepass", "a\0b", "a\0b"), ("notify-keyspace-events", "KA\0x", "AK"),
                ("client-output-buffer-limit", "normal kb  0", "normal 0 0 0 "),
                ("client-output-buffer-limit", "", "normal 0 0 0 "),
                ("proc-title-template", " {{{title}{port}\0x", " {{{title}{port}"),
            ] {
                #expect(try client.command("CONFIG", "SET", name, value) == .ok, "\(name) \(value)")
                let answer = try client.command("CONFIG", "GET", name).elements
                guard answer.count == 2, case .bulk(let bytes) = answer[1] else {
                    Issue.record("\(name) is not shown")
                    continue
                }
                #expect(String(decoding: bytes, as: UTF8.self).hasPrefix(shown), "\(name) \(value)")
            }
            for title in ["", " ", "{title} {server-mode}", "{unixsocket}", "{", "{port", "{}", "{nosuch}"] {
                #expect(
                    try client.command("CONFIG", "SET", "proc-title-template", title)
                        == .error(
                            "ERR CONFIG SET failed (possibly related to argument 'proc-title-template') -"
                                + " template format is invalid or contains unknown variables"))
            }
            #expect(
                try client.command("CONFIG", "SET", "no\0such", "1")
                    == .error("ERR Unknown option or number of arguments for CONFIG SET - 'no'"))
            #expect(
                try client.command("CONFIG", "SET", "proto-max-bulk-len", "18446744073709551615")
                    == .error(
                        "ERR CONFIG SET failed (possibly related to argument 'proto-max-bulk-len') - argument must"
                            + " be between 1048576 and 9223372036854775807 inclusive"))
            #expect(try client.command("CONFIG", "GET", "h?\0x").elements.first == .text("hz"))
            #expect(try client.command("CONFIG", "GET", "hz\0").elements.isEmpty)
        }
    }

    @Test("a password set at run time holds for those who come later")
    func password() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try client.command("CONFIG", "SET", "requirepass", "secret") == .ok)
            let answer5 = try server.connect().command("GET", "a")
            #expect(answer5 == .error("NOAUTH Authentication required."))
            #expect(try client.command("CONFIG", "SET", "requirepass", "") == .ok)
            let answer6 = try server.connect().command("GET", "a")
            #expect(answer6 == .null)
        }
    }

    @Test("limits on requests change at run time")
    func bulkLength() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try client.command("CONFIG", "SET", "proto-max-bulk-len", "1mb") == .ok)
            try client.send("*2\r\n$3\r\nGET\r\n$1048577\r\n")
            #expect(try client.receive() == .error("ERR Protocol error: invalid bulk length"))
        }
    }

    @Test("REWRITE needs a file")
    func rewriteWithoutFile() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(
                try client.command("CONFIG", "REWRITE")
                    == .error("ERR The server is running without a config file"))
        }
    }

    @Test("REWRITE writes what a server reads again")
    func rewrite() async throws {
        try await withTemporaryDirectory { directory in
            let file = "\(directory)/redis.conf"
            try write("# mine\ntimeout 1\n", to: file)
            try await withServer(configurationFile: file) { server in
                let client = try server.connect()
                try client.command(
                    "CONFIG", "SET", "timeout", "2", "requirepass", "a \"b\"", "maxclients", "77")
                #expect(try client.command("CONFIG", "REWRITE") == .ok)
            }
            var reader = ConfigurationReader()
            try reader.read(file: file)
            #expect(reader.configuration.timeout == 2)
            #expect(reader.configuration.requirePass == "a \"b\"")
            #expect(reader.configuration.maxClients == 77)
        }
    }

    @Test("RESETSTAT and HELP answer")
    func others() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try client.command("CONFIG", "RESETSTAT") == .ok)
            #expect(try client.command("CONFIG", "HELP").elements.count == 11)
            #expect(
                try client.command("CONFIG", "NONSENSE")
                    == .error("ERR unknown subcommand 'NONSENSE'. Try CONFIG HELP."))
        }
    }
}

@Suite("Configuration for the dataset")
struct DatasetConfigurationTests {
    @Test("every setting that commands work by arrives")
    func settings() {
        var configuration = Configuration()
        configuration.protoMaxBulkLength = 1 << 21
        configuration.lfuLogFactor = 3
        configuration.lfuDecayTime = 4
        configuration.lazyExpire = true
        configuration.maxMemoryPolicy = .allKeysLFU
        configuration.notifyKeyspaceEvents = [.keyspace, .expired]
        let dataset = Dataset(databases: 1, seed: (1, 2))
        Database.apply(configuration, to: dataset)
        #expect(dataset.settings.bulkLength == 1 << 21)
        #expect(dataset.settings.frequencyLogFactor == 3)
        #expect(dataset.settings.frequencyDecayMinutes == 4)
        #expect(dataset.settings.unlinksDueKeys)
        #expect(dataset.settings.countsFrequency)
        #expect(dataset.effects.notified == [.keyspace, .expired])
    }

    @Test("no length of a string that is allowed asks for more memory than there is")
    func longestString() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try client.command("CONFIG", "SET", "proto-max-bulk-len", String(Int.max)) == .ok)
            let far = try client.command("BITFIELD", "k", "SET", "u1", "#1099511627776", "1")
            #expect(far == .error("ERR bit offset is not an integer or out of range"))
            let long = try client.command("SETRANGE", "k", String(Int.max - 1), "x")
            #expect(long == .error("ERR string exceeds maximum allowed size (proto-max-bulk-len)"))
            #expect(try client.command("PING") == .simple("PONG"))
        }
    }
}
