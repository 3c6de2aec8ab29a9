import TestSupport
import Testing

/// The string commands through the wire.
@Suite struct StringTests {
    @Test func setAndGetEveryByte() async throws {
        try await withServer { server in
            let client = try server.connect()
            let value = (0...255).map { UInt8($0) }
            #expect(try client.command([Array("SET".utf8), value, value]) == .ok)
            #expect(try client.command([Array("get".utf8), value]) == .bulk(value))
            #expect(try client.command("GET", "missing") == .null)
        }
    }

    @Test(arguments: [
        ("0", "1"), ("-1", "0"), ("9223372036854775806", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775807"),
    ])
    func incrementStaysInRange(_ start: String, _ next: String) async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try client.command("SET", "n", start) == .ok)
            #expect(try client.command("INCR", "n") == .integer(Int64(next) ?? 0))
        }
    }

    @Test func incrementRefusesWhatIsNoNumber() async throws {
        try await withServer { server in
            let client = try server.connect()
            for bad in ["", " 1", "1 ", "+1", "01", "-0", "1e3", "0x10", "9223372036854775808", "a"] {
                try client.command("SET", "n", bad)
                #expect(
                    try client.command("INCR", "n") == .error("ERR value is not an integer or out of range"),
                    "\(bad)")
            }
            try client.command("SET", "n", "9223372036854775807")
            #expect(try client.command("INCR", "n") == .error("ERR increment or decrement would overflow"))
        }
    }

    @Test func bigValuesGoThrough() async throws {
        try await withServer { server in
            let client = try server.connect()
            for size in [255, 256, 32767, 32768, 100_000, 3_000_000] {
                let value = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                #expect(try client.command([Array("SET".utf8), Array("big".utf8), value]) == .ok)
                #expect(try client.command("GET", "big") == .bulk(value))
                #expect(try client.command("APPEND", "big", "xyz") == .integer(Int64(size + 3)))
                #expect(
                    try client.command("GETRANGE", "big", "-4", "-1")
                        == .bulk([value.last ?? 0] + Array("xyz".utf8)))
            }
        }
    }
}
