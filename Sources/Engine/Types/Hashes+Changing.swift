import RESP

/// Changing a hash, which goes to the next encoding when it outgrows one, and never back.
extension HashValue {
    /// Gives a field a value; false if it had one already.
    ///
    /// A deadline of the field goes, unless `keepsDeadline`.
    @inline(__always)
    mutating func set(
        _ field: RawSpan, to value: RawSpan, adopting block: BulkBlock? = nil, keepsDeadline: Bool = false,
        in keyspace: Keyspace, _ limits: CollectionLimits
    ) -> Bool {
        switch self {
        case .table(let table):
            return table.set(field, to: value, adopting: block, keepsDeadline: keepsDeadline)
        case .packed(let listpack) where fits(field, value, listpack, limits):
            return setPacked(listpack, field, value, in: keyspace, limits)
        case .packedWithDeadlines(let fields) where fits(field, value, fields.listpack, limits):
            let isNew = fields.set(field, to: value, keepsDeadline: keepsDeadline)
            if fields.count > limits.hashEntries { convertToTable(in: keyspace) }
            return isNew
        case .packed, .packedWithDeadlines:
            convertToTable(in: keyspace)
            return set(
                field, to: value, adopting: block, keepsDeadline: keepsDeadline, in: keyspace, limits)
        }
    }

    @inline(__always)
    private mutating func setPacked(
        _ old: Listpack, _ field: RawSpan, _ value: RawSpan, in keyspace: Keyspace, _ limits: CollectionLimits
    ) -> Bool {
        var listpack = old
        // Both texts are arguments, or locals of the caller, for the whole call.
        let (field, value) = unsafe (PackedElement(packing: field), PackedElement(packing: value))
        let found = listpack.find(field, skip: 1)
        if let found {
            listpack.replace(at: listpack.index(after: found), with: value, in: keyspace.arena)
        } else {
            listpack.append(field, value, in: keyspace.arena)
        }
        self = .packed(listpack)
        // Also after a replacement: the limit may have been lowered since.
        if listpack.count > 2 &* min(limits.hashEntries, Int.max / 2) { convertToTable(in: keyspace) }
        return found == nil
    }

    /// Whether a listpack may hold a field and its value.
    @inline(__always)
    private func fits(
        _ field: RawSpan, _ value: RawSpan, _ listpack: Listpack, _ limits: CollectionLimits
    ) -> Bool {
        field.byteCount <= limits.hashValue && value.byteCount <= limits.hashValue
            && listpack.hasRoom(for: field.byteCount &+ value.byteCount)
    }

    /// Becomes a table if so many fields are to be set that a listpack would not hold them.
    @inline(__always)
    mutating func prepare(for count: Int, in keyspace: Keyspace, _ limits: CollectionLimits) {
        if case .table = self { return }
        if count > limits.hashEntries { convertToTable(in: keyspace) }
    }

    /// Removes a field; false if there is no such field.
    @inline(__always)
    mutating func remove(_ field: RawSpan, in keyspace: Keyspace) -> Bool {
        switch self {
        case .table(let table): return table.remove(field)
        case .packed(var listpack):
            guard let index = listpack.find(field, skip: 1) else { return false }
            listpack.remove(at: index, count: 2, in: keyspace.arena)
            self = .packed(listpack)
        case .packedWithDeadlines(let fields):
            guard let index = fields.find(field) else { return false }
            fields.remove(at: index)
        }
        return true
    }

    /// Gives a field a deadline, or takes it away with 0; false if there is no such field.
    ///
    /// The hash has been made ready with `prepareForDeadlines`.
    func setDeadline(of field: RawSpan, to deadline: Int64) -> Bool {
        switch self {
        case .packed: return false
        case .packedWithDeadlines(let fields):
            guard let index = fields.find(field) else { return false }
            fields.setDeadline(at: index, to: deadline)
        case .table(let table):
            let hash = table.table.hash(field)
            guard let entry = table.table.find(key: field, hash: hash) else { return false }
            if deadline == 0 {
                table.removeDeadline(entry, hash: hash)
            } else {
                table.setDeadline(entry, hash: hash, to: deadline)
            }
        }
        return true
    }

    /// Makes room for deadlines in a hash that has none.
    mutating func prepareForDeadlines(in keyspace: Keyspace) {
        guard case .packed(let listpack) = self else { return }
        self = .packedWithDeadlines(PackedFields(pairs: listpack, arena: keyspace.elements))
        listpack.free(in: keyspace.arena)
    }

    private mutating func convertToTable(in keyspace: Keyspace) {
        let table = FieldTable(arena: keyspace.elements, key: keyspace.sipKey)
        forEach { field, value in
            field.withText { field in _ = value.withText { table.set(field, to: $0) } }
            return true
        }
        if case .packed(let listpack) = self { listpack.free(in: keyspace.arena) }
        if case .packedWithDeadlines(let fields) = self { Self.copyDeadlines(of: fields, to: table) }
        self = .table(table)
    }

    private static func copyDeadlines(of fields: PackedFields, to table: FieldTable) {
        var at = fields.listpack.start
        while at < fields.listpack.end {
            let deadline = fields.deadline(at: at)
            // They are in order, and those without come last.
            if deadline == 0 { return }
            fields.listpack.element(at: at).withText { field in
                guard let entry = table.find(field) else { return }
                table.setDeadline(entry, hash: table.table.hash(field), to: deadline)
            }
            at = fields.index(after: at)
        }
    }
}

/// A hash taken out of its key to be changed, or a new one, and what it occupied before.
struct HashEdit {
    var value: HashValue
    fileprivate let memoryBefore: Int
}

extension Keyspace {
    /// Takes the hash at `slot`, or an empty one, to change it and to `put` it back.
    @inline(__always)
    func editHash(_ slot: KeySlot) -> HashEdit {
        guard let entry = slot.entry else {
            return HashEdit(value: .packed(Listpack(in: arena)), memoryBefore: 0)
        }
        return HashEdit(
            value: HashValue(entry), memoryBefore: entry.kind.holdsObject ? entry.outsideMemoryUse : 0)
    }

    /// Gives the key of `slot` its changed hash back, or as a new key.
    @inline(__always)
    func put(_ edit: HashEdit, at slot: inout KeySlot, key: RawSpan) {
        if case .packed(let listpack) = edit.value {
            guard let entry = slot.entry else {
                return insert(
                    Entry.make(key: key, listpack: listpack, kind: .packedHash, in: arena), at: &slot)
            }
            return entry.exchangeBlock(for: listpack, kind: .packedHash)
        }
        putObject(edit, at: &slot, key: key)
    }

    private func putObject(_ edit: HashEdit, at slot: inout KeySlot, key: RawSpan) {
        let (object, kind): (Value, Kind)
        switch edit.value {
        case .packed: return
        case .packedWithDeadlines(let fields): (object, kind) = (fields, .packedHashWithDeadlines)
        case .table(let table): (object, kind) = (table, .hash)
        }
        if let entry = slot.entry {
            if entry.kind.holdsObject {
                arena.state.objectBytes &+= entry.outsideMemoryUse &- edit.memoryBefore
                if entry.kind != kind {
                    update(&slot, to: entry.replaceValue(object: object, kind: kind, in: arena))
                }
            } else {
                entry.exchangeBlock(for: object, kind: kind, in: arena)
            }
        } else {
            insert(Entry.make(key: key, object: object, kind: kind, in: arena), at: &slot)
        }
        schedule(slot, key, object.earliestFieldDeadline)
    }
}
