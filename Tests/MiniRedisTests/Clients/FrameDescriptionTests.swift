@testable import MiniRedis
import RESP
import TestSupport
import Testing

/// Requests as text, and the comparison of secrets.
@Suite struct FrameDescriptionTests {
    private func describe(_ request: String) -> String {
        var reader = RequestReader()
        reader.receive(request.utf8)
        return reader.frameCount == 1 ? FrameDescription.text(reader.frame(0)) : "no frame"
    }

    @Test func looksAsInTheTutorial() {
        #expect(
            describe("*3\r\n$3\r\nset\r\n$5\r\nhello\r\n$5\r\nworld\r\n")
                == #"array([bulk("set"), bulk("hello"), bulk("world")])"#)
        #expect(describe("PING\r\n") == #"array([bulk("PING")])"#)
    }

    @Test func strangeBytesAreEscaped() {
        #expect(
            describe("*1\r\n$9\r\na\"\\\n\r\t\u{1}\u{7f} \r\n") == #"array([bulk("a\"\\\n\r\t\x01\x7f ")])"#)
        let long = String(repeating: "x", count: 2000)
        #expect(describe("*1\r\n$2000\r\n\(long)\r\n") == "array([bulk(\"\(long.prefix(1024))…\")])")
    }

    @Test(arguments: [
        ("AUTH secret", #"array([bulk("AUTH"), bulk("(redacted)")])"#),
        ("auth me secret", #"array([bulk("auth"), bulk("(redacted)"), bulk("(redacted)")])"#),
        (
            "HELLO 3 AUTH me secret SETNAME n",
            #"array([bulk("HELLO"), bulk("3"), bulk("AUTH"), bulk("(redacted)"), bulk("(redacted)"), "#
                + #"bulk("SETNAME"), bulk("n")])"#
        ),
        (
            "CONFIG SET port 1 requirepass secret",
            #"array([bulk("CONFIG"), bulk("SET"), bulk("port"), bulk("1"), bulk("requirepass"), "#
                + #"bulk("(redacted)")])"#
        ),
    ])
    func passwordsAreLeftOut(_ line: String, _ text: String) {
        #expect(describe(line + "\r\n") == text)
    }

    @Test(arguments: [
        ("secret", "secret", true), ("secret", "secreT", false), ("secret", "secre", false),
        ("secret", "", false),
        ("secret", "secretsecret", false), ("", "", true), ("", "x", false), ("", "\u{0}", false),
    ])
    func secretsAreCompared(_ secret: String, _ attempt: String, _ isSame: Bool) {
        let bytes = Array(attempt.utf8)
        // The array lives until the comparison is over.
        #expect(unsafe ConstantTime.equal(secret: Array(secret.utf8), attempt: bytes.span.bytes) == isSame)
    }

    @Test(arguments: [
        ("127.0.0.1:50123", "127.0.0.1"), ("[::1]:50123", "::1"), ("/tmp/x.sock:0", ""), ("?:0", ""),
    ])
    func hostsOfAddresses(_ address: String, _ host: String) {
        #expect(ClientAddress.host(of: address).elementsEqual(host.utf8))
    }
}
