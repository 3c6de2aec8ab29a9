extension Dataset {
    /// Deletes at most `most` keys, and fields of hashes, that are due at `now`; false when more are due.
    public func expire(now: Int64, most: Int) -> Bool {
        var budget = most
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
