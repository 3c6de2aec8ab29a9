/// An entry that was delivered and not acknowledged yet.
struct PendingEntry: Identified {
    let id: StreamID
    /// Unix time in milliseconds of the last delivery.
    var deliveryTime: Int64
    var deliveryCount: UInt64
    /// Where the group keeps its consumer.
    var consumer: UInt32
}

/// A reader of a group.
final class Consumer {
    let name: [UInt8]
    /// Where the group keeps it.
    let slot: UInt32
    /// Unix time in milliseconds when it last tried to read or claim.
    var seenTime: Int64
    /// When it last got something; nil if it never did.
    var activeTime: Int64?
    /// The IDs of what is pending for it; only the group changes them.
    fileprivate(set) var pending = SortedRows<StreamID>()

    fileprivate init(name: [UInt8], slot: UInt32, seenTime: Int64) {
        self.name = name
        self.slot = slot
        self.seenTime = seenTime
    }

    /// The object, its name, and its places in the group, as `malloc` rounds them.
    fileprivate var ownBytes: Int { 112 + 48 + name.count + 12 }
}

/// A group of consumers that share out the entries of a stream among them.
///
/// What is pending is one record of 40 bytes in the group, and the ID once more for the consumer.
final class ConsumerGroup: Value {
    let name: [UInt8]
    let arena: Arena
    /// The last entry that was delivered.
    var lastID: StreamID
    /// How many entries of all that were ever added come up to `lastID`; nil if that is not known.
    var entriesRead: Int64?
    private(set) var pending = SortedRows<PendingEntry>()
    /// By slot, with gaps.
    private var slots: [Consumer?] = []
    /// In the order of their names.
    private(set) var consumers: [Consumer] = []
    /// The bytes of all consumers.
    private var consumerBytes = 0
    /// No pending entry that the stream still has was delivered before; not always the time of one.
    private var earliestDelivery = Int64.max
    /// The delivery that clients go by who wait for something to claim: they have to be told of an earlier one.
    ///
    /// The beginning of time if there are none.
    private var awaitedDelivery = Int64.min

    init(name: [UInt8], lastID: StreamID, entriesRead: Int64?, in arena: Arena) {
        self.name = name
        self.lastID = lastID
        self.entriesRead = entriesRead
        self.arena = arena
        super.init()
    }

    deinit {
        while !releaseSome(blocks: .max) {}
    }

    override var memoryUse: Int { 160 &+ name.count &+ 32 &+ pending.memoryUse &+ consumerBytes }

    // MARK: Consumers

    /// The consumer of this name.
    func consumer(_ name: RawSpan) -> Consumer? {
        let index = consumers.place(of: name)
        guard index < consumers.count, consumers[index].isNamed(name) else { return nil }
        return consumers[index]
    }

    /// Makes a consumer of a name that none has.
    func makeConsumer(_ name: RawSpan, now: Int64) -> Consumer {
        let free = slots.firstIndex { $0 == nil } ?? slots.count
        let consumer = Consumer(name: [UInt8](name), slot: UInt32(truncatingIfNeeded: free), seenTime: now)
        if free == slots.count { slots.append(consumer) } else { slots[free] = consumer }
        consumers.insert(consumer, at: consumers.place(of: name))
        consumerBytes += consumer.ownBytes
        return consumer
    }

    /// Deletes a consumer and what is pending for it.
    func delete(_ consumer: Consumer) {
        consumer.pending.forEach { id in
            if let path = pending.find(id) { pending.remove(at: path, in: arena) }
            return true
        }
        consumerBytes -= consumer.ownBytes + consumer.pending.memoryUse
        consumer.pending.removeAll(in: arena)
        slots[Int(consumer.slot)] = nil
        consumers.removeAll { $0 === consumer }
    }

    /// The consumer for which an entry is pending.
    func consumer(of entry: PendingEntry) -> Consumer? { slots[Int(entry.consumer)] }

    // MARK: Pending entries

    /// What is pending under this ID.
    @inline(__always)
    func find(_ id: StreamID) -> PendingEntry? { pending.find(id).map { pending[$0] } }

    /// Makes an entry pending for a consumer, delivered once; another consumer loses it.
    @inline(__always)
    func deliver(_ id: StreamID, to consumer: Consumer, now: Int64) {
        let entry = PendingEntry(id: id, deliveryTime: now, deliveryCount: 1, consumer: consumer.slot)
        earliestDelivery = min(earliestDelivery, now)
        if pending.insert(entry, in: arena) { add(id, to: consumer) } else { put(entry, for: consumer) }
    }

    /// Puts a record in, or in the place of the one with its ID, and makes it its consumer's.
    func put(_ entry: PendingEntry, for consumer: Consumer) {
        var entry = entry
        entry.consumer = consumer.slot
        earliestDelivery = min(earliestDelivery, entry.deliveryTime)
        guard let path = pending.find(entry.id) else {
            _ = pending.insert(entry, in: arena)
            return add(entry.id, to: consumer)
        }
        if pending[path].consumer != consumer.slot {
            drop(entry.id, from: self.consumer(of: pending[path]))
            add(entry.id, to: consumer)
        }
        pending[path] = entry
    }

    /// Takes an ID from what is pending; false if it is not.
    func acknowledge(_ id: StreamID) -> Bool {
        guard let path = pending.find(id) else { return false }
        drop(id, from: consumer(of: pending[path]))
        pending.remove(at: path, in: arena)
        return true
    }

    /// Notes that a consumer got an entry again that is pending for it.
    func redeliver(_ id: StreamID, now: Int64) {
        guard let path = pending.find(id) else { return }
        earliestDelivery = min(earliestDelivery, now)
        pending[path].deliveryTime = now
        pending[path].deliveryCount &+= 1
    }

    /// The pending entries that were delivered up to a time and that `exists` allows: the first ones, in the
    /// order of their deliveries, at most so many.
    ///
    /// All are looked at unless it is known that none is old enough.
    func pendingEntries(
        deliveredBy time: Int64, most: Int, where exists: (StreamID) -> Bool
    ) -> [PendingEntry] {
        guard earliestDelivery <= time else { return [] }
        var found: [PendingEntry] = []
        var (earliest, cut) = (Int64.max, Int64.max)
        let pruned = max(most, Self.leastPruned) &* 2
        func prune() {
            found.sort {
                $0.deliveryTime == $1.deliveryTime ? $0.id < $1.id : $0.deliveryTime < $1.deliveryTime
            }
            guard found.count >= most, most > 0 else { return }
            found.removeSubrange(most...)
            cut = found[most - 1].deliveryTime
        }
        pending.forEach { entry in
            let isOld = entry.deliveryTime <= time && entry.deliveryTime < cut
            if isOld, !exists(entry.id) { return true }
            earliest = min(earliest, entry.deliveryTime)
            // Of entries of one time those with smaller IDs, which came before, are first.
            if isOld {
                found.append(entry)
                if found.count == pruned { prune() }
            }
            return true
        }
        prune()
        earliestDelivery = earliest
        return found
    }

    /// When one of the pending entries may be idle for so many milliseconds, at the earliest.
    ///
    /// Nil if none is pending that the stream still has. Whoever asks waits for that, and `wakes` tells if it
    /// comes sooner.
    func earliestClaim(idle: Int64) -> Int64? {
        awaitedDelivery = pending.isEmpty ? .max : earliestDelivery
        guard !pending.isEmpty, earliestDelivery != .max else { return nil }
        let (time, overflow) = earliestDelivery.addingReportingOverflow(idle)
        return overflow ? nil : time
    }

    /// Whether those who wait for something to claim are to look again as an entry is pending now that was
    /// delivered at a time; they are taken to do so.
    func wakes(deliveryAt time: Int64) -> Bool {
        guard time < awaitedDelivery else { return false }
        awaitedDelivery = .min
        return true
    }

    /// Notes that entries may have come back that the stream did not have any more.
    func forgetEarliestDelivery() { earliestDelivery = 0 }

    /// Lists are not cut for less.
    private static let leastPruned = 32

    @inline(__always)
    private func add(_ id: StreamID, to consumer: Consumer) {
        let before = consumer.pending.memoryUse
        _ = consumer.pending.insert(id, in: arena)
        consumerBytes &+= consumer.pending.memoryUse &- before
    }

    private func drop(_ id: StreamID, from consumer: Consumer?) {
        guard let consumer, let path = consumer.pending.find(id) else { return }
        let before = consumer.pending.memoryUse
        consumer.pending.remove(at: path, in: arena)
        consumerBytes &+= consumer.pending.memoryUse &- before
    }

    // MARK: As a part of a value

    /// A group of its own with the same consumers and pending entries.
    func twin() -> ConsumerGroup {
        let copy = ConsumerGroup(name: name, lastID: lastID, entriesRead: entriesRead, in: arena)
        copy.earliestDelivery = earliestDelivery
        copy.pending = pending.copy(in: arena) { $0 }
        copy.slots = slots.map { consumer in
            guard let consumer else { return nil }
            let twin = Consumer(name: consumer.name, slot: consumer.slot, seenTime: consumer.seenTime)
            twin.activeTime = consumer.activeTime
            twin.pending = consumer.pending.copy(in: arena) { $0 }
            copy.consumerBytes += twin.ownBytes + twin.pending.memoryUse
            return twin
        }
        copy.consumers = consumers.compactMap { copy.slots[Int($0.slot)] }
        return copy
    }

    override var releaseCost: Int {
        consumers.reduce(1 + pending.blockCount) { $0 + 1 + $1.pending.blockCount }
    }

    override func releaseSome(blocks budget: Int) -> Bool {
        var left = max(budget, 1)
        while left > 0, let last = consumers.last {
            if last.pending.removeSome(blocks: &left, in: arena) { consumers.removeLast() }
        }
        guard consumers.isEmpty else { return false }
        slots = []
        return pending.removeSome(blocks: &left, in: arena)
    }

    /// Stops if group and consumers disagree; for tests.
    func checkInvariants() {
        pending.checkInvariants()
        var (total, bytes) = (0, 0)
        for (index, consumer) in consumers.enumerated() {
            precondition(slots[Int(consumer.slot)] === consumer, "slot")
            if index > 0 {
                precondition(consumers[index - 1].name.lexicographicallyPrecedes(consumer.name), "names")
            }
            consumer.pending.checkInvariants()
            total += consumer.pending.count
            bytes += consumer.ownBytes + consumer.pending.memoryUse
            consumer.pending.forEach { id in
                precondition(find(id)?.consumer == consumer.slot, "a consumer's pending entry")
                return true
            }
        }
        precondition(total == pending.count, "pending entries")
        precondition(bytes == consumerBytes, "bytes of consumers")
        precondition(slots.count { $0 != nil } == consumers.count, "slots")
    }
}

/// What stands in a row by its name.
protocol Named: AnyObject {
    var name: [UInt8] { get }
}

extension Consumer: Named {}
extension ConsumerGroup: Named {}

extension Named {
    /// Whether the name is this.
    @inline(__always)
    func isNamed(_ other: RawSpan) -> Bool {
        // The name's own storage, borrowed for the call.
        unsafe name.count == other.byteCount && Bytes.equal(name.span.bytes, other, count: name.count)
    }
}

extension Array where Element: Named {
    /// Where the element of this name is, or would be.
    func place(of name: RawSpan) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            // As above.
            if unsafe Bytes.order(self[middle].name.span.bytes, name) < 0 {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}
