import Engine
import Reactor

/// An account of the bytes in use that is cheap enough to be asked before every command.
///
/// What a keyspace has is known exactly at any time (`Keyspace.liveMemory`), so between two full looks the
/// account follows the keyspaces that are used. The rest is looked at anew every millisecond, or so seldom that
/// looking takes a fiftieth of the time at most: clients' buffers, as there may be many clients, and the C
/// library's own figures, for which it visits every free piece of its memory. A million long values of which
/// half were deleted make that a tenth of a second, so it is asked only while few blocks hold data; from then
/// on what it told last is taken for what belongs to neither data nor clients.
struct MemoryMeter {
    /// Bytes in use but for what only waits to be given back.
    private(set) var used = 0
    /// What the keyspaces had when they were last looked at.
    private var marks: [Int] = []
    /// When the next full look is due, in ticks.
    private var nextLook: UInt64 = 0
    /// Bytes of clients.
    fileprivate(set) var clients = 0
    /// Bytes that belong neither to data nor to clients, by the last look at the heap.
    fileprivate var rest = 0
    /// Bytes that `malloc` held then without their being in use.
    fileprivate(set) var idle = 0

    /// Whether a full look is due.
    @inline(__always)
    func isDue(_ ticks: UInt64) -> Bool { ticks >= nextLook }

    /// Makes the next look due at once.
    mutating func expire() { nextLook = 0 }

    /// Follows one keyspace.
    @inline(__always)
    mutating func follow(_ keyspace: Keyspace) {
        let present = keyspace.liveMemory
        used &+= present &- marks[keyspace.number]
        marks[keyspace.number] = present
    }

    /// What a followed keyspace may have before `limit` bytes are in use.
    @inline(__always)
    func bound(of keyspace: Keyspace, within limit: Int) -> Int {
        marks[keyspace.number].addingReportingOverflow(limit &- used).partialValue
    }

    /// Takes over the result of a full look.
    fileprivate mutating func note(_ used: Int, _ keyspaces: [Keyspace], since start: UInt64) {
        self.used = used
        if marks.count == keyspaces.count {
            for keyspace in keyspaces { marks[keyspace.number] = keyspace.liveMemory }
        } else {
            marks = keyspaces.map(\.liveMemory)
        }
        let now = Ticks.now()
        nextLook = now &+ max(Self.shortestPause, (now &- start) &* Self.restraint)
    }

    private static let shortestPause = Ticks.count(ofNanoseconds: 1_000_000)
    private static let restraint: UInt64 = 50
    /// So many blocks, the free ones between them included, are visited in about a millisecond.
    fileprivate static let mostHeapBlocks = 2048
    /// What a connected client has on the heap, about, besides its buffers: its session and its tasks.
    fileprivate static let clientBytes = 6 << 10
    /// Blocks that belong to it.
    fileprivate static let clientBlocks = 8
}

extension Database {
    /// Bytes in use; what only waits to be given back, a matter of moments, is not.
    var usedMemory: Int {
        lookAtMemory()
        return max(memoryMeter.used, 0)
    }

    /// Brings the account up to date for all keyspaces.
    func lookAtMemory() {
        let start = Ticks.now()
        let own = dataset.ownMemory
        // In a program that does other things too only the data is the server's.
        if environment.sharesProcess { return memoryMeter.note(own, dataset.keyspaces, since: start) }
        var clients = sessions.count * MemoryMeter.clientBytes
        sessions.forEach { clients += $0.bufferMemory }
        let blocks = dataset.heapBlocks + sessions.count * MemoryMeter.clientBlocks
        if blocks <= MemoryMeter.mostHeapBlocks, dataset.discarded.isEmpty {
            let heap = ProcessMemory.heap()
            memoryMeter.rest = heap.used + dataset.mappedMemory.used - own - clients
            memoryMeter.idle = heap.held - heap.used
        }
        memoryMeter.clients = clients
        memoryMeter.note(own + clients + memoryMeter.rest, dataset.keyspaces, since: start)
    }

    /// Brings the account up to date for one keyspace, and for all if that is due.
    @inline(__always)
    func followMemory(of keyspace: Keyspace) {
        if memoryMeter.isDue(Ticks.now()) { lookAtMemory() } else { memoryMeter.follow(keyspace) }
    }

    /// What a keyspace may have before the limit is reached, if nothing else changes.
    func memoryBound(of keyspace: Keyspace) -> Int {
        guard configuration.maxMemory > 0 else { return .max }
        followMemory(of: keyspace)
        return memoryMeter.bound(of: keyspace, within: memoryLimit)
    }

    /// The limit as a number of bytes that can be reckoned with.
    var memoryLimit: Int { Int(min(configuration.maxMemory, UInt64(Int.max / 2))) }
}

extension Session {
    /// Bytes of the client's buffers, and of what it has queued and watches.
    var bufferMemory: Int {
        outbox.figures.queryUsed + outbox.figures.queryFree + outbox.figures.replyCapacity + outbox.waiting
            + transactionMemory
    }
}
