import RESP

/// A set in whichever encoding, as commands change it.
///
/// In hand it is apart from its entry: a change may move or replace what the entry refers to, so whoever
/// changes a key's set puts it back with `Keyspace.put`.
enum SetValue {
    case integers(IntSet)
    case packed(Listpack)
    case table(MemberTable)

    /// The set of an entry.
    @inline(__always)
    init(_ entry: Entry) {
        assert(entry.kind.type == .set)
        if entry.kind == .integerSet {
            self = .integers(entry.integerSet)
        } else if entry.kind == .packedSet {
            self = .packed(entry.listpack)
        } else {
            // The kind says what the object is.
            self = .table(unsafe unsafeDowncast(entry.object, to: MemberTable.self))
        }
    }

    /// An empty set of the encoding that Redis begins with for `count` members, of which this is the first.
    init(
        for first: PackedElement, expecting count: Int, in keyspace: Keyspace, _ limits: CollectionLimits
    ) {
        if first.isInteger, count <= limits.setIntegers {
            self = .integers(IntSet(in: keyspace.arena))
        } else if count <= limits.setEntries {
            self = .packed(Listpack(in: keyspace.arena))
        } else {
            self = .table(MemberTable(arena: keyspace.elements, key: keyspace.sipKey))
        }
    }

    /// How many members there are.
    var count: Int {
        switch self {
        case .integers(let set): set.count
        case .packed(let listpack): listpack.count
        case .table(let table): table.count
        }
    }

    /// Whether this is a member.
    @inline(__always)
    func contains(_ member: PackedElement) -> Bool {
        switch self {
        case .integers(let set): member.integer.map { set.contains($0) } ?? false
        case .packed(let listpack): listpack.find(member) != nil
        case .table(let table): member.withText { table.contains($0) }
        }
    }

    /// Calls `body` with each member until it returns false; it must not change the set.
    ///
    /// A member that is a whole number's text comes as a number, whatever the encoding.
    @inline(__always)
    func forEach(_ body: (PackedElement) -> Bool) {
        switch self {
        case .integers(let set):
            for position in 0..<set.count where !body(PackedElement(set[position])) { return }
        case .packed(let listpack):
            var index = listpack.start
            while index < listpack.end {
                if !body(listpack.element(at: index)) { return }
                index = listpack.index(after: index)
            }
        case .table(let table):
            for index in 0..<table.table.bucketCount {
                var goesOn = true
                table.table.visit(table.table.bucket(at: index)) { entry in
                    // The entry stays where it is while the set does not change.
                    if goesOn { goesOn = body(unsafe PackedElement(packing: entry.key)) }
                }
                if !goesOn { return }
            }
        }
    }

    /// A member picked at random; nil if there is none.
    @inline(__always)
    func random(using generator: inout some RandomNumberGenerator) -> PackedElement? {
        switch self {
        case .integers(let set):
            if set.isEmpty { return nil }
            return PackedElement(set[Int.random(in: 0..<set.count, using: &generator)])
        case .packed(let listpack):
            if listpack.isEmpty { return nil }
            return listpack.element(number: Int.random(in: 0..<listpack.count, using: &generator))
        case .table(let table):
            // The entry stays where it is while the set does not change.
            return table.table.random(using: &generator).map { unsafe PackedElement(packing: $0.key) }
        }
    }

    /// Whether all members are whole numbers as text.
    var holdsIntegersOnly: Bool {
        var answer = true
        forEach { member in
            answer = member.isInteger
            return answer
        }
        return answer
    }

    /// Mixes the members into a digest, whatever their order.
    func mix(into digest: inout DatasetDigest) {
        forEach { member in
            digest.combine(member)
            return true
        }
    }

    // MARK: Changing

    /// Adds a member; false if it is one already.
    @inline(__always)
    mutating func insert(
        _ member: PackedElement, in keyspace: Keyspace, _ limits: CollectionLimits
    ) -> Bool {
        switch self {
        case .table(let table):
            return keyspace.arena.resize(table) { table in member.withText { table.insert($0) } }
        case .packed(var listpack):
            if listpack.find(member) != nil { return false }
            let fits =
                listpack.count < limits.setEntries
                && member.count <= limits.setValue && listpack.hasRoom(for: member.count)
            guard fits else {
                convertToTable(in: keyspace)
                return insert(member, in: keyspace, limits)
            }
            listpack.append(member, in: keyspace.arena)
            self = .packed(listpack)
        case .integers(var set):
            guard let number = member.integer else {
                return leaveIntegers(for: member, in: keyspace, limits)
            }
            guard set.insert(number, in: keyspace.arena) else { return false }
            self = .integers(set)
            if set.count > min(limits.setIntegers, 1 << 30) { convertToTable(in: keyspace) }
        }
        return true
    }

    /// Removes a member; false if it is none.
    @inline(__always)
    mutating func remove(_ member: PackedElement, in keyspace: Keyspace) -> Bool {
        switch self {
        case .table(let table):
            return keyspace.arena.resize(table) { table in member.withText { table.remove($0) } }
        case .packed(var listpack):
            guard let index = listpack.find(member) else { return false }
            listpack.remove(at: index, in: keyspace.arena)
            self = .packed(listpack)
        case .integers(var set):
            guard let number = member.integer, set.remove(number, in: keyspace.arena) else { return false }
            self = .integers(set)
        }
        return true
    }

    /// Becomes a table if so many members are to be added that another encoding would not hold them.
    mutating func prepare(for count: Int, in keyspace: Keyspace, _ limits: CollectionLimits) {
        switch self {
        case .packed where count > limits.setEntries: convertToTable(in: keyspace)
        case .integers where count > limits.setIntegers: convertToTable(in: keyspace)
        default: break
        }
    }

    /// Exchanges an empty set of numbers for an empty listpack.
    mutating func startPacked(in keyspace: Keyspace) {
        free(in: keyspace)
        self = .packed(Listpack(in: keyspace.arena))
    }

    /// Becomes a set of numbers if that can hold it; all members are numbers.
    mutating func convertToIntegers(in keyspace: Keyspace, _ limits: CollectionLimits) {
        if case .integers = self { return }
        guard count <= min(limits.setIntegers, 1 << 30) else { return }
        var set = IntSet(in: keyspace.arena)
        forEach { member in
            if let number = member.integer { _ = set.insert(number, in: keyspace.arena) }
            return true
        }
        free(in: keyspace)
        self = .integers(set)
    }

    /// Gives back what the set occupies, if no entry has it.
    func free(in keyspace: Keyspace) {
        switch self {
        case .integers(let set): set.free(in: keyspace.arena)
        case .packed(let listpack): listpack.free(in: keyspace.arena)
        case .table: break
        }
    }

    /// Adds the first member that is no number to a set of numbers.
    private mutating func leaveIntegers(
        for member: PackedElement, in keyspace: Keyspace, _ limits: CollectionLimits
    ) -> Bool {
        guard case .integers(let set) = self else { return false }
        let longest =
            set.isEmpty ? 0 : max(Decimal.length(set[0]), Decimal.length(set[set.count - 1]))
        if set.count < limits.setEntries, member.count <= limits.setValue,
            longest <= limits.setValue
        {
            var listpack = Listpack(in: keyspace.arena)
            for position in 0..<set.count {
                listpack.append(PackedElement(set[position]), in: keyspace.arena)
            }
            listpack.append(member, in: keyspace.arena)
            set.free(in: keyspace.arena)
            self = .packed(listpack)
            return true
        }
        convertToTable(in: keyspace)
        return insert(member, in: keyspace, limits)
    }

    private mutating func convertToTable(in keyspace: Keyspace) {
        let table = MemberTable(arena: keyspace.elements, key: keyspace.sipKey)
        forEach { member in
            _ = member.withText { table.insert($0) }
            return true
        }
        free(in: keyspace)
        self = .table(table)
    }
}

extension Keyspace {
    /// Gives the key of `slot` this set, in the place of the one that it was made from, or as a new key.
    @inline(__always)
    func put(_ set: SetValue, at slot: inout KeySlot, key: RawSpan) {
        guard let entry = slot.entry else {
            let entry =
                switch set {
                case .integers(let set): Entry.make(key: key, integerSet: set, in: arena)
                case .packed(let listpack):
                    Entry.make(key: key, listpack: listpack, kind: .packedSet, in: arena)
                case .table(let table): Entry.make(key: key, object: table, kind: .set, in: arena)
                }
            return insert(entry, at: &slot)
        }
        switch set {
        case .integers(let set): entry.exchangeBlock(for: set)
        case .packed(let listpack): entry.exchangeBlock(for: listpack, kind: .packedSet)
        case .table(let table):
            if entry.kind != .set { entry.exchangeBlock(for: table, kind: .set, in: arena) }
        }
    }
}
