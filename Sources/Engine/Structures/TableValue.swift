/// A big collection whose elements are entries in a table: the members of a set, the fields of a hash.
///
/// The entries lie in an arena that all collections of a data set share; they are freed with the
/// collection, in slices if there are many.
class TableValue: Value {
    let table: EntryTable
    /// Bytes of the entries and of what they refer to.
    private var entryBytes = 0
    private var isHeld = false

    /// An empty collection; `key` is the secret of its hashes.
    init(arena: Arena, key: SipKey) {
        table = EntryTable(arena: arena, key: key)
        super.init()
    }

    deinit {
        while !table.freeSome(buckets: .max) {}
    }

    final var arena: Arena { @inline(__always) get { table.arena } }

    /// How many elements there are.
    final var count: Int { @inline(__always) get { table.count } }

    override final var isCounted: Bool {
        get { isHeld }
        set { isHeld = newValue }
    }

    override final var isEmpty: Bool { count == 0 }

    override var memoryUse: Int { TableValue.objectBytes + table.memoryUse + entryBytes }

    /// The object itself, of 64 bytes; `malloc` adds eight and rounds to 16.
    private static let objectBytes = 80

    override var releaseCost: Int { count }

    override func releaseSome(blocks budget: Int) -> Bool {
        table.freeSome(buckets: max(budget / EntryTable.growLoad, 1))
    }

    /// The element with these bytes.
    @inline(__always)
    final func find(_ key: RawSpan) -> Entry? { table.find(key: key, hash: table.hash(key)) }

    /// Calls `body` with about so many entries more, from bucket `next` on; false if those were the last.
    @inline(__always)
    final func visitSome(_ elements: Int, from next: inout Int, _ body: (Entry) -> Void) -> Bool {
        let left = table.bucketCount - next
        let end = next + min(max(elements / EntryTable.growLoad, 1), left)
        for index in next..<end { table.visit(table.bucket(at: index), body) }
        next = end
        return next < table.bucketCount
    }

    /// Takes in an entry of the arena whose key the table does not have.
    @inline(__always)
    final func insert(_ entry: Entry, hash: UInt64) {
        entryBytes &+= entry.allocatedSize &+ entry.outsideMemoryUse
        table.insert(entry, hash: hash)
    }

    /// Frees an entry of the table.
    @inline(__always)
    final func remove(_ entry: Entry, hash: UInt64) {
        entryBytes &-= entry.allocatedSize &+ entry.outsideMemoryUse
        table.remove(entry, hash: hash)
        entry.free(in: arena)
    }

    /// Lets `body` reshape an entry of the table, and takes over the entry that it returns.
    @inline(__always)
    final func reshape(_ entry: Entry, hash: UInt64, _ body: (Entry) -> Entry) -> Entry {
        entryBytes &-= entry.allocatedSize &+ entry.outsideMemoryUse
        let reshaped = body(entry)
        entryBytes &+= reshaped.allocatedSize &+ reshaped.outsideMemoryUse
        if reshaped != entry { table.replace(entry, with: reshaped, hash: hash) }
        return reshaped
    }
}
