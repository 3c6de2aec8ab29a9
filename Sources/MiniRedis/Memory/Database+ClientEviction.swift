import Engine
import Reactor

/// `maxmemory-clients`: closing the clients that use most memory when all together use too much.
extension Database {
    /// Bytes that clients may use; nil if any number.
    private var clientMemoryLimit: Int? {
        let setting = configuration.maxMemoryClients
        if setting == 0 { return nil }
        if setting > 0 { return max(Int(setting), Self.leastClientMemory) }
        // Percent of a limit that there is not.
        guard configuration.maxMemory > 0 else { return nil }
        let share = Double(configuration.maxMemory) * Double(-setting) / 100
        return max(Int(min(share, 1e18)), Self.leastClientMemory)
    }

    /// With less nobody could talk to the server: as in Redis.
    private static let leastClientMemory = 128 << 10
    /// Of so many clients the memory is summed up before every batch, of more as often as `MemoryMeter` says.
    private static let mostSummed = 64

    /// Closes clients until the others use less than the limit, the largest first.
    ///
    /// Spared are those that have asked for it (CLIENT NO-EVICT), whose memory is not counted either.
    @inline(never)
    func evictClients() {
        guard let limit = clientMemoryLimit else { return }
        if sessions.count > Self.mostSummed {
            guard memoryMeter.isDue(Ticks.now()) else { return }
            lookAtMemory()
        }
        var sum = 0
        sessions.forEach { if $0.isEvictable { sum += $0.memoryUse } }
        guard sum >= limit else { return }
        var candidates: [(session: Session, bytes: Int)] = []
        sessions.forEach { if $0.isEvictable { candidates.append(($0, $0.memoryUse)) } }
        candidates.sort { $0.bytes > $1.bytes }
        for (session, bytes) in candidates where sum >= limit {
            sum -= bytes
            log(.notice, "Evicting client: \(session.line(lastNow))")
            statistics.evictedClients += 1
            end(session)
        }
    }
}

extension Session {
    /// Whether the client may be closed for the memory that it uses.
    fileprivate var isEvictable: Bool { closing == .no && !options.contains(.noEvict) }
}
