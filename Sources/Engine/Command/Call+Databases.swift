import RESP

/// Whole keyspaces: emptied and exchanged in one step.
extension Call {
    /// Deletes all keys of a keyspace; their memory is given back later in slices.
    mutating func flush(_ keyspace: Keyspace) {
        effects.flushed(keyspace.number, count: keyspace.flush(into: dataset.discarded))
    }

    /// Exchanges the keys of two keyspaces; clients stay with the numbers that they have selected.
    mutating func swap(_ first: Keyspace, _ second: Keyspace) {
        if first !== second { Swift.swap(&first.contents, &second.contents) }
        effects.swapped(first.number, second.number)
    }

    /// The keyspace whose number is the argument, a whole number of 32 bits as Redis reads it.
    func keyspace(_ arguments: Arguments, _ index: Int) throws(CommandError) -> Keyspace {
        let number = try arguments.integer(index)
        guard Int32(exactly: number) != nil else {
            throw CommandError("ERR value is out of range, value must between -2147483648 and 2147483647")
        }
        guard let keyspace = keyspace(number) else { throw .databaseIndex }
        return keyspace
    }

    /// The keyspace of this number, if there is one.
    func keyspace(_ number: Int64) -> Keyspace? {
        guard number >= 0, number < Int64(dataset.keyspaces.count) else { return nil }
        return dataset.keyspaces[Int(number)]
    }
}
