import RESP

/// The members of a big set.
final class MemberTable: TableValue {
    /// Whether the bytes are a member.
    @inline(__always)
    func contains(_ member: RawSpan) -> Bool { find(member) != nil }

    /// Adds a member; false if it is one already.
    @inline(__always)
    func insert(_ member: RawSpan) -> Bool {
        let hash = table.hash(member)
        if table.find(key: member, hash: hash) != nil { return false }
        insert(Entry.make(key: member, embedding: RawSpan(), in: arena), hash: hash)
        return true
    }

    /// Removes a member; false if it is none.
    @inline(__always)
    func remove(_ member: RawSpan) -> Bool {
        let hash = table.hash(member)
        guard let entry = table.find(key: member, hash: hash) else { return false }
        remove(entry, hash: hash)
        return true
    }

    override func beginCopy() -> Value? { MemberTable(arena: arena, key: table.key) }

    override func copySome(_ elements: Int, from next: inout Int, to copy: Value) -> Bool {
        guard let copy = copy as? MemberTable else { return false }
        return visitSome(elements, from: &next) { entry in _ = copy.insert(entry.key) }
    }
}
