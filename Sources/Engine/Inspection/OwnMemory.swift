extension Dataset {
    /// Bytes of keys, values and indexes: what this dataset alone accounts for, whatever else is in the
    /// process.
    public var ownMemory: Int { keyspaces.reduce(0) { $0 + $1.contents.bytesInUse } }

    /// Bytes that no key has any more and that are still to be given back.
    public var pendingMemory: Int { discarded.memoryUse }

    /// About how many blocks of `malloc` hold data, large ones and objects.
    public var heapBlocks: Int {
        keyspaces.reduce(elements.state.largeCount) {
            $0 + $1.arena.state.largeCount + $1.arena.objectCount * 2
        } + discarded.count
    }
}

extension Keyspace {
    /// Bytes of keys and values, without the indexes that lie outside the arena: a figure that is cheap enough
    /// to be compared before every command.
    public var liveMemory: Int {
        let arena = arena
        return arena.bytesInUse &+ arena.objectBytes
    }
}

extension KeyspaceContents {
    /// As `memoryUse`, without the room in pages that no block has.
    fileprivate var bytesInUse: Int {
        arena.bytesInUse + arena.objectBytes + table.ownBytes + deadlines.ownBytes + fieldSchedule.ownBytes
    }
}
