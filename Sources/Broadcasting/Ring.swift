/// A queue in one array, used in a circle: elements go in at its end and out at its front.
struct Ring<Element: Sendable>: Sendable {
    private var slots: [Element?] = []
    private var head = 0
    private(set) var count = 0

    /// Slots that an empty ring keeps, for the next elements; a longer array is given back.
    private static var keptSlots: Int { 16 }
    private static var fewestSlots: Int { 4 }

    var isEmpty: Bool { count == 0 }

    /// Something of the oldest element, which needs no copy for that.
    @inline(__always)
    func first<Value>(_ part: (borrowing Element) -> Value) -> Value? {
        guard count > 0, slots[head] != nil else { return nil }
        return slots[head].map { part($0) }
    }

    /// Lends the element at an index, counted from the oldest, if there is one.
    mutating func update(_ index: Int, _ body: (inout Element) -> Void) {
        guard index >= 0, index < count else { return }
        let slot = position(index)
        if var element = slots[slot].take() {
            body(&element)
            slots[slot] = element
        }
    }

    /// The element at an index, counted from the oldest, if there is one.
    subscript(index: Int) -> Element? {
        index >= 0 && index < count ? slots[position(index)] : nil
    }

    mutating func append(_ element: Element) {
        if count == slots.count { grow() }
        slots[position(count)] = element
        count += 1
    }

    mutating func popFirst() -> Element? {
        guard count > 0 else { return nil }
        let element = slots[head].take()
        count -= 1
        head = count == 0 ? 0 : (head + 1) & (slots.count - 1)
        if count == 0, slots.count > Self.keptSlots { slots = [] }
        return element
    }

    private func position(_ index: Int) -> Int { (head + index) & (slots.count - 1) }

    private mutating func grow() {
        var larger: [Element?] = []
        // A power of two, so that positions are found by a mask.
        let capacity = max(slots.count * 2, Self.fewestSlots)
        larger.reserveCapacity(capacity)
        for index in 0..<count { larger.append(slots[position(index)]) }
        larger.append(contentsOf: repeatElement(nil, count: capacity - count))
        slots = larger
        head = 0
    }
}
