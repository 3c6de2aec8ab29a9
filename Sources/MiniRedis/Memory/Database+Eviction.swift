import Engine
import Reactor

/// What the actor keeps for `maxmemory`.
struct EvictionState {
    /// Wakes the task that goes on where a command had to stop; there once the server runs.
    fileprivate var bell: Registration?
    /// Whether that task has something to do.
    fileprivate(set) var isContinued = false
    /// Whether keys are being evicted just now.
    fileprivate var isActive = false
    /// Since when memory has been above its limit (monotonic nanoseconds); nil while it is not.
    private var exceededSince: UInt64?
    /// Nanoseconds that it was before.
    private var exceeded: UInt64 = 0

    /// Milliseconds for which memory has been above its limit now, and in all.
    var exceededTimes: (current: UInt64, total: UInt64) {
        let current = exceededSince.map { MonotonicClock.nanoseconds() &- $0 } ?? 0
        return (current / 1_000_000, (exceeded + current) / 1_000_000)
    }

    /// Notes whether memory is above its limit.
    fileprivate mutating func note(isExceeded: Bool) {
        if !isExceeded, exceededSince == nil { return }
        let now = MonotonicClock.nanoseconds()
        if isExceeded {
            if exceededSince == nil { exceededSince = now }
        } else if let since = exceededSince.take() {
            exceeded += now &- since
        }
    }

    /// Forgets the times, as CONFIG RESETSTAT does.
    mutating func resetStatistics() {
        exceededSince = nil
        exceeded = 0
    }
}

/// Keeping below `maxmemory`.
extension Database {
    /// How it stands with the memory.
    enum Room {
        case enough
        /// There will be as soon as others had their turn.
        case soon
        /// There is too much data, and no key may go.
        case none
    }

    /// Evicts keys until there is room for what is to come, for as long as `maxmemory-eviction-tenacity`
    /// allows; what is left then is done bit by bit in turns of its own.
    ///
    /// `keyspace` is the one that was changed since the last look; without it all are looked at.
    func makeRoom(in keyspace: Keyspace?) -> Room {
        guard configuration.maxMemory > 0, !clients.pause.isActive(lastNow) else { return .enough }
        // Who is served because of an eviction has to wait for the end of it.
        guard !eviction.isActive else { return .soon }
        if let keyspace { followMemory(of: keyspace) } else { lookAtMemory() }
        var room = Room.enough
        if memoryMeter.used > memoryLimit, keyspace == nil || isReallyFull() {
            room = configuration.maxMemoryPolicy.rule.map(evictSome) ?? .none
        }
        eviction.note(isExceeded: room != .enough)
        return room
    }

    /// Whether there is too much data also when all keyspaces are looked at: some may have been exchanged or
    /// emptied a moment ago.
    private func isReallyFull() -> Bool {
        // Of more keyspaces only the regular look tells.
        guard dataset.keyspaces.count <= Self.mostFollowed else { return true }
        for keyspace in dataset.keyspaces { memoryMeter.follow(keyspace) }
        return memoryMeter.used > memoryLimit
    }

    /// Keyspaces that may be looked at for each command, in a fraction of a microsecond.
    private static let mostFollowed = 64

    /// Evicts keys until there is enough room, or time is up.
    private func evictSome(_ rule: EvictionRule) -> Room {
        let start = Ticks.now()
        let now = clock.milliseconds()
        let word: StaticString = configuration.lazyEviction ? "UNLINK" : "DEL"
        eviction.isActive = true
        defer {
            eviction.isActive = false
            if !dataset.effects.isEmpty { publishEffects(by: nil) }
        }
        var count = 0
        while memoryMeter.used > memoryLimit {
            switch dataset.evict(rule, samples: configuration.maxMemorySamples, now: now, as: word) {
            case .evicted(let database): memoryMeter.follow(dataset.keyspaces[database])
            case .nothingLeft: return .none
            case .frozen:
                hurry()
                continueEviction()
                return .soon
            }
            count += 1
            guard count.isMultiple(of: Self.evictionsPerLook) else { continue }
            if !dataset.effects.isEmpty { publishEffects(by: nil) }
            if Ticks.now() &- start > configuration.evictionTicks {
                continueEviction()
                return .soon
            }
        }
        return .enough
    }

    /// Keys evicted between two looks at the clock.
    private static let evictionsPerLook = 16

    // MARK: The rest

    /// Has eviction go on in turns of its own.
    func continueEviction() {
        guard !eviction.isContinued, let bell = eviction.bell else { return }
        eviction.isContinued = true
        bell.signal()
    }

    /// Evicts what commands had to leave, slice by slice, until the task is cancelled.
    func keepEvicting() async {
        let bell = Registration(on: loop)
        eviction.bell = bell
        await withTaskCancellationHandler {
            while await bell.wait(for: []).isDisjoint(with: [.cancelled, .closed]) {
                while !Task.isCancelled, housekeep({ evictSlice() }) { await loop.yield() }
            }
        } onCancel: {
            bell.cancel()
        }
        eviction.bell = nil
        bell.close()
    }

    /// Evicts for as long as a command might; false when there is no more to do.
    private func evictSlice() -> Bool {
        lastNow = clock.milliseconds()
        eviction.isContinued = makeRoom(in: nil) == .soon
        if tracking.isActive { settleTracking() }
        return eviction.isContinued
    }

    /// Begins to evict when the limit was set below what is in use.
    func followLimit(since old: Configuration) {
        memoryMeter.expire()
        guard configuration.maxMemory > 0, configuration.maxMemory != old.maxMemory else { return }
        lookAtMemory()
        guard memoryMeter.used > memoryLimit else { return }
        log(
            .warning,
            "The new limit of maxmemory (\(configuration.maxMemory)) is below the memory in use"
                + " (\(memoryMeter.used)): as maxmemory-policy says, keys are evicted or writes refused.")
        continueEviction()
    }
}

extension MaxMemoryPolicy {
    /// Which keys go; nil if none may.
    var rule: EvictionRule? {
        switch self {
        case .volatileLRU: EvictionRule(.keysWithDeadline, .leastRecent)
        case .volatileLFU: EvictionRule(.keysWithDeadline, .leastFrequent)
        case .volatileRandom: EvictionRule(.keysWithDeadline, .random)
        case .volatileTTL: EvictionRule(.keysWithDeadline, .firstDue)
        case .allKeysLRU: EvictionRule(.allKeys, .leastRecent)
        case .allKeysLFU: EvictionRule(.allKeys, .leastFrequent)
        case .allKeysRandom: EvictionRule(.allKeys, .random)
        case .noeviction: nil
        }
    }
}

extension Configuration {
    /// How long a command may be held up by evictions: Redis's scale, half a millisecond by default, growing
    /// by 15 percent a step above, up to several minutes; without an end at 100.
    var evictionTicks: UInt64 {
        switch evictionTenacity {
        case ..<11: return Ticks.count(ofNanoseconds: UInt64(max(evictionTenacity, 0)) * 50_000)
        case 100...: return .max
        default:
            var nanoseconds = 500_000.0
            for _ in 10..<evictionTenacity { nanoseconds *= 1.15 }
            // A reading may grow by four seconds at most where it is converted at once.
            let seconds = (nanoseconds / 1e9).rounded(.down)
            return UInt64(seconds) &* Ticks.count(ofNanoseconds: 1_000_000_000)
                &+ Ticks.count(ofNanoseconds: UInt64(nanoseconds - seconds * 1e9))
        }
    }
}
