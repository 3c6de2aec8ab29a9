import Glibc
import TestSupport
import Testing

/// The chat, as people run it.
@Suite(.timeLimit(.minutes(10))) struct ChatTests {
    /// Runs `body` beside a server.
    private func withChat(_ body: (ChildProcess, UInt16) throws -> Void) throws {
        let server = try ChildProcess("chat", ["serve", "--port", "0"])
        try server.wait(for: "\n")
        let port = try #require(server.text.split(separator: ":").last.flatMap { UInt16($0.dropLast()) })
        #expect(server.text == "listening on 127.0.0.1:\(port)\n")
        try body(server, port)
        server.signal(SIGINT)
        #expect(try server.waitForExit() == 0)
        #expect(server.text.hasSuffix("\neverybody has left\n"))
    }

    private func message(_ text: String, in group: String = "g") -> String {
        #"{"Message":{"group_name":"\#(group)","message":"\#(text)"}}"#
    }

    @Test func membersHearWhatIsPosted() throws {
        try withChat { _, port in
            let ann = try ChatConnection(port: port)
            let bob = try ChatConnection(port: port)
            let guest = try ChatConnection(port: port)
            try ann.join("g")
            try ann.post("one", to: "g")
            #expect(try ann.line() == message("one"))
            try bob.join("g")
            try bob.join("g")
            try bob.join("h")
            try bob.post("two \\u00e9\\n\\\"", to: "g")
            for member in [ann, bob] { #expect(try member.line() == message(#"two é\n\""#)) }
            // Posting needs no membership.
            try guest.post("three", to: "h")
            #expect(try bob.line() == message("three", in: "h"))
            #expect(ann.isSilent(for: 10) && bob.isSilent(for: 0) && guest.isSilent(for: 0))
        }
    }

    @Test func groupsAreThereAsLongAsTheirMembers() throws {
        try withChat { _, port in
            let ann = try ChatConnection(port: port)
            let guest = try ChatConnection(port: port)
            let absent = #"{"Error":"Group 'g' does not exist"}"#
            try guest.post("x", to: "g")
            #expect(try guest.line() == absent)
            try ann.join("g")
            try ann.post("x", to: "g")
            #expect(try ann.line() == message("x"))
            ann.finish()
            #expect(try ann.rest() == "")
            try guest.post("x", to: "g")
            #expect(try guest.line() == absent)
        }
    }

    @Test func aBadLineIsAnsweredAndNothingElse() throws {
        try withChat { _, port in
            let member = try ChatConnection(port: port)
            try member.join("g")
            let bad = [
                "", "hello", "{}", #"{"Post":{"group_name":"g"}}"#, #"{"Join":{"group_name":"h"},"x":1}"#,
                #"{"Leave":{"group_name":"g"}}"#, "[" + String(repeating: "[", count: 60_000),
                String(repeating: "x", count: 1 << 20),
            ]
            for line in bad {
                try member.send(line + "\n")
                #expect(try member.line().hasPrefix(#"{"Error":""#))
            }
            try member.post("still here", to: "g")
            #expect(try member.line() == message("still here"))
            // The last line needs no end.
            try member.send(#"{"Post":{"group_name":"g","message":"bye"}}"#)
            member.finish()
            #expect(try member.line() == message("bye"))
            #expect(try member.rest() == "")
        }
    }

    @Test func whatIsOnItsWayArrivesBeforeTheEnd() throws {
        let server = try ChildProcess("chat", ["serve", "--port", "0"])
        try server.wait(for: "\n")
        let port = try #require(server.text.split(separator: ":").last.flatMap { UInt16($0.dropLast()) })
        let reader = try ChatConnection(port: port, window: 4096)
        let poster = try ChatConnection(port: port)
        try reader.join("g")
        try poster.join("g")
        let text = String(repeating: "x", count: 10_000)
        for _ in 0..<100 {
            try poster.post(text, to: "g")
            #expect(try poster.line() == message(text))
        }
        server.signal(SIGTERM)
        #expect(try poster.rest() == "")
        let expected = String(repeating: message(text) + "\n", count: 100)
        #expect(try reader.rest() == expected)
        #expect(try server.waitForExit() == 0)
        #expect(throws: TestFailure.self) { try ChatConnection(port: port) }
    }

    /// A thousand in one group, of whom some don't read: nobody else loses anything, and what they got and
    /// lost is what was posted.
    @Test func aThousandMembersOfWhomSomeStall() throws {
        allowManyFiles()
        try withChat { _, port in
            let readers = try (0..<980).map { _ in try ChatConnection(port: port) }
            let stalled = try (0..<20).map { _ in try ChatConnection(port: port, window: 4096) }
            for member in readers + stalled { try member.join("g") }
            // One who is in order behind all that joined: each has been heard.
            for member in readers + stalled {
                try member.post("x", to: "nobody's")
                #expect(try member.line() == #"{"Error":"Group 'nobody's' does not exist"}"#)
            }
            let poster = try ChatConnection(port: port)
            var posted = 0
            func post(_ count: Int, padding: Int) throws {
                var expected: [UInt8] = []
                var lines = ""
                for _ in 0..<count {
                    let text = "\(posted) " + String(repeating: "x", count: padding)
                    lines += #"{"Post":{"group_name":"g","message":"\#(text)"}}"# + "\n"
                    expected += Array((message(text) + "\n").utf8)
                    posted += 1
                }
                try poster.send(lines)
                for (index, reader) in readers.enumerated() {
                    let received = try reader.bytes(expected.count)
                    if received != expected { Issue.record("reader \(index) got something else") }
                }
            }
            // Enough for the kernel to keep no more of it, and then more than the group does.
            for _ in 0..<10 { try post(1, padding: 40_000) }
            for _ in 0..<25 { try post(100, padding: 5) }
            for member in stalled {
                var (received, missed) = (0, 0)
                while received + missed < posted {
                    let line = try member.line()
                    if let count = line.firstMatch(of: /^{"Error":"Dropped (\d+) messages from g"}$/) {
                        missed += Int(count.1) ?? 0
                    } else {
                        let expected = #"{"Message":{"group_name":"g","message":"\#(received + missed) x"#
                        #expect(line.hasPrefix(expected))
                        received += 1
                    }
                }
                #expect(received + missed == posted && received >= 1_000 && missed > 0)
                #expect(member.isSilent(for: 0))
            }
            #expect(poster.isSilent(for: 0))
        }
    }

    @Test func peopleTalk() throws {
        try withChat { _, port in
            let ann = try ChildProcess("chat", ["join", "--port", "\(port)", "g"], staysOpen: true)
            ann.type("hello\n")
            try ann.wait(for: "g: hello\n")
            // What comes from a pipe is said, and all of it heard, before the end.
            let bob = try ChildProcess("chat", ["join", "--port", "\(port)", "g"], input: "hi\nbye")
            #expect(try bob.waitForExit() == 0)
            #expect(bob.text == "g: hi\ng: bye\n")
            try ann.wait(for: "g: hi\ng: bye\n")
            // Nobody steers another's terminal.
            let rogue = try ChatConnection(port: port)
            try rogue.post("\\u001b[2J\\n\\u009b", to: "g")
            try ann.wait(for: "g: \u{fffd}[2J\u{fffd}\u{fffd}\n")
            ann.signal(SIGINT)
            #expect(try ann.waitForExit() == 0)
            #expect(ann.text == "g: hello\ng: hi\ng: bye\ng: \u{fffd}[2J\u{fffd}\u{fffd}\n")
        }
    }

    @Test func aPersonIsToldWhenTheServerGoes() throws {
        let server = try ChildProcess("chat", ["serve", "--port", "0"])
        try server.wait(for: "\n")
        let port = try #require(server.text.split(separator: ":").last.flatMap { UInt16($0.dropLast()) })
        let ann = try ChildProcess("chat", ["join", "--port", "\(port)", "g"], staysOpen: true)
        ann.type("hello\n")
        try ann.wait(for: "g: hello\n")
        server.signal(SIGINT)
        #expect(try server.waitForExit() == 0)
        #expect(try ann.waitForExit() == 1)
        #expect(ann.text == "g: hello\nchat: the server has closed the connection\n")
    }

    @Test func aPortThatIsTakenIsNamed() throws {
        try withChat { _, port in
            let second = try ChildProcess("chat", ["serve", "--port", "\(port)"])
            #expect(try second.waitForExit() == 1)
            #expect(second.text == "chat: can't listen on 127.0.0.1:\(port): bind: Address already in use\n")
        }
    }

    /// Whoever gives up while nobody answers need not wait.
    @Test func ctrlCEndsWhileNobodyAnswers() throws {
        let silent = try SilentListener()
        let ann = try ChildProcess("chat", ["join", "--port", "\(silent.port)", "g"], staysOpen: true)
        try silent.waitForSomebody()
        ann.signal(SIGINT)
        #expect(try ann.waitForExit() == 0)
        #expect(ann.text == "")
    }

    @Test(arguments: [
        (["join", "--port", "1", "g"], "chat: can't connect to 127.0.0.1:1: connect: Connection refused\n"),
        (["join"], "chat: join needs the name of one group (see --help)\n"),
        (["shout"], "chat: what shall it be: serve or join? (see --help)\n"),
        (["serve", "--port", "x"], "chat: 'x' is no port (see --help)\n"),
        (["serve", "--nonsense"], "chat: unknown option '--nonsense' (see --help)\n"),
    ])
    func complainsAndFails(_ arguments: [String], _ text: String) throws {
        let program = try ChildProcess("chat", arguments)
        #expect(try program.waitForExit() == 1)
        #expect(program.text == text)
    }
}

/// Lets the tests, and what they start, have as many descriptors as they may.
private func allowManyFiles() {
    var limit = rlimit()
    let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    // The pointers are to a local that outlives the calls.
    guard unsafe getrlimit(files, &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    // As above.
    _ = unsafe setrlimit(files, &limit)
}
