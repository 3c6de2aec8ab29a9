import RESP
import Testing

@testable import Engine

/// Digests of values and data sets; the long texts are what Redis answers for the same data.
@Suite struct DatasetDigestTests {
    @Test(arguments: [
        ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"), ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (String(repeating: "a", count: 55), "c1c8bbdc22796e28c0e15163d20899b65621d65a"),
        (String(repeating: "a", count: 64), "0098ba824b5c16427bd7a1122a5a442a25ec644d"),
        (String(repeating: "a", count: 1000), "291e9a6c66994949b57ba5e650361e98fc36b1ba"),
    ])
    func hashesAreSHA1(_ text: String, _ expected: String) {
        var digest = DatasetDigest()
        // The text lives until the digest is made.
        unsafe digest.combine(text.utf8Span.span.bytes)
        #expect(digest.text == expected)
    }

    @Test func digestsAreRedis() {
        let dataset = Dataset(databases: 4, seed: (1, 2))
        #expect(dataset.digest == String(repeating: "0", count: 40))
        put(dataset, "a", "1")
        put(dataset, "b", "hello")
        put(dataset, "c", "")
        #expect(dataset.digest == "d6b85edd4d22b9bca5cab919a5832ac66b01db76")
        put(dataset, "b", "hello", deadline: 1_000_000)
        #expect(dataset.digest == "951ce03c14cb88fc67de616b42e6b0cbcc8b8655")
        put(dataset, "a", "1", database: 3)
        #expect(dataset.digest == "718e502a474c00cd5bfe6c5d7c004db5e52dcfeb")
    }

    @Test func orderOfInsertionDoesNotMatter() {
        let forwards = Dataset(databases: 1, seed: (1, 2))
        let backwards = Dataset(databases: 1, seed: (3, 4))
        for number in 0..<100 { put(forwards, "k\(number)", "v\(number)") }
        for number in (0..<100).reversed() { put(backwards, "k\(number)", "v\(number)") }
        #expect(forwards.digest == backwards.digest)
        put(backwards, "k5", "v6")
        #expect(forwards.digest != backwards.digest)
    }

    @Test func populateMakesKeysAndLeavesOthers() {
        let dataset = Dataset(databases: 1, seed: (1, 2))
        put(dataset, "p:1", "mine")
        var call = Call(dataset, now: 0)
        let prefix = Array("p".utf8)
        // The array lives until the keys are made.
        unsafe call.populate(3, prefix: prefix.span.bytes, size: 10)
        #expect(dataset.keyspaces[0].count == 3)
        #expect(string(dataset, "p:0") == Array("value:0\0\0\0".utf8))
        #expect(string(dataset, "p:1") == Array("mine".utf8))
        #expect(string(dataset, "p:2") == Array("value:2\0\0\0".utf8))
    }

    private func put(
        _ dataset: Dataset, _ key: String, _ value: String, deadline: Int64? = nil, database: Int = 0
    ) {
        var call = Call(dataset, database: database, now: 0)
        let key = Array(key.utf8)
        let value = Array(value.utf8)
        // Both arrays live until the value is stored.
        let span = unsafe key.span.bytes
        var slot = call.locate(span)
        // As above.
        unsafe call.store(span, at: &slot, string: value.span.bytes, event: .set)
        if let deadline { call.setDeadline(span, at: &slot, to: deadline, event: .expire) }
    }

    private func string(_ dataset: Dataset, _ key: String) -> [UInt8]? {
        let key = Array(key.utf8)
        // The array lives until the key is found.
        return unsafe dataset.keyspaces[0].locate(key.span.bytes).entry?.withString { [UInt8]($0) }
    }
}
