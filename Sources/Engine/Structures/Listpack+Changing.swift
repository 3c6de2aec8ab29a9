/// Adding, replacing and removing elements. Any of it may move the block.
///
/// Texts and elements that are added must lie elsewhere than in this listpack. A text that is a number's
/// is stored as that number. The caller has asked `hasRoom(for:)` if the texts may be long.
extension Listpack {
    /// Adds an element behind the last.
    @inline(__always)
    mutating func append(_ element: PackedElement, in arena: Arena) {
        insert(element, at: end, in: arena)
    }

    /// Adds a text behind the last element.
    @inline(__always)
    mutating func append(_ text: RawSpan, in arena: Arena) {
        // The text is the caller's for the whole call, here and below.
        insert(unsafe PackedElement(packing: text), at: end, in: arena)
    }

    /// Adds a text in front of the first element.
    @inline(__always)
    mutating func prepend(_ text: RawSpan, in arena: Arena) {
        insert(unsafe PackedElement(packing: text), at: start, in: arena)  // As above.
    }

    /// Adds a text in front of the element at `index`, or behind the last at `end`.
    @inline(__always)
    mutating func insert(_ text: RawSpan, at index: Int, in arena: Arena) {
        insert(unsafe PackedElement(packing: text), at: index, in: arena)  // As above.
    }

    /// Adds an element in front of that at `index`, or behind the last at `end`.
    mutating func insert(_ element: PackedElement, at index: Int, in arena: Arena) {
        resize(at: index, from: 0, to: Listpack.extent(of: element), in: arena)
        _ = write(element, at: index)
        adjustCount(by: 1)
    }

    /// Adds two elements, a field and its value, in one move.
    mutating func insert(_ first: PackedElement, _ second: PackedElement, at index: Int, in arena: Arena) {
        let size = Listpack.extent(of: first) &+ Listpack.extent(of: second)
        resize(at: index, from: 0, to: size, in: arena)
        let written = write(first, at: index)
        _ = write(second, at: index &+ written)
        adjustCount(by: 2)
    }

    /// Adds two elements behind the last in one move.
    @inline(__always)
    mutating func append(_ first: PackedElement, _ second: PackedElement, in arena: Arena) {
        insert(first, second, at: end, in: arena)
    }

    /// Adds all elements of another listpack behind the last.
    mutating func append(contentsOf other: Listpack, in arena: Arena) {
        insert(contentsOf: other, from: other.start, to: other.end, at: end, in: arena)
    }

    /// Adds the elements from `from` to before `to` of another listpack in front of that at `index`.
    mutating func insert(
        contentsOf other: Listpack, from: Int, to: Int, at index: Int, in arena: Arena
    ) {
        let total = count + other.count(from: from, to: to)
        resize(at: index, from: 0, to: to - from, in: arena)
        // Room was made for these bytes, and the other listpack has them.
        unsafe pointer.advanced(by: index).copyMemory(from: other.pointer + from, byteCount: to - from)
        storedCount = UInt16(truncatingIfNeeded: min(total, Int(Listpack.uncounted)))
    }

    /// Puts a text in the place of the element at `index`.
    @inline(__always)
    mutating func replace(at index: Int, with text: RawSpan, in arena: Arena) {
        // The text is the caller's for the whole call.
        replace(at: index, with: unsafe PackedElement(packing: text), in: arena)
    }

    /// Puts an element in the place of that at `index`.
    mutating func replace(at index: Int, with element: PackedElement, in arena: Arena) {
        resize(at: index, from: extent(at: index), to: Listpack.extent(of: element), in: arena)
        _ = write(element, at: index)
    }

    /// Removes the element at `index`, where the one behind it is afterwards, and up to `count` in all.
    ///
    /// Returns how many were removed.
    @discardableResult
    mutating func remove(at index: Int, count: Int = 1, in arena: Arena) -> Int {
        var at = index
        var removed = 0
        let end = end
        while removed < count, at < end {
            at &+= extent(at: at)
            removed &+= 1
        }
        if removed > 0 {
            resize(at: index, from: at &- index, to: 0, in: arena)
            adjustCount(by: -removed)
        }
        return removed
    }

    /// Removes the elements at these offsets, which ascend, in one pass.
    mutating func remove(at indices: [Int], in arena: Arena) {
        guard let first = indices.first else { return }
        // What is kept moves down over what is not, and then the end is cut off.
        var target = first
        for position in indices.indices {
            let index = indices[position]
            let from = index &+ extent(at: index)
            let to = position + 1 < indices.count ? indices[position + 1] : end
            precondition(from <= to)
            // Both ranges lie between the first index and the end.
            unsafe pointer.advanced(by: target).copyMemory(from: pointer + from, byteCount: to &- from)
            target &+= to &- from
        }
        resize(at: target, from: end &- target, to: 0, in: arena)
        adjustCount(by: -indices.count)
    }

    /// Removes all elements.
    mutating func removeAll(in arena: Arena) {
        resize(at: start, from: end &- start, to: 0, in: arena)
        storedCount = 0
    }

    /// Moves the elements from `index` on to a listpack of their own.
    mutating func split(at index: Int, in arena: Arena) -> Listpack {
        var tail = Listpack(in: arena)
        tail.insert(contentsOf: self, from: index, to: end, at: tail.start, in: arena)
        let count = count
        resize(at: index, from: end &- index, to: 0, in: arena)
        storedCount = UInt16(truncatingIfNeeded: min(count - tail.count, Int(Listpack.uncounted)))
        return tail
    }

    /// How many elements there are from one offset to before another.
    private func count(from: Int, to: Int) -> Int {
        if from == start, to == end { return count }
        var count = 0
        var at = from
        while at < to {
            at = index(after: at)
            count += 1
        }
        return count
    }

    /// Makes `new` bytes of `old` ones at `index`, and moves what follows.
    @inline(__always)
    private mutating func resize(at index: Int, from old: Int, to new: Int, in arena: Arena) {
        let size = byteCount
        assert(index >= start && index + old < size)
        let newSize = size &- old &+ new
        precondition(newSize <= Int(UInt32.max))
        // The block holds `size` bytes, and was allocated for them.
        unsafe pointer = unsafe arena.splice(pointer, size: size, at: index, old: old, new: new)
        byteCount = newSize
    }
}
