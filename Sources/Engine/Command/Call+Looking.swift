import RESP

/// Looking at keys without using them: counted as hits and misses, but access clocks stay.
extension Call {
    /// The entry of `key`, or nil when there is none.
    mutating func look(_ key: RawSpan, tellsMiss: Bool = true) -> Entry? {
        guard let entry = locate(key).entry else {
            dataset.statistics.misses &+= 1
            if tellsMiss { effects.notify(key, .keymiss, in: keyspace.number) }
            return nil
        }
        dataset.statistics.hits &+= 1
        return entry
    }

    /// A key picked at random, nearly uniformly; keys that turn out to be due are deleted.
    mutating func randomEntry() -> Entry? {
        for _ in 0..<Self.randomTries {
            guard let entry = keyspace.table.random(using: &dataset.random) else { return nil }
            guard isDue(entry, in: keyspace) else { return entry }
            let key = [UInt8](entry.key)
            // The array lives until the key is gone.
            _ = unsafe locate(key.span.bytes)
        }
        // Nearly all keys are due: then any that is not.
        let keyspace = keyspace
        for index in 0..<keyspace.table.bucketCount {
            var found: Entry?
            keyspace.table.visit(keyspace.table.bucket(at: index)) { entry in
                if !isDue(entry, in: keyspace) { found = entry }
            }
            if let found { return found }
        }
        return nil
    }

    /// Picks that may hit a due key before all keys are looked at.
    private static let randomTries = 100
}
