/// The deadlines of a keyspace in exact order: a heap with five children a node.
///
/// Each entry knows its position here, so changing and removing need no search. The five children of
/// a node share a cache line, as a slot has only 12 bytes (`DeadlineSlot`). Slots lie in pages of the
/// arena, so growth never copies, but for the first few: until they fill a block, a small one does. The index must go before its arena does; store it in a `let`.
@safe struct DeadlineIndex: ~Copyable {
    /// A deadline and whose it is.
    struct Slot: BitwiseCopyable {
        /// Milliseconds, on whatever clock the caller uses.
        var deadline: Int64
        var entry: Entry
    }

    @safe struct State {
        var count = 0
        var pageCount = 0
        var pageCapacity = 0
        /// Lines in all pages; up to `smallLines` the first page is a smaller block.
        var lineCapacity = 0
        var pages: UnsafeMutablePointer<UnsafeMutableRawPointer>?
    }

    /// A line of 64 bytes holds five slots.
    static var bytesPerDeadline: Int { 13 }

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

    /// The bytes that the index occupies, those in its arena included.
    var memoryUse: Int { state.lineCapacity * Self.lineBytes + ownBytes }

    /// The bytes that the index occupies outside its arena.
    var ownBytes: Int { state.pageCapacity * MemoryLayout<UInt>.stride + MemoryLayout<State>.stride }

    /// The earliest deadline and its entry.
    var first: Slot? {
        @inline(__always) get { state.count == 0 ? nil : slot(0) }
    }

    /// An entry picked at random, each as likely as any other.
    func randomEntry(using generator: inout some RandomNumberGenerator) -> Entry? {
        state.count == 0 ? nil : slot(Int.random(in: 0..<state.count, using: &generator)).entry
    }

    /// The earliest deadline of those that `isWanted`; if that is none of the first ones, the earliest of a
    /// few others.
    func first(where isWanted: (Slot) -> Bool) -> Slot? {
        var best: Slot?
        for position in 0..<min(state.count, Self.mostSearched) {
            let slot = slot(position)
            if best.map({ $0.deadline <= slot.deadline }) == true || !isWanted(slot) { continue }
            best = slot
            if position == 0 { break }
        }
        return best
    }

    /// Slots that are looked at where the first is not wanted.
    private static var mostSearched: Int { 64 }

    /// The mean of at most `most` deadlines, spread evenly over the index; nil when it is empty.
    func meanDeadline(of most: Int) -> Int64? {
        if count == 0 { return nil }
        let sample = min(count, max(most, 1))
        // A sum of deadlines may be too large, a sum of their shares is not.
        var (quotients, remainders): (Int64, Int64) = (0, 0)
        for number in 0..<sample {
            let share = slot(number * count / sample).deadline.quotientAndRemainder(dividingBy: Int64(sample))
            quotients += share.quotient
            remainders += share.remainder
        }
        return quotients + remainders / Int64(sample)
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
        if DeadlineIndex.line(of: position).line >= state.lineCapacity { grow() }
        state.count = position + 1
        siftUp(DeadlineSlot(deadline, entry, in: arena), deadline, from: position)
    }

    /// Gives an entry of the index another deadline.
    func update(_ entry: Entry, deadline: Int64) {
        let position = position(of: entry)
        let old = packed(position)
        let oldDeadline = old.deadline
        old.release(in: arena)
        let slot = DeadlineSlot(deadline, entry, in: arena)
        if deadline < oldDeadline {
            siftUp(slot, deadline, from: position)
        } else {
            siftDown(slot, deadline, from: position)
        }
    }

    /// Takes an entry out of the index.
    func remove(_ entry: Entry) {
        let position = position(of: entry)
        let removed = packed(position)
        let removedDeadline = removed.deadline
        removed.release(in: arena)
        let last = state.count - 1
        let moved = packed(last)
        state.count = last
        if position < last {
            let deadline = moved.deadline
            if deadline < removedDeadline {
                siftUp(moved, deadline, from: position)
            } else {
                siftDown(moved, deadline, from: position)
            }
        }
        let needed = last == 0 ? 0 : DeadlineIndex.page(of: last - 1) + 1
        if needed < state.pageCount { dropPage() }
    }

    /// Tells the index that an entry, position included, was copied to another block.
    @inline(__always)
    func entryMoved(_ entry: Entry) {
        let position = Int(entry.deadlinePosition)
        precondition(position < state.count)
        // The position is below `count`.
        unsafe DeadlineSlot.setEntry(entry, at: address(position))
    }

    /// Forgets everything; the index's blocks go with their arena, which is discarded afterwards.
    func abandon() {
        state.count = 0
        state.pageCount = 0
        state.lineCapacity = 0
    }

    /// How many deadlines are before `limit`; takes as long as there are such.
    func count(before limit: Int64) -> Int { count(before: limit, from: 0) }

    private func count(before limit: Int64, from position: Int) -> Int {
        guard position < state.count, packed(position).deadline < limit else { return 0 }
        var sum = 1
        for child in position * 5 + 1...position * 5 + 5 { sum += count(before: limit, from: child) }
        return sum
    }

    /// Whether any deadline is not before `limit`; looks first where the late ones are.
    func hasDeadline(notBefore limit: Int64) -> Bool {
        for position in (0..<state.count).reversed() where packed(position).deadline >= limit { return true }
        return false
    }

    /// Stops if the index is not as it should be; for tests.
    func checkInvariants() {
        for position in 0..<state.count {
            let slot = slot(position)
            precondition(slot.entry.hasDeadline && Int(slot.entry.deadlinePosition) == position, "position")
            precondition(
                position == 0 || self.slot((position - 1) / 5).deadline <= slot.deadline, "order")
        }
    }

    // MARK: The heap

    /// Where an entry is; stops if the index does not have it.
    @inline(__always)
    private func position(of entry: Entry) -> Int {
        let position = Int(entry.deadlinePosition)
        precondition(position < state.count && packed(position).entry == entry)
        return position
    }

    private func siftUp(_ moving: DeadlineSlot, _ deadline: Int64, from start: Int) {
        var position = start
        while position > 0 {
            // Unsigned, as that divides faster.
            let parent = Int(bitPattern: UInt(bitPattern: position &- 1) / 5)
            let other = packed(parent)
            if other.deadline <= deadline { break }
            place(other, at: position)
            position = parent
        }
        place(moving, at: position)
    }

    private func siftDown(_ moving: DeadlineSlot, _ deadline: Int64, from start: Int) {
        let count = state.count
        var position = start
        while true {
            let firstChild = position &* 5 &+ 1
            if firstChild >= count { break }
            // The children fill the line after the parent's number.
            let line = unsafe lineAddress(position &+ 1)
            let children = min(5, count &- firstChild)
            // The line has these children, as the last of them is below `count`.
            var best = unsafe DeadlineSlot(at: line)
            var bestDeadline = best.deadline
            var bestChild = 0
            var child = 1
            while child < children {
                // As above.
                let other = unsafe DeadlineSlot(at: line + child &* DeadlineSlot.byteCount)
                let otherDeadline = other.deadline
                if otherDeadline < bestDeadline {
                    best = other
                    bestDeadline = otherDeadline
                    bestChild = child
                }
                child &+= 1
            }
            if bestDeadline >= deadline { break }
            place(best, at: position)
            position = firstChild &+ bestChild
        }
        place(moving, at: position)
    }

    @inline(__always)
    private func place(_ slot: DeadlineSlot, at position: Int) {
        // The slot is below `count`, so its page exists.
        unsafe slot.store(at: address(position))
        slot.entry.deadlinePosition = UInt32(truncatingIfNeeded: position)
    }

    @inline(__always)
    private func packed(_ position: Int) -> DeadlineSlot {
        // As in `place`.
        unsafe DeadlineSlot(at: address(position))
    }

    @inline(__always)
    private func slot(_ position: Int) -> Slot {
        let packed = packed(position)
        return Slot(deadline: packed.deadline, entry: packed.entry)
    }

    // MARK: Lines and pages

    /// Lines of 64 bytes in a page of 64 KiB.
    private static var linesPerPage: Int { @inline(__always) get { 1024 } }
    private static var lineBytes: Int { @inline(__always) get { 64 } }
    /// As many lines as fit the arena's largest block take no page of their own.
    private static var smallLines: Int { Arena.largestBlock / lineBytes }

    /// The root is the last of five slots in line 0, so the children of position `p` fill line `p + 1`.
    @inline(__always)
    private static func line(of position: Int) -> (line: Int, slot: Int) {
        let index = UInt(bitPattern: position &+ 4)
        let line = index / 5
        return (Int(bitPattern: line), Int(bitPattern: index &- line &* 5))
    }

    private static func page(of position: Int) -> Int { line(of: position).line / linesPerPage }

    @unsafe @inline(__always)
    private func address(_ position: Int) -> UnsafeMutableRawPointer {
        let (line, slot) = DeadlineIndex.line(of: position)
        // The caller's position is below `count`, so the line exists, and has five slots.
        return unsafe lineAddress(line) + slot &* DeadlineSlot.byteCount
    }

    @unsafe @inline(__always)
    private func lineAddress(_ line: Int) -> UnsafeMutableRawPointer {
        // The caller's line has a slot below `count`, so its page exists.
        let page = unsafe state.pages.unsafelyUnwrapped[line &>> 10]
        // As above.
        return unsafe page + (line & (DeadlineIndex.linesPerPage &- 1)) &* 64
    }

    /// Makes room for at least one more line.
    private func grow() {
        if state.pageCount == state.pageCapacity { growPages() }
        let lines = state.lineCapacity
        guard lines <= Self.smallLines else {
            // There is room for one more page's address now.
            unsafe state.pages?[state.pageCount] = arena.allocatePage()
            state.pageCount += 1
            state.lineCapacity = lines + Self.linesPerPage
            return
        }
        let isPage = lines == Self.smallLines
        let capacity = isPage ? Self.linesPerPage : max(2, lines * 2)
        // A new block with room for the lines of the old one.
        let block = unsafe isPage ? arena.allocatePage() : arena.allocate(capacity * Self.lineBytes)
        if lines > 0, let old = unsafe state.pages?[0] {
            // The old block has so many lines, and is not used any more.
            unsafe block.copyMemory(from: old, byteCount: lines * Self.lineBytes)
            // As above.
            unsafe arena.deallocate(old, lines * Self.lineBytes)
        }
        // As above.
        unsafe state.pages?[0] = block
        state.pageCount = 1
        state.lineCapacity = capacity
    }

    private func dropPage() {
        state.pageCount -= 1
        // The last page's slots are beyond `count`.
        guard let page = unsafe state.pages?[state.pageCount] else { return }
        if state.lineCapacity <= Self.smallLines {
            // The only block, which has so many lines.
            unsafe arena.deallocate(page, state.lineCapacity * Self.lineBytes)
            state.lineCapacity = 0
        } else {
            // As above.
            unsafe arena.deallocatePage(page)
            state.lineCapacity -= Self.linesPerPage
        }
    }

    /// Doubles the list of pages: 8 KiB are copied at five million deadlines.
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
