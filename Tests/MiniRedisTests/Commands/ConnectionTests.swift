import MiniRedis
import TestSupport
import Testing

/// SELECT, AUTH, HELLO, RESET and QUIT through the wire.
@Suite struct ConnectionTests {
    @Test func selectChoosesTheKeyspaceForTheConnectionAlone() async throws {
        try await withServer { server in
            let client = try server.connect()
            let other = try server.connect()
            #expect(try client.command("SELECT", "9") == .ok)
            try client.command("SET", "k", "nine")
            #expect(try other.command("GET", "k") == .null)
            #expect(try client.command("GET", "k") == .text("nine"))
            #expect(try client.command("SELECT", "16") == .error("ERR DB index is out of range"))
            #expect(try client.command("SELECT", "-1") == .error("ERR DB index is out of range"))
            #expect(
                try client.command("SELECT", "x") == .error("ERR value is not an integer or out of range"))
            #expect(
                try client.command("SELECT", "99999999999")
                    == .error("ERR value is out of range, value must between -2147483648 and 2147483647"))
            #expect(try client.clientLines("CLIENT", "INFO").first?["db"] == "9")
            try client.send(pipeline(["SELECT", "0"], ["GET", "k"], ["SELECT", "9"], ["GET", "k"]))
            let replies = try (0..<4).map { _ in try client.receive() }
            #expect(replies == [.ok, .null, .ok, .text("nine")])
        }
    }

    @Test func authWithoutAPassword() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(
                try client.command("AUTH", "x")
                    == .error(
                        "ERR AUTH <password> called without any password configured for the default user. "
                            + "Are you sure your configuration is correct?"))
            #expect(try client.command("AUTH", "default", "anything") == .ok)
            #expect(
                try client.command("AUTH", "nobody", "x")
                    == .error("WRONGPASS invalid username-password pair or user is disabled."))
            #expect(try client.command("AUTH", "a", "b", "c") == .error("ERR syntax error"))
        }
    }

    @Test func authWithAPassword() async throws {
        try await withServer({ $0.requirePass = "secret" }) { server in
            let client = try server.connect()
            let wrong = Reply.error("WRONGPASS invalid username-password pair or user is disabled.")
            #expect(try client.command("GET", "k") == .error("NOAUTH Authentication required."))
            #expect(try client.command("AUTH", "secre") == wrong)
            #expect(try client.command("AUTH", "secretsecret") == wrong)
            #expect(try client.command("AUTH", "") == wrong)
            #expect(try client.command("AUTH", "Default", "secret") == wrong)
            #expect(try client.command("GET", "k") == .error("NOAUTH Authentication required."))
            #expect(try client.command("AUTH", "secret") == .ok)
            #expect(try client.command("GET", "k") == .null)
            #expect(try client.command("AUTH", "default", "secret") == .ok)
            #expect(try client.command("RESET") == .simple("RESET"))
            #expect(try client.command("GET", "k") == .error("NOAUTH Authentication required."))
        }
    }

    @Test func aPipelineMayAuthenticateItself() async throws {
        try await withServer({ $0.requirePass = "secret" }) { server in
            let big = String(repeating: "x", count: 100_000)
            let client = try server.connect()
            try client.send(
                pipeline(
                    ["GET", "k"], ["AUTH", "secret"], ["SET", "k", big], ["STRLEN", "k"], ["ECHO", "e"]))
            let replies = try (0..<5).map { _ in try client.receive() }
            #expect(
                replies == [
                    .error("NOAUTH Authentication required."), .ok, .ok, .integer(100_000), .text("e"),
                ])
            let other = try server.connect()
            try other.send(pipeline(["HELLO", "3", "AUTH", "default", "secret"], ["GET", "none"]))
            guard case .map = try other.receive() else {
                Issue.record("HELLO answers with a map")
                return
            }
            #expect(try other.receive() == .null)
        }
    }

    @Test func strangersMaySendLittle() async throws {
        try await withServer({ $0.requirePass = "secret" }) { server in
            let many = try server.connect()
            try many.send("*11\r\n")
            #expect(
                try String(decoding: many.receiveUntilClosed(), as: UTF8.self)
                    == "-ERR Protocol error: unauthenticated multibulk length\r\n")
            let long = try server.connect()
            try long.send("*2\r\n$4\r\nECHO\r\n$16385\r\n")
            #expect(
                try String(decoding: long.receiveUntilClosed(), as: UTF8.self)
                    == "-ERR Protocol error: unauthenticated bulk length\r\n")
        }
    }

    @Test func helloTellsOfTheServer() async throws {
        try await withServer { server in
            let client = try server.connect()
            let id = try client.id()
            let fields = try client.command("HELLO").elements
            #expect(fields.count == 14)
            #expect(Array(fields[0...1]) == [.text("server"), .text("redis")])
            #expect(Array(fields[4...5]) == [.text("proto"), .integer(2)])
            #expect(Array(fields[6...7]) == [.text("id"), .integer(Int64(id) ?? 0)])
            #expect(
                Array(fields[8...11]) == [.text("mode"), .text("standalone"), .text("role"), .text("master")])
            #expect(Array(fields[12...13]) == [.text("modules"), .array([])])
            guard case .map(let three) = try client.command("HELLO", "3", "SETNAME", "me") else {
                Issue.record("HELLO 3 answers with a map")
                return
            }
            #expect(three[5] == .integer(3))
            #expect(try client.command("CLIENT", "GETNAME") == .text("me"))
            guard case .array = try client.command("HELLO", "2") else {
                Issue.record("HELLO 2 answers with an array")
                return
            }
        }
    }

    @Test(arguments: [
        (["x"], "ERR Protocol version is not an integer or out of range"),
        (["1"], "NOPROTO unsupported protocol version"), (["4"], "NOPROTO unsupported protocol version"),
        (["3", "BAD"], "ERR Syntax error in HELLO option 'BAD'"),
        (["3", "B\0D"], "ERR Syntax error in HELLO option 'B'"),
        (["3", "AUTH", "u"], "ERR Syntax error in HELLO option 'AUTH'"),
        (["3", "SETNAME"], "ERR Syntax error in HELLO option 'SETNAME'"),
        (["3", "SETNAME", "a b"], "ERR Client names cannot contain spaces, newlines or special characters."),
        (["3", "AUTH", "u", "p"], "WRONGPASS invalid username-password pair or user is disabled."),
    ])
    func helloRefuses(_ words: [String], _ text: String) async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try client.command((["HELLO"] + words).map { Array($0.utf8) }) == .error(text))
            // Nothing was switched.
            #expect(try client.command("GET", "none") == .null)
            #expect(try client.clientLines("CLIENT", "INFO").first?["resp"] == "2")
        }
    }

    @Test func helloNeedsAuthentication() async throws {
        try await withServer({ $0.requirePass = "secret" }) { server in
            let client = try server.connect()
            guard case .error(let text) = try client.command("HELLO", "3") else {
                Issue.record("HELLO is refused")
                return
            }
            #expect(
                text.hasPrefix("NOAUTH HELLO must be called with the client already authenticated, otherwise")
            )
            try client.command("HELLO", "3", "AUTH", "default", "secret", "SETNAME", "n")
            #expect(try client.command("CLIENT", "GETNAME") == .text("n"))
        }
    }

    @Test func resetPutsEverythingBack() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("HELLO", "3", "SETNAME", "n")
            try client.command("CLIENT", "SETINFO", "LIB-NAME", "lib")
            try client.command("SELECT", "3")
            try client.command("CLIENT", "NO-TOUCH", "ON")
            try client.command("SUBSCRIBE", "c")
            #expect(try client.command("RESET") == .simple("RESET"))
            let line = try client.clientLines("CLIENT", "INFO").first
            #expect(
                line?["resp"] == "2" && line?["db"] == "0" && line?["name"] == "" && line?["flags"] == "N")
            #expect(line?["sub"] == "0" && line?["lib-name"] == "lib")
            #expect(try server.connect().command("PUBLISH", "c", "m") == .integer(0))
        }
    }

    @Test func quitAnswersAndCloses() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(pipeline(["SET", "k", "v"], ["QUIT"], ["SET", "k", "w"]))
            #expect(try String(decoding: client.receiveUntilClosed(), as: UTF8.self) == "+OK\r\n+OK\r\n")
            #expect(try server.connect().command("GET", "k") == .text("v"))
        }
    }

    @Test(arguments: ["POST", "Host:"])
    func whatABrowserSendsIsNotRead(_ word: String) async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send("\(word) / HTTP/1.1\r\nSET k v\r\n")
            #expect(try client.receiveUntilClosed().isEmpty)
            #expect(try server.connect().command("GET", "k") == .null)
        }
    }
}
