extension Dataset {
    /// Bytes of keys, values and indexes, and of what was flushed and is not yet given back: what this
    /// dataset alone accounts for, whatever else is in the process.
    public var ownMemory: Int {
        keyspaces.reduce(discarded.memoryUse) { $0 + $1.contents.bytesInUse }
    }
}

extension KeyspaceContents {
    /// As `memoryUse`, without the room in pages that no block has.
    fileprivate var bytesInUse: Int {
        arena.bytesInUse + arena.objectBytes + table.ownBytes + deadlines.ownBytes
    }
}
