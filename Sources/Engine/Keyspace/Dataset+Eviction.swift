import RESP

/// What is remembered from one eviction to the next.
struct Evictor {
    var pool = EvictionPool()
    /// The rule by which the pool was filled.
    var rule: EvictionRule?
    /// The keyspace where the last look began: each gets its turn.
    var turn = 0
}

/// Deleting keys because there is too much data.
extension Dataset {
    /// What became of the wish to evict a key.
    public enum Eviction: Sendable, Equatable {
        /// A key of this keyspace is gone.
        case evicted(database: Int)
        /// No key may go.
        case nothingLeft
        /// Those that might are being read in slices.
        case frozen
    }

    /// Deletes the key that the rule says, and tells so.
    ///
    /// For the orders by use it looks at about `samples` keys. Others are told with `word`: DEL or UNLINK.
    public func evict(
        _ rule: EvictionRule, samples: Int, now: Int64, as word: StaticString
    ) -> Eviction {
        guard !frozen.holdsAll else { return .frozen }
        effects.isLoose = true
        let choice =
            switch rule.order {
            case .leastRecent, .leastFrequent: leastUsed(rule, samples: samples, now: now)
            case .random: randomKey(rule.scope)
            case .firstDue: firstDue()
            }
        guard let choice else { return frozen.isEmpty ? .nothingLeft : .frozen }
        let (keyspace, key) = choice
        // The array lives until the key is gone.
        let span = unsafe key.span.bytes
        var slot = keyspace.locate(span)
        guard slot.entry != nil else { return .nothingLeft }
        keyspace.remove(&slot)
        statistics.evicted &+= 1
        effects.deleted(span, .evicted, in: keyspace.number, as: word)
        return .evicted(database: keyspace.number)
    }

    private typealias Choice = (keyspace: Keyspace, key: [UInt8])

    // MARK: By use

    private func leastUsed(_ rule: EvictionRule, samples: Int, now: Int64) -> Choice? {
        if evictor.rule != rule {
            evictor.pool.removeAll()
            evictor.rule = rule
        }
        // Whoever is in the pool may have gone or been used since; what is sampled now may not.
        for _ in 0..<Self.mostRounds {
            guard sample(rule, samples, now) else { return nil }
            while let best = evictor.pool.takeBest() {
                if let choice = confirm(best, rule, now) { return choice }
            }
        }
        // Only what is being read was found.
        return frozen.isEmpty ? randomKey(rule.scope) : nil
    }

    /// Rounds of samples without a single key that may go: only frozen keys make a second one necessary.
    private static let mostRounds = 4
    /// Keyspaces that are sampled for one eviction.
    private static let mostKeyspaces = 16

    /// Offers some keys to the pool; false if there are none at all.
    private func sample(_ rule: EvictionRule, _ samples: Int, _ now: Int64) -> Bool {
        var left = Self.mostKeyspaces
        evictor.turn = (evictor.turn + 1) % keyspaces.count
        let start = evictor.turn
        for step in 0..<keyspaces.count where left > 0 {
            let keyspace = keyspaces[(start + step) % keyspaces.count]
            guard keyspace.hasKeys(rule.scope) else { continue }
            left -= 1
            keyspace.sample(samples, rule.scope, using: &random) { entry in
                let score = AccessClock.score(entry.accessClock, rule.order, now, settings)
                if evictor.pool.wants(score) {
                    evictor.pool.offer(entry.key, in: keyspace.number, score: score)
                }
            }
        }
        return left < Self.mostKeyspaces
    }

    /// The candidate, if it may still go and nobody used it since it was sampled; if it was used, it competes
    /// again as what it is now.
    private func confirm(_ candidate: EvictionPool.Candidate, _ rule: EvictionRule, _ now: Int64) -> Choice? {
        let keyspace = keyspaces[candidate.database]
        // The array lives until the call returns.
        let key = unsafe candidate.key.span.bytes
        guard let entry = keyspace.locate(key).entry,
            rule.scope == .allKeys || entry.hasDeadline, !frozen.holds(key, in: keyspace.number)
        else { return nil }
        let score = AccessClock.score(entry.accessClock, rule.order, now, settings)
        if score < candidate.score, let next = evictor.pool.candidates.last, next.score > score {
            evictor.pool.offer(key, in: keyspace.number, score: score)
            return nil
        }
        return (keyspace, candidate.key)
    }

    // MARK: By chance, by deadline

    /// A key of the next keyspace that has one.
    private func randomKey(_ scope: EvictionRule.Scope) -> Choice? {
        for _ in keyspaces.indices {
            evictor.turn = (evictor.turn + 1) % keyspaces.count
            let keyspace = keyspaces[evictor.turn]
            guard keyspace.hasKeys(scope) else { continue }
            for _ in 0..<Self.mostPicks {
                let entry =
                    scope == .allKeys
                    ? keyspace.table.random(using: &random) : keyspace.deadlines.randomEntry(using: &random)
                guard let entry else { break }
                if !frozen.holds(entry.key, in: keyspace.number) { return (keyspace, [UInt8](entry.key)) }
            }
        }
        return nil
    }

    /// Picks in one keyspace that may hit a key that is being read.
    private static let mostPicks = 16

    /// The key that is due first of all.
    private func firstDue() -> Choice? {
        var best: (deadline: Int64, keyspace: Keyspace, entry: Entry)?
        for keyspace in keyspaces {
            let first = keyspace.deadlines.first { !frozen.holds($0.entry.key, in: keyspace.number) }
            guard let first, first.deadline < best?.deadline ?? .max || best == nil else { continue }
            best = (first.deadline, keyspace, first.entry)
        }
        return best.map { ($0.keyspace, [UInt8]($0.entry.key)) }
    }
}

extension Keyspace {
    /// Whether any key may go.
    @inline(__always)
    fileprivate func hasKeys(_ scope: EvictionRule.Scope) -> Bool {
        scope == .allKeys ? table.count > 0 : deadlines.count > 0
    }

    /// Visits about `count` keys that lie together by chance, or are picked one by one where neighbours have
    /// something in common.
    @inline(__always)
    fileprivate func sample(
        _ count: Int, _ scope: EvictionRule.Scope, using random: inout RandomSource, _ visit: (Entry) -> Void
    ) {
        if scope == .allKeys { return table.sample(count, using: &random, visit) }
        // Deadlines set one after the other are neighbours in the index, and so are keys of the same age.
        for _ in 0..<min(count, deadlines.count) {
            if let entry = deadlines.randomEntry(using: &random) { visit(entry) }
        }
    }
}
