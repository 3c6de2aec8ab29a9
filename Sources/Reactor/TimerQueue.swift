/// Names one timer of a `TimerQueue`; never mistaken for a later one in the same place.
package struct TimerID: Hashable, Sendable {
    var index: UInt32
    var generation: UInt32

    /// Names no timer at all, in half the room of an optional.
    static let none = TimerID(index: .max, generation: 0)
}

/// Deadlines with something to hand back when each is due, soonest first.
///
/// A heap of four children a node: shallower than a binary one, and the children that a step
/// compares lie in one cache line. Each entry knows its place in the heap, so that cancelling and
/// moving a timer cost no search. An entry takes 24 bytes and its payload. Timers that are due at
/// the same millisecond come out in no particular order.
package struct TimerQueue<Payload> {
    private struct HeapNode {
        var deadline: Int64
        var entry: UInt32
    }

    private struct Entry {
        var generation: UInt32
        /// Where the heap has it; for a free entry the next free one.
        var place: UInt32
        /// `nil` marks a free entry.
        var payload: Payload?
    }

    private static var fanOut: Int { 4 }

    private var heap: [HeapNode] = []
    private var entries: [Entry] = []
    private var firstFree = UInt32.max

    package init() {}

    package var count: Int { heap.count }
    package var isEmpty: Bool { heap.isEmpty }

    /// The soonest deadline.
    package var next: Deadline? {
        heap.isEmpty ? nil : Deadline(milliseconds: heap[0].deadline)
    }

    /// Adds a timer.
    package mutating func insert(_ payload: Payload, at deadline: Deadline) -> TimerID {
        let index = takeEntry(payload)
        heap.append(HeapNode(deadline: deadline.milliseconds, entry: index))
        siftUp(heap.count - 1)
        return TimerID(index: index, generation: entries[Int(index)].generation)
    }

    /// Moves a timer earlier or later; false if it is gone.
    @discardableResult
    package mutating func move(_ id: TimerID, to deadline: Deadline) -> Bool {
        guard let place = place(of: id) else { return false }
        let earlier = deadline.milliseconds < heap[place].deadline
        heap[place].deadline = deadline.milliseconds
        if earlier { siftUp(place) } else { siftDown(place) }
        return true
    }

    /// Takes a timer out before it is due; `nil` if it is gone.
    @discardableResult
    package mutating func cancel(_ id: TimerID) -> Payload? {
        guard let place = place(of: id) else { return nil }
        return remove(at: place)
    }

    /// Takes out the soonest timer if it is due by then.
    package mutating func popDue(by now: Deadline) -> Payload? {
        guard let first = heap.first, first.deadline <= now.milliseconds else { return nil }
        return remove(at: 0)
    }

    private func place(of id: TimerID) -> Int? {
        guard id.index < entries.count else { return nil }
        let entry = entries[Int(id.index)]
        guard entry.generation == id.generation, entry.payload != nil else { return nil }
        return Int(entry.place)
    }
}

// MARK: - The heap

extension TimerQueue {
    private mutating func takeEntry(_ payload: Payload) -> UInt32 {
        guard firstFree != .max else {
            precondition(entries.count < UInt32.max, "four thousand million timers")
            entries.append(Entry(generation: 0, place: 0, payload: payload))
            return UInt32(entries.count - 1)
        }
        let index = firstFree
        firstFree = entries[Int(index)].place
        entries[Int(index)].payload = payload
        return index
    }

    private mutating func remove(at place: Int) -> Payload? {
        let index = heap[place].entry
        let last = heap.removeLast()
        if place < heap.count {
            let earlier = last.deadline < heap[place].deadline
            set(last, at: place)
            if earlier { siftUp(place) } else { siftDown(place) }
        }
        let payload = entries[Int(index)].payload.take()
        entries[Int(index)].generation &+= 1
        entries[Int(index)].place = firstFree
        firstFree = index
        return payload
    }

    private mutating func siftUp(_ start: Int) {
        var place = start
        let node = heap[place]
        while place > 0 {
            let parent = (place - 1) / Self.fanOut
            guard node.deadline < heap[parent].deadline else { break }
            set(heap[parent], at: place)
            place = parent
        }
        set(node, at: place)
    }

    private mutating func siftDown(_ start: Int) {
        var place = start
        let node = heap[place]
        while true {
            let first = place * Self.fanOut + 1
            guard first < heap.count else { break }
            var least = first
            for child in first..<min(first + Self.fanOut, heap.count)
            where heap[child].deadline < heap[least].deadline {
                least = child
            }
            guard heap[least].deadline < node.deadline else { break }
            set(heap[least], at: place)
            place = least
        }
        set(node, at: place)
    }

    private mutating func set(_ node: HeapNode, at place: Int) {
        heap[place] = node
        entries[Int(node.entry)].place = UInt32(place)
    }

    /// Stops the program if the heap's order, the places or the free list are not what they should be.
    package func checkInvariants() {
        for (place, node) in heap.enumerated() {
            precondition(entries[Int(node.entry)].place == place, "an entry knows its place")
            precondition(entries[Int(node.entry)].payload != nil, "an entry in the heap is in use")
            let parent = heap[max(0, place - 1) / Self.fanOut]
            precondition(parent.deadline <= node.deadline, "a parent is due before its children")
        }
        var free = 0
        var index = firstFree
        while index != .max {
            precondition(entries[Int(index)].payload == nil, "a free entry is empty")
            index = entries[Int(index)].place
            free += 1
        }
        precondition(free + heap.count == entries.count, "each entry is free or in the heap")
    }
}
