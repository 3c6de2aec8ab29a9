import RESP

/// One entry of a stream's node, as it stands there until the node is changed.
struct StreamEntry: BitwiseCopyable {
    let id: StreamID
    /// Where it begins.
    let offset: Int
    let flags: Int64
    let fieldCount: Int
    /// Where its first field is, or its first value if the master has the fields.
    let contents: Int

    var isDeleted: Bool { @inline(__always) get { flags & StreamNode.deletedFlag != 0 } }
    var hasMasterFields: Bool { @inline(__always) get { flags & StreamNode.sameFieldsFlag != 0 } }
}

/// Reading entries.
extension StreamNode {
    /// Where the first entry is, deleted or not.
    var firstOffset: Int {
        var (left, offset) = masterFields
        let list = listpack
        while left >= 0 {
            offset = list.index(after: offset)
            left -= 1
        }
        return offset
    }

    /// Behind the last entry.
    var endOffset: Int { @inline(__always) get { listpack.end } }

    /// The entry that begins at an offset; `masterCount` is how many fields the master has.
    @inline(__always)
    func entry(at offset: Int, masterCount: Int) -> StreamEntry {
        let list = listpack
        let flags = list.element(at: offset).integer ?? 0
        var at = list.index(after: offset)
        let milliseconds = list.element(at: at).integer ?? 0
        at = list.index(after: at)
        let sequence = list.element(at: at).integer ?? 0
        at = list.index(after: at)
        var fieldCount = masterCount
        if flags & Self.sameFieldsFlag == 0 {
            fieldCount = number(at: at)
            at = list.index(after: at)
        }
        return StreamEntry(
            id: StreamID(
                milliseconds: id.milliseconds &+ UInt64(bitPattern: milliseconds),
                sequence: id.sequence &+ UInt64(bitPattern: sequence)),
            offset: offset, flags: flags, fieldCount: fieldCount, contents: at)
    }

    /// Where the entry behind this one is, or the end of the node.
    @inline(__always)
    func offset(after entry: StreamEntry) -> Int {
        let list = listpack
        var at = entry.contents
        var left = entry.hasMasterFields ? entry.fieldCount : entry.fieldCount &* 2
        while left >= 0 {
            at = list.index(after: at)
            left &-= 1
        }
        return at
    }

    /// The entry that ends in front of an offset; nil at the first.
    @inline(__always)
    func entry(before offset: Int, masterCount: Int) -> StreamEntry? {
        let list = listpack
        var at = list.index(before: offset)
        var left = number(at: at)
        if left == 0 { return nil }
        while left > 0 {
            at = list.index(before: at)
            left &-= 1
        }
        return entry(at: at, masterCount: masterCount)
    }

    /// Calls `body` with the fields and values of an entry.
    @inline(__always)
    func forEachField(of entry: StreamEntry, _ body: (PackedElement, PackedElement) -> Void) {
        let list = listpack
        var at = entry.contents
        var field = entry.hasMasterFields ? masterFields.start : 0
        for _ in 0..<entry.fieldCount {
            if entry.hasMasterFields {
                body(list.element(at: field), list.element(at: at))
                field = list.index(after: field)
            } else {
                let name = list.element(at: at)
                at = list.index(after: at)
                body(name, list.element(at: at))
            }
            at = list.index(after: at)
        }
    }

    /// The ID of the last entry, deleted or not.
    var lastID: StreamID {
        entry(before: endOffset, masterCount: masterFields.count)?.id ?? id
    }
}

extension ReplyWriter {
    /// An entry as clients see it: its ID, and an array of fields and values in turn.
    @inline(__always)
    mutating func entry(_ entry: StreamEntry, of node: StreamNode) {
        array(2)
        entryParts(entry, of: node)
    }

    /// The same without the head of the pair.
    @inline(__always)
    mutating func entryParts(_ entry: StreamEntry, of node: StreamNode) {
        bulk(entry.id)
        array(entry.fieldCount * 2)
        node.forEachField(of: entry) { (field, value) in
            bulk(field)
            bulk(value)
        }
    }
}
