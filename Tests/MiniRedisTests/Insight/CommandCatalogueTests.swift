import Glibc
import MiniRedis
import TestSupport
import Testing

/// The README's table of commands is made from the rows.
@Suite struct CommandCatalogueTests {
    private static let begin = "<!-- commands:begin -->\n"
    private static let end = "<!-- commands:end -->\n"

    /// Run with `UPDATE_README=1` in the environment, the test writes the table instead of comparing it.
    @Test func readmeAgreesWithTheRows() throws {
        let path =
            "\(#filePath.prefix(upTo: try #require(#filePath.firstRange(of: "/Tests/")).lowerBound))/README.md"
        let text = try #require(Self.read(path), "no README")
        let start = try #require(text.firstRange(of: Self.begin)).upperBound
        let stop = try #require(text.firstRange(of: Self.end)).lowerBound
        let table = CommandCatalogue.markdown()
        // Nobody changes the environment meanwhile.
        if unsafe getenv("UPDATE_README") != nil {
            Self.write(text[..<start] + table + text[stop...], to: path)
        } else {
            #expect(
                text[start..<stop] == table,
                "run the tests with UPDATE_README=1 to bring the README up to date")
        }
    }

    @Test func tableHoldsSubcommandsAndOptions() {
        let table = CommandCatalogue.markdown()
        #expect(table.contains("| `MEMORY USAGE <key> [SAMPLES <count>]` |"))
        #expect(!table.contains("| `MEMORY` |"))
        #expect(table.contains("### String\n"))
    }

    private static func read(_ path: String) -> String? {
        // Files of the project: names and modes are literals.
        guard let file = unsafe fopen(path, "r") else { return nil }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        // As above.
        while case let byte = unsafe fgetc(file), byte != EOF {
            bytes.append(UInt8(truncatingIfNeeded: byte))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func write(_ text: some StringProtocol, to path: String) {
        // As in `read`.
        guard let file = unsafe fopen(path, "w") else { return }
        // As above.
        for byte in text.utf8 { unsafe fputc(Int32(byte), file) }
        // As above.
        unsafe fclose(file)
    }
}
