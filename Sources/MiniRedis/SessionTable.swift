/// The sessions of a server, found by slot in constant time.
struct SessionTable {
    private var slots: [Session?] = []
    private var free: [Int] = []
    private var lastID: Int64 = 0

    /// How many clients are connected.
    private(set) var count = 0

    /// A number that no client had.
    mutating func takeID() -> Int64 {
        lastID += 1
        return lastID
    }

    /// Makes a session of this number, for which `create` gets the handle.
    mutating func insert(id: Int64, _ create: (SessionHandle) -> Session) -> Session {
        let slot = free.popLast() ?? slots.count
        let session = create(SessionHandle(slot: slot, id: id))
        if slot == slots.count { slots.append(session) } else { slots[slot] = session }
        count += 1
        return session
    }

    /// The session that `handle` names, unless it has ended.
    @inline(__always)
    subscript(_ handle: SessionHandle) -> Session? {
        guard handle.slot < slots.count, let session = slots[handle.slot], session.id == handle.id else {
            return nil
        }
        return session
    }

    /// The session that has a slot now.
    @inline(__always)
    func session(inSlot slot: Int) -> Session? {
        slot < slots.count ? slots[slot] : nil
    }

    /// Ends a session; returns it if it was there.
    mutating func remove(_ handle: SessionHandle) -> Session? {
        guard let session = self[handle] else { return nil }
        slots[handle.slot] = nil
        free.append(handle.slot)
        count -= 1
        return session
    }

    /// All sessions, the oldest first.
    var all: [Session] { slots.compactMap { $0 }.sorted { $0.id < $1.id } }

    /// Visits all sessions, in no particular order.
    func forEach(_ body: (Session) -> Void) {
        for case let session? in slots { body(session) }
    }

    /// The session with this client id.
    func withID(_ id: Int64) -> Session? { slots.lazy.compactMap { $0 }.first { $0.id == id } }
}
