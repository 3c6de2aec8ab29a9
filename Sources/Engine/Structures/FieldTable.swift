import RESP

/// The fields of a big hash with their values, and the deadlines of those that have one.
///
/// An entry's key is the field, and its value is kept as a string's is under a key: inside the entry up to
/// 255 bytes, else in a `RawString`.
final class FieldTable: TableValue {
    /// The deadlines of fields; made with the first of them.
    private var deadlines: FieldDeadlines?

    // MARK: Looking

    /// The value of a field, if the hash has it and it is not due before `cutoff`.
    @inline(__always)
    func value(of field: RawSpan, cutoff: Int64) -> PackedElement? {
        guard let entry = find(field), !isDue(entry, before: cutoff) else { return nil }
        return entry.packedString
    }

    /// The deadline of a field's entry, if it has one.
    @inline(__always)
    func deadline(of entry: Entry) -> Int64? {
        entry.hasDeadline ? deadlines?.index.deadline(of: entry) : nil
    }

    /// Whether a field's entry counts as gone.
    @inline(__always)
    func isDue(_ entry: Entry, before cutoff: Int64) -> Bool {
        entry.hasDeadline && cutoff != .min && deadline(of: entry).map { $0 < cutoff } ?? false
    }

    override var earliestFieldDeadline: Int64 { deadlines?.index.first?.deadline ?? .max }

    /// The field that is due first.
    var firstDue: Entry? { deadlines?.index.first?.entry }

    /// How many fields are due before `cutoff`.
    func dueCount(before cutoff: Int64) -> Int { deadlines?.index.count(before: cutoff) ?? 0 }

    /// Whether every field is due before `cutoff`.
    func isDue(before cutoff: Int64) -> Bool {
        guard let deadlines, deadlines.index.count == count else { return isEmpty }
        return !deadlines.index.hasDeadline(notBefore: cutoff)
    }

    override var memoryUse: Int { super.memoryUse + (deadlines?.index.memoryUse ?? 0) }

    // MARK: Changing

    /// Gives a field a value; false if it had one already.
    ///
    /// The field's deadline goes, unless `keepsDeadline`. The value's bytes must not be this table's own;
    /// `block`, if it holds them, gives its memory away.
    @inline(__always)
    func set(
        _ field: RawSpan, to value: RawSpan, adopting block: BulkBlock? = nil, keepsDeadline: Bool = false
    ) -> Bool {
        let hash = table.hash(field)
        if let entry = table.find(key: field, hash: hash) {
            replace(entry, hash, value, block, keepsDeadline)
            return false
        }
        let entry =
            value.byteCount <= Entry.largestEmbeddedValue
            ? Entry.make(key: field, embedding: value, in: arena)
            : Entry.make(
                key: field, object: RawString.holding(value, adopting: block), kind: .rawObject, in: arena)
        insert(entry, hash: hash)
        return true
    }

    @inline(__always)
    private func replace(
        _ old: Entry, _ hash: UInt64, _ value: RawSpan, _ block: BulkBlock?, _ keepsDeadline: Bool
    ) {
        var entry = old
        if entry.hasDeadline, !keepsDeadline { entry = removeDeadline(entry, hash: hash) }
        let changed = reshape(entry, hash: hash) { entry in
            value.byteCount <= Entry.largestEmbeddedValue
                ? entry.replaceValue(embedding: value, in: arena)
                : entry.replaceValue(
                    object: RawString.holding(value, adopting: block), kind: .rawObject, in: arena)
        }
        if changed.hasDeadline, changed != entry { deadlines?.index.entryMoved(changed) }
    }

    /// Removes a field; false if the hash does not have it.
    @inline(__always)
    func remove(_ field: RawSpan) -> Bool {
        let hash = table.hash(field)
        guard let entry = table.find(key: field, hash: hash) else { return false }
        removeField(entry, hash: hash)
        return true
    }

    /// Removes a field by its entry.
    @inline(__always)
    func removeField(_ entry: Entry, hash: UInt64) {
        if entry.hasDeadline { deadlines?.index.remove(entry) }
        remove(entry, hash: hash)
    }

    /// Gives a field's entry a deadline, or another one.
    func setDeadline(_ entry: Entry, hash: UInt64, to deadline: Int64) {
        let deadlines = self.deadlines ?? FieldDeadlines(arena: arena)
        self.deadlines = deadlines
        if entry.hasDeadline { return deadlines.index.update(entry, deadline: deadline) }
        let wider = reshape(entry, hash: hash) { $0.setHasDeadline(true, in: arena) }
        deadlines.index.insert(wider, deadline: deadline)
    }

    /// Takes the deadline of a field's entry away, and returns the entry as it is then.
    @discardableResult
    func removeDeadline(_ entry: Entry, hash: UInt64) -> Entry {
        guard entry.hasDeadline else { return entry }
        deadlines?.index.remove(entry)
        return reshape(entry, hash: hash) { $0.setHasDeadline(false, in: arena) }
    }

    // MARK: The whole

    override func beginCopy() -> Value? { FieldTable(arena: arena, key: table.key) }

    override func copySome(_ elements: Int, from next: inout Int, to copy: Value) -> Bool {
        guard let copy = copy as? FieldTable else { return false }
        return visitSome(elements, from: &next) { entry in
            let field = entry.key
            _ = entry.withString { copy.set(field, to: $0) }
            if let deadline = deadline(of: entry), let entry = copy.find(field) {
                copy.setDeadline(entry, hash: copy.table.hash(field), to: deadline)
            }
        }
    }
}

/// An object of its own, so that a hash without deadlines has nothing but an empty reference.
private final class FieldDeadlines {
    let index: DeadlineIndex

    init(arena: Arena) {
        index = DeadlineIndex(arena: arena)
    }
}

extension Entry {
    /// The entry's string as an element; a view that lasts until the entry changes.
    @inline(__always)
    var packedString: PackedElement {
        // The entry, or the object that it retains, keeps the bytes in place.
        if kind.holdsBytes { return unsafe PackedElement(embedded) }
        if kind == .int { return PackedElement(integer) }
        // As above.
        return withObject { object in unsafe PackedElement(unsafeDowncast(object, to: RawString.self).bytes) }
    }
}
