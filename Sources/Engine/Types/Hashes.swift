import RESP

/// A hash in whichever encoding, as commands look at it and change it.
///
/// Whoever reads gives a `cutoff`: fields that are due before it count as gone. After a change the hash is
/// put back with `Keyspace.put`.
enum HashValue {
    case packed(Listpack)
    case packedWithDeadlines(PackedFields)
    case table(FieldTable)

    /// The hash of an entry.
    @inline(__always)
    init(_ entry: Entry) {
        assert(entry.kind.type == .hash)
        if entry.kind == .packedHash {
            self = .packed(entry.listpack)
        } else if entry.kind == .hash {
            // The kind says what the object is, here and below.
            self = .table(unsafe unsafeDowncast(entry.object, to: FieldTable.self))
        } else {
            self = .packedWithDeadlines(unsafe unsafeDowncast(entry.object, to: PackedFields.self))
        }
    }

    // MARK: Looking

    /// How many fields there are.
    func count(cutoff: Int64 = .min) -> Int {
        switch self {
        case .packed(let listpack): listpack.count / 2
        case .packedWithDeadlines(let fields):
            fields.count - (cutoff == .min ? 0 : fields.firstAlive(cutoff: cutoff).due)
        case .table(let table): table.count - (cutoff == .min ? 0 : table.dueCount(before: cutoff))
        }
    }

    /// Whether no field is left that is not due before `cutoff`.
    func isDue(before cutoff: Int64) -> Bool {
        switch self {
        case .packed(let listpack): listpack.isEmpty
        case .packedWithDeadlines(let fields): fields.firstAlive(cutoff: cutoff).index >= fields.listpack.end
        case .table(let table): table.isDue(before: cutoff)
        }
    }

    /// The value of a field: a view that lasts until the hash changes.
    @inline(__always)
    func value(of field: RawSpan, cutoff: Int64 = .min) -> PackedElement? {
        switch self {
        case .packed(let listpack):
            return listpack.find(field, skip: 1).map { listpack.element(at: listpack.index(after: $0)) }
        case .table(let table): return table.value(of: field, cutoff: cutoff)
        case .packedWithDeadlines(let fields):
            guard let index = fields.find(field) else { return nil }
            let deadline = fields.deadline(at: index)
            return deadline == 0 || deadline >= cutoff ? fields.value(at: index) : nil
        }
    }

    /// The deadline of a field, 0 if it has none, and nil if there is no such field.
    func deadline(of field: RawSpan, cutoff: Int64 = .min) -> Int64? {
        switch self {
        case .packed(let listpack): return listpack.find(field, skip: 1).map { _ in 0 }
        case .table(let table):
            guard let entry = table.find(field), !table.isDue(entry, before: cutoff) else { return nil }
            return table.deadline(of: entry) ?? 0
        case .packedWithDeadlines(let fields):
            guard let index = fields.find(field) else { return nil }
            let deadline = fields.deadline(at: index)
            return deadline == 0 || deadline >= cutoff ? deadline : nil
        }
    }

    /// Calls `body` with each field and its value until it returns false; it must not change the hash.
    @inline(__always)
    func forEach(cutoff: Int64 = .min, _ body: (PackedElement, PackedElement) -> Bool) {
        switch self {
        case .packed(let listpack):
            var at = listpack.start
            let end = listpack.end
            while at < end {
                let value = listpack.index(after: at)
                if !body(listpack.element(at: at), listpack.element(at: value)) { return }
                at = listpack.index(after: value)
            }
        case .packedWithDeadlines(let fields):
            var at = cutoff == .min ? fields.listpack.start : fields.firstAlive(cutoff: cutoff).index
            while at < fields.listpack.end {
                if !body(fields.listpack.element(at: at), fields.value(at: at)) { return }
                at = fields.index(after: at)
            }
        case .table(let table):
            for index in 0..<table.table.bucketCount {
                var goesOn = true
                table.table.visit(table.table.bucket(at: index)) { entry in
                    guard goesOn, !table.isDue(entry, before: cutoff) else { return }
                    // The entry stays where it is while the hash does not change.
                    goesOn = body(unsafe PackedElement(entry.key), entry.packedString)
                }
                if !goesOn { return }
            }
        }
    }

    /// Mixes the fields into a digest, in no order.
    func mix(into digest: inout DatasetDigest) {
        forEach { field, value in
            var one = DatasetDigest()
            let hasDeadline = field.withText { text in
                one.mix(text)
                return (deadline(of: text) ?? 0) != 0
            }
            value.withText { one.mix($0) }
            if hasDeadline { one.combineFieldDeadline() }
            digest.combine(one)
            return true
        }
    }
}

extension Entry {
    /// Whether the value may be a hash whose fields have deadlines.
    @inline(__always)
    var mayHoldFieldDeadlines: Bool { kind == .hash || kind == .packedHashWithDeadlines }

    /// The earliest deadline of any field of the entry's hash; the end of time if there is none.
    @inline(__always)
    var earliestFieldDeadline: Int64 {
        mayHoldFieldDeadlines ? withObject(\.earliestFieldDeadline) : .max
    }
}
