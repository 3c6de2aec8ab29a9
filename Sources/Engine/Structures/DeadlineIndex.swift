/// The deadlines of a keyspace in exact order: a heap with four children a node.
///
/// Each entry knows its position here, so changing and removing need no search. The four children of
/// a node share a cache line. Slots lie in pages of the arena, so growth never copies. The index
/// must go before its arena does; store it in a `let`.
@safe struct DeadlineIndex: ~Copyable {
    struct Slot: BitwiseCopyable {
        /// Milliseconds, on whatever clock the caller uses.
        var deadline: Int64
        var entry: Entry
    }

    @safe struct State {
        var count = 0
        var pageCount = 0
        var pageCapacity = 0
        var pages: UnsafeMutablePointer<UnsafeMutableRawPointer>?
    }

    /// Slots of 16 bytes in a page of 64 KiB.
    private static var slotsPerPage: Int { @inline(__always) get { 4096 } }
    /// Slots left free at the start, so that children (4p + 1 … 4p + 4) start on a cache line.
    private static var offset: Int { @inline(__always) get { 3 } }

    private let arena: Arena
    private let statePointer: UnsafeMutablePointer<State>

    init(arena: Arena) {
        self.arena = arena
        // Lives until `deinit`.
        unsafe statePointer = UnsafeMutablePointer<State>.allocate(capacity: 1)
        // As above.
        unsafe statePointer.initialize(to: State())
    }

    deinit {
        while state.pageCount > 0 { dropPage() }
        // Nobody can reach the index any more.
        unsafe state.pages?.deallocate()
        // As above.
        unsafe statePointer.deallocate()
    }

    private var state: State {
        @inline(__always) _read {
            // Lives as long as the index does.
            yield unsafe statePointer.pointee
        }
        @inline(__always) nonmutating _modify {
            // Lives as long as the index does.
            yield unsafe &statePointer.pointee
        }
    }

    /// How many entries have a deadline.
    var count: Int { @inline(__always) get { state.count } }

    /// The bytes that the index occupies.
    var memoryUse: Int {
        state.pageCount * Page.byteCount + state.pageCapacity * MemoryLayout<UInt>.stride
            + MemoryLayout<State>.stride
    }

    /// The earliest deadline and its entry.
    var first: Slot? {
        @inline(__always) get { state.count == 0 ? nil : slot(0) }
    }

    /// The mean of at most `most` deadlines, spread evenly over the index; nil when it is empty.
    func meanDeadline(of most: Int) -> Int64? {
        if count == 0 { return nil }
        let sample = min(count, max(most, 1))
        var sum = 0.0
        for number in 0..<sample { sum += Double(slot(number * count / sample).deadline) }
        return Int64(sum / Double(sample))
    }

    /// The deadline of an entry that the index has.
    @inline(__always)
    func deadline(of entry: Entry) -> Int64 {
        slot(position(of: entry)).deadline
    }

    /// Adds an entry made with `hasDeadline`, which the index does not have yet.
    func insert(_ entry: Entry, deadline: Int64) {
        precondition(entry.hasDeadline)
        let position = state.count
        if (position + DeadlineIndex.offset) / DeadlineIndex.slotsPerPage >= state.pageCount { addPage() }
        state.count = position + 1
        siftUp(Slot(deadline: deadline, entry: entry), from: position)
    }

    /// Gives an entry of the index another deadline.
    func update(_ entry: Entry, deadline: Int64) {
        let position = position(of: entry)
        let old = slot(position).deadline
        let slot = Slot(deadline: deadline, entry: entry)
        if deadline < old { siftUp(slot, from: position) } else { siftDown(slot, from: position) }
    }

    /// Takes an entry out of the index.
    func remove(_ entry: Entry) {
        let position = position(of: entry)
        let removed = slot(position).deadline
        let last = state.count - 1
        let moved = slot(last)
        state.count = last
        if position < last {
            if moved.deadline < removed {
                siftUp(moved, from: position)
            } else {
                siftDown(moved, from: position)
            }
        }
        let needed = last == 0 ? 0 : (last - 1 + DeadlineIndex.offset) / DeadlineIndex.slotsPerPage + 1
        if needed < state.pageCount { dropPage() }
    }

    /// Tells the index that an entry, position included, was copied to another block.
    @inline(__always)
    func entryMoved(_ entry: Entry) {
        let position = Int(entry.deadlinePosition)
        precondition(position < state.count)
        setEntry(entry, at: position)
    }

    /// Forgets everything; the index's pages go with their arena, which is discarded afterwards.
    func abandon() {
        state.count = 0
        state.pageCount = 0
    }

    /// Stops if the index is not as it should be; for tests.
    func checkInvariants() {
        for position in 0..<state.count {
            let slot = slot(position)
            precondition(slot.entry.hasDeadline && Int(slot.entry.deadlinePosition) == position, "position")
            precondition(
                position == 0 || self.slot((position - 1) / 4).deadline <= slot.deadline, "order")
        }
    }

    // MARK: The heap

    /// Where an entry is; stops if the index does not have it.
    @inline(__always)
    private func position(of entry: Entry) -> Int {
        let position = Int(entry.deadlinePosition)
        precondition(position < state.count && slot(position).entry == entry)
        return position
    }

    private func siftUp(_ moving: Slot, from start: Int) {
        var position = start
        while position > 0 {
            let parent = (position &- 1) &>> 2
            let other = slot(parent)
            if other.deadline <= moving.deadline { break }
            place(other, at: position)
            position = parent
        }
        place(moving, at: position)
    }

    private func siftDown(_ moving: Slot, from start: Int) {
        let count = state.count
        var position = start
        while true {
            let firstChild = position &* 4 &+ 1
            if firstChild >= count { break }
            var best = firstChild
            var bestDeadline = slot(firstChild).deadline
            var child = firstChild &+ 1
            while child < min(firstChild &+ 4, count) {
                let deadline = slot(child).deadline
                if deadline < bestDeadline {
                    best = child
                    bestDeadline = deadline
                }
                child &+= 1
            }
            if bestDeadline >= moving.deadline { break }
            place(slot(best), at: position)
            position = best
        }
        place(moving, at: position)
    }

    @inline(__always)
    private func place(_ slot: Slot, at position: Int) {
        // The slot is below `count`, so its page exists.
        unsafe address(position).storeBytes(of: slot, as: Slot.self)
        slot.entry.deadlinePosition = UInt32(truncatingIfNeeded: position)
    }

    @inline(__always)
    private func slot(_ position: Int) -> Slot {
        // As in `place`.
        unsafe address(position).load(as: Slot.self)
    }

    @inline(__always)
    private func setEntry(_ entry: Entry, at position: Int) {
        // As in `place`; the entry follows the deadline.
        unsafe address(position).storeBytes(of: entry, toByteOffset: 8, as: Entry.self)
    }

    // MARK: Pages

    @unsafe @inline(__always)
    private func address(_ position: Int) -> UnsafeMutableRawPointer {
        let index = position &+ DeadlineIndex.offset
        // The caller's position is below `count`, so the page exists.
        let page = unsafe state.pages.unsafelyUnwrapped[index &>> 12]
        // As above; a page has 4096 slots of 16 bytes.
        return unsafe page + (index & (DeadlineIndex.slotsPerPage &- 1)) &* 16
    }

    private func addPage() {
        if state.pageCount == state.pageCapacity { growPages() }
        // There is room for one more page's address now.
        unsafe state.pages?[state.pageCount] = arena.allocatePage()
        state.pageCount += 1
    }

    private func dropPage() {
        state.pageCount -= 1
        // The last page's slots are beyond `count`.
        if let page = unsafe state.pages?[state.pageCount] { unsafe arena.deallocatePage(page) }
    }

    /// Doubles the list of pages: 8 KiB are copied at four million deadlines.
    private func growPages() {
        let capacity = max(4, state.pageCapacity * 2)
        let pages = UnsafeMutablePointer<UnsafeMutableRawPointer>.allocate(capacity: capacity)
        // There is no list before the first page.
        if let old = unsafe state.pages {
            // The new list is the longer one.
            unsafe pages.initialize(from: old, count: state.pageCount)
            // The old one is not used any more.
            unsafe old.deallocate()
        }
        // As above.
        unsafe state.pages = pages
        state.pageCapacity = capacity
    }
}
