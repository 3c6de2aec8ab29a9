/// Where one stands in a set that is gone through in slices, and does not change meanwhile.
struct SetWalk {
    private let set: SetValue
    /// The next number, the place of the next packed member, or the next bucket.
    private var next = 0

    init(_ set: SetValue) {
        self.set = set
        if case .packed(let listpack) = set { next = listpack.start }
    }

    /// Calls `body` with about so many members more; false if those were the last.
    ///
    /// They come in the order of `SetValue.forEach`, and in the same form.
    @inline(__always)
    mutating func advance(_ elements: Int, _ body: (PackedElement) -> Void) -> Bool {
        switch set {
        case .integers(let numbers):
            let end = min(next + elements, numbers.count)
            for position in next..<end { body(PackedElement(numbers[position])) }
            next = end
            return next < numbers.count
        case .packed(let listpack):
            var left = elements
            while next < listpack.end, left > 0 {
                body(listpack.element(at: next))
                next = listpack.index(after: next)
                left -= 1
            }
            return next < listpack.end
        case .table(let members):
            let count = members.table.bucketCount
            let end = min(next + max(elements / EntryTable.growLoad, 1), count)
            for index in next..<max(next, end) {
                members.table.visit(members.table.bucket(at: index)) { entry in
                    // The entry stays where it is while the set does not change.
                    body(unsafe PackedElement(packing: entry.key))
                }
            }
            next = end
            return next < count
        }
    }
}

/// Several sets that are gone through in slices, one after the other.
struct SetWalks {
    private var walks: [SetWalk]
    /// Which set comes next.
    private(set) var number = 0

    init(_ sets: [SetValue]) { walks = sets.map { SetWalk($0) } }

    /// Calls `body` with about so many members more; false if those were the last.
    @inline(__always)
    mutating func advance(_ elements: Int, _ body: (PackedElement) -> Void) -> Bool {
        guard number < walks.count else { return false }
        if !walks[number].advance(elements, body) { number += 1 }
        return number < walks.count
    }
}
