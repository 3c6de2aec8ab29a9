/// Which clients may have which keys, as they have read them.
///
/// Keys are not told apart by database, as in Redis. A client that has gone or tracks nothing any more is
/// found out when one of its keys changes. An array with a dictionary into it, so that a key can be picked
/// at random when there are too many.
struct TrackedReads {
    private struct Slot {
        let key: [UInt8]
        var clients: Set<SessionHandle>
    }

    private var slots: [Slot] = []
    private var places: [[UInt8]: Int] = [:]

    /// How many keys there are.
    var count: Int { slots.count }
    /// How many clients there are for all keys together.
    private(set) var itemCount = 0

    /// Notes that a client has read a key.
    mutating func remember(_ key: [UInt8], by client: SessionHandle) {
        if let place = places[key] {
            if slots[place].clients.insert(client).inserted { itemCount += 1 }
        } else {
            places[key] = slots.count
            slots.append(Slot(key: key, clients: [client]))
            itemCount += 1
        }
    }

    /// Takes a key out, with those who have read it.
    mutating func take(_ key: [UInt8]) -> Set<SessionHandle> {
        guard let place = places.removeValue(forKey: key) else { return [] }
        let slot = slots[place]
        slots.swapAt(place, slots.count - 1)
        slots.removeLast()
        if place < slots.count { places[slots[place].key] = place }
        itemCount -= slot.clients.count
        return slot.clients
    }

    /// Takes a key out that chance picks.
    mutating func takeAny() -> (key: [UInt8], clients: Set<SessionHandle>)? {
        guard let key = slots.randomElement()?.key else { return nil }
        return (key, take(key))
    }

    /// Forgets everything.
    mutating func removeAll() { self = TrackedReads() }
}
