extension Dataset {
    /// Deletes at most `most` keys, and fields of hashes, that are due at `now`; false when more are due.
    public func expire(now: Int64, most: Int) -> Bool {
        var budget = most
        effects.isLoose = true
        for keyspace in keyspaces {
            while let first = keyspace.deadlines.first, first.deadline < now {
                guard budget > 0 else { return false }
                budget -= 1
                let key = [UInt8](first.entry.key)
                // The array lives until the key is gone.
                let span = unsafe key.span.bytes
                var slot = KeySlot(hash: keyspace.hash(span), entry: first.entry)
                keyspace.expire(&slot, span, self)
            }
            while let first = keyspace.fieldSchedule.first, first.deadline < now {
                guard budget > 0 else { return false }
                let key = [UInt8](first.entry.key)
                // The array lives until the fields are gone.
                let span = unsafe key.span.bytes
                var slot = keyspace.locate(span)
                budget -= max(keyspace.expireFields(&slot, span, before: now, most: budget, self), 1)
            }
        }
        return true
    }
}

/// Keys as they stand at a moment, without using them.
extension Dataset {
    /// Whether a keyspace has the key, and it is not due.
    public func holds(_ key: RawSpan, in database: Int, now: Int64) -> Bool {
        guard keyspaces.indices.contains(database) else { return false }
        let keyspace = keyspaces[database]
        guard let entry = keyspace.locate(key).entry else { return false }
        return !entry.hasDeadline || keyspace.deadlines.deadline(of: entry) >= now
    }
}
