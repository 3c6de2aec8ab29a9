/// A row of small records with room at both ends: a handle on a block of an `Arena`.
///
/// It does not own the block: whoever keeps it frees it in the same arena, and uses no older copy after
/// a change. Adding and removing at an end costs the same however long it is; elsewhere the shorter
/// side moves.
@safe struct Deck<Record: BitwiseCopyable>: BitwiseCopyable {
    private var base: UnsafeMutablePointer<Record>?
    private var capacity32: UInt32 = 0
    private var head32: UInt32 = 0
    private var count32: UInt32 = 0

    init() {}

    /// How many records there are.
    private(set) var count: Int {
        @inline(__always) get { Int(count32) }
        @inline(__always) set { count32 = UInt32(truncatingIfNeeded: newValue) }
    }

    private var capacity: Int { @inline(__always) get { Int(capacity32) } }

    /// Where in the block the first record is.
    private var head: Int {
        @inline(__always) get { Int(head32) }
        @inline(__always) set { head32 = UInt32(truncatingIfNeeded: newValue) }
    }

    /// The bytes of the block.
    var memoryUse: Int { unsafe base == nil ? 0 : Arena.cost(byteCount) }

    private var byteCount: Int { capacity &* MemoryLayout<Record>.stride }

    subscript(index: Int) -> Record {
        @inline(__always) _read {
            assert(index >= 0 && index < count)
            // The record is one of `count`, so there is a block around it.
            yield unsafe base.unsafelyUnwrapped[head &+ index]
        }
        @inline(__always) nonmutating _modify {
            assert(index >= 0 && index < count)
            // As above.
            yield unsafe &base.unsafelyUnwrapped[head &+ index]
        }
    }

    /// Puts a record in front of that at `index`, or behind the last.
    mutating func insert(_ record: Record, at index: Int, in arena: Arena) {
        precondition(index >= 0 && index <= count)
        let movesHead = index < count - index
        if !(movesHead ? head > 0 : head + count < capacity) { makeRoom(atHead: movesHead, in: arena) }
        // `makeRoom` has left a place at that end of the block.
        if let base = unsafe base {
            if movesHead {
                // As above.
                unsafe (base + head - 1).update(from: base + head, count: index)
                head -= 1
            } else {
                // As above.
                unsafe (base + head + index + 1).update(from: base + head + index, count: count - index)
            }
            // As above.
            unsafe base[head + index] = record
        }
        count += 1
    }

    /// Takes the record at `index` out.
    @discardableResult
    mutating func remove(at index: Int, in arena: Arena) -> Record {
        precondition(index >= 0 && index < count)
        let record = self[index]
        let movesHead = index < count - 1 - index
        // There is a block, as there is a record, and the records stay inside.
        if let base = unsafe base {
            if movesHead {
                // As above.
                unsafe (base + head + 1).update(from: base + head, count: index)
                head += 1
            } else {
                // As above.
                unsafe (base + head + index).update(from: base + head + index + 1, count: count - 1 - index)
            }
        }
        count -= 1
        if count == 0 {
            free(in: arena)
        } else if capacity > 4, count * 4 <= capacity {
            move(toCapacity: capacity / 2, head: (capacity / 2 - count) / 2, in: arena)
        }
        return record
    }

    /// Gives the block back; the deck is empty afterwards.
    mutating func free(in arena: Arena) {
        // The block has the size it was allocated with.
        if let base = unsafe base { unsafe arena.deallocate(base, byteCount) }
        self = Deck()
    }

    /// Makes a place at one end: by moving the records if a quarter of the block is free, else in a larger one.
    private mutating func makeRoom(atHead: Bool, in arena: Arena) {
        if count * 4 > capacity * 3 || capacity == 0 {
            // Whoever adds at one end will go on there.
            let larger = max(4, capacity * 2)
            return move(toCapacity: larger, head: atHead ? larger - count : 0, in: arena)
        }
        // Both ends are used; the other one gets a share too.
        let spare = capacity - count
        move(toCapacity: capacity, head: atHead ? spare - spare / 4 : spare / 4, in: arena)
    }

    private mutating func move(toCapacity newCapacity: Int, head newHead: Int, in arena: Arena) {
        if newCapacity == capacity {
            // All records are inside before and afterwards.
            if let base = unsafe base { unsafe (base + newHead).update(from: base + head, count: count) }
            head = newHead
            return
        }
        let size = newCapacity &* MemoryLayout<Record>.stride
        // A new block with room for all records.
        let moved = unsafe arena.allocate(size).bindMemory(to: Record.self, capacity: newCapacity)
        // The old block has the size it was allocated with, and its records fit into the new one.
        if let base = unsafe base {
            unsafe (moved + newHead).initialize(from: base + head, count: count)
            // As above.
            unsafe arena.deallocate(base, byteCount)
        }
        // As above.
        unsafe base = unsafe moved
        capacity32 = UInt32(newCapacity)
        head = newHead
    }
}
