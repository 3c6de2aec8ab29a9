import RESP

/// A small hash some of whose fields have deadlines: a listpack of fields, each with its value and its
/// deadline behind it, in the order of the deadlines.
///
/// Fields without a deadline have 0 there and come last, as in Redis.
final class PackedFields: Value {
    /// The arena that all collections share, as a hash may move from one keyspace to another.
    private let arena: Arena
    private(set) var listpack: Listpack

    /// A hash without fields.
    init(arena: Arena) {
        self.arena = arena
        listpack = Listpack(in: arena)
        super.init()
    }

    /// The pairs of another listpack, of any arena, without deadlines.
    convenience init(pairs: Listpack, arena: Arena) {
        self.init(arena: arena)
        var at = pairs.start
        while at < pairs.end {
            let value = pairs.index(after: at)
            listpack.append(pairs.element(at: at), pairs.element(at: value), in: arena)
            listpack.append(PackedElement(0), in: arena)
            at = pairs.index(after: value)
        }
    }

    private init(copying other: PackedFields) {
        arena = other.arena
        listpack = other.listpack.copy(in: other.arena)
        super.init()
    }

    deinit { listpack.free(in: arena) }

    /// How many fields there are.
    var count: Int { listpack.count / Self.elementsPerField }

    private static var elementsPerField: Int { 3 }

    override var isEmpty: Bool { listpack.isEmpty }

    /// Header, arena and listpack; `malloc` adds eight bytes and rounds to 16.
    override var memoryUse: Int { 48 + listpack.memoryUse }

    override var earliestFieldDeadline: Int64 {
        if listpack.isEmpty { return .max }
        let deadline = deadline(at: listpack.start)
        return deadline == 0 ? .max : deadline
    }

    override func copy() -> Value { PackedFields(copying: self) }

    // MARK: Looking

    /// Where a field is.
    func find(_ field: RawSpan) -> Int? { listpack.find(field, skip: 2) }

    /// The deadline of the field at `index`; 0 if it has none.
    func deadline(at index: Int) -> Int64 {
        let at = listpack.index(after: listpack.index(after: index))
        return listpack.element(at: at).integer ?? 0
    }

    /// The value of the field at `index`.
    func value(at index: Int) -> PackedElement { listpack.element(at: listpack.index(after: index)) }

    /// Where the field behind that at `index` is, or the end.
    func index(after index: Int) -> Int {
        listpack.index(after: listpack.index(after: listpack.index(after: index)))
    }

    /// Where the first field is that is not due before `cutoff`, and how many are in front of it.
    func firstAlive(cutoff: Int64) -> (index: Int, due: Int) {
        var at = listpack.start
        var due = 0
        while at < listpack.end {
            let deadline = deadline(at: at)
            if deadline == 0 || deadline >= cutoff { break }
            at = index(after: at)
            due += 1
        }
        return (at, due)
    }

    // MARK: Changing

    /// Gives a field a value; false if it had one already.
    ///
    /// The field's deadline goes, unless `keepsDeadline`.
    func set(_ field: RawSpan, to value: RawSpan, keepsDeadline: Bool = false) -> Bool {
        guard let index = find(field) else {
            listpack.append(field, in: arena)
            listpack.append(value, in: arena)
            listpack.append(PackedElement(0), in: arena)
            return true
        }
        listpack.replace(at: listpack.index(after: index), with: value, in: arena)
        if !keepsDeadline, deadline(at: index) != 0 { setDeadline(at: index, to: 0) }
        return false
    }

    /// Gives the field at `index` another deadline, or none with 0; the field moves to where it belongs.
    func setDeadline(at index: Int, to deadline: Int64) {
        // Copies, as both are views of what is removed first.
        let field = listpack.element(at: index).copy
        let value = value(at: index).copy
        remove(at: index)
        let place = deadline == 0 ? listpack.end : firstAlive(cutoff: deadline).index
        // Both arrays live until they are copied.
        let (fieldElement, valueElement) = unsafe (
            PackedElement(packing: field.span.bytes), PackedElement(packing: value.span.bytes)
        )
        listpack.insert(fieldElement, valueElement, at: place, in: arena)
        let behind = listpack.index(after: listpack.index(after: place))
        listpack.insert(PackedElement(deadline), at: behind, in: arena)
        // The arrays are kept until here.
        withExtendedLifetime((field, value)) {}
    }

    /// Removes the field at `index`.
    func remove(at index: Int) {
        listpack.remove(at: index, count: Self.elementsPerField, in: arena)
    }
}
