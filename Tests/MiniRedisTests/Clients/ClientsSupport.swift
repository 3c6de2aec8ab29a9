import TestSupport
import Testing

extension TestClient {
    /// The fields of each line that CLIENT LIST answers with, or CLIENT INFO.
    func clientLines(_ words: String...) throws -> [[String: String]] {
        let reply = try command(words.map { Array($0.utf8) })
        return (reply.string ?? "").split(separator: "\n").map { line in
            var fields: [String: String] = [:]
            for field in line.split(separator: " ") {
                let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                fields[String(parts[0])] = parts.count > 1 ? String(parts[1]) : nil
            }
            return fields
        }
    }

    /// The client's number.
    func id() throws -> String {
        guard case .integer(let id) = try command("CLIENT", "ID") else { throw TestFailure("no id") }
        return String(id)
    }

    /// Asks until the answer is as expected; false if it never is.
    func waitUntil(_ isExpected: (TestClient) throws -> Bool) throws -> Bool {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            if try isExpected(self) { return true }
        }
        return false
    }
}

/// Bytes of a number of commands behind each other.
func pipeline(_ commands: [String]...) -> [UInt8] {
    commands.flatMap { words in TestClient.encode(words.map { Array($0.utf8) }) }
}
