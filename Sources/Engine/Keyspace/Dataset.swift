/// All numbered keyspaces with what they share: the data of one server.
///
/// Not isolated by itself; whoever owns it (the `Database` actor, a test) uses it from one place.
public final class Dataset {
    public let keyspaces: [Keyspace]
    public let effects = Effects()
    private let figures: Pinned<Figures>
    /// Where big collections keep their elements: not with their keys, as a collection may move to
    /// another keyspace and is freed by itself.
    let elements: Arena
    /// What keys have let go of and whose memory waits to be given back.
    public let discarded = Discarded()

    /// How keys are chosen that are evicted.
    var evictor = Evictor()

    /// What long commands are using.
    public internal(set) var frozen = FrozenKeys() {
        didSet { figures.state.freeze = Freeze(isAny: !frozen.isEmpty, isAll: frozen.holdsAll) }
    }

    /// Creates `count` empty keyspaces whose hashing and random choices derive from `seed`.
    ///
    /// The seed is to be unknown to clients, or they could choose keys that collide.
    public init(databases count: Int, seed: (UInt64, UInt64)) {
        let sipKey = SipKey(low: seed.0, high: seed.1)
        figures = Pinned(Figures(random: RandomSource(seed: seed.0 ^ 0x9e37_79b9_7f4a_7c15 &+ seed.1)))
        let dropped = discarded.values
        elements = Arena(dropped: dropped)
        let elements = elements
        keyspaces = (0..<max(count, 1)).map {
            Keyspace(number: $0, sipKey: sipKey, elements: elements, dropped: dropped)
        }
    }

    deinit {
        // Before the keyspaces go, whose big values would wait there for nobody.
        discarded.values.close()
    }

    /// How much of the data is frozen: what each batch asks, and seldom is more than no.
    public struct Freeze: BitwiseCopyable {
        /// Whether any key is.
        public fileprivate(set) var isAny = false
        /// Whether all keys are.
        public fileprivate(set) var isAll = false
    }

    /// What commands look at and count.
    private struct Figures: BitwiseCopyable {
        var freeze = Freeze()
        var settings = DatasetSettings()
        var statistics = DatasetStatistics()
        var random: RandomSource
    }

    /// How much of the data is frozen.
    public var freeze: Freeze { @inline(__always) get { figures.state.freeze } }

    public var settings: DatasetSettings {
        @inline(__always) _read { yield figures.state.settings }
        @inline(__always) _modify { yield &figures.state.settings }
    }

    public var statistics: DatasetStatistics {
        @inline(__always) _read { yield figures.state.statistics }
        @inline(__always) _modify { yield &figures.state.statistics }
    }

    var random: RandomSource {
        @inline(__always) _read { yield figures.state.random }
        @inline(__always) _modify { yield &figures.state.random }
    }

    /// The earliest deadline of any key or field in Unix milliseconds.
    public var firstDeadline: Int64? { keyspaces.compactMap(\.firstDeadline).min() }

    /// Bytes that all keyspaces occupy.
    public var memoryUse: Int { keyspaces.reduce(0) { $0 + $1.memoryUse } }
}

/// What configuration sets for commands.
public struct DatasetSettings: Sendable, BitwiseCopyable {
    /// Longest string in bytes (`proto-max-bulk-len`).
    public var bulkLength = 512 << 20
    /// Whether access clocks count frequency instead of time (an LFU `maxmemory-policy`).
    public var countsFrequency = false
    /// How slowly the frequency counter saturates (`lfu-log-factor`).
    public var frequencyLogFactor = 10
    /// Minutes after which the frequency counter loses one (`lfu-decay-time`).
    public var frequencyDecayMinutes = 1
    /// Whether small whole numbers are told to be kept once for all keys: not where each key's clock counts.
    public var sharesIntegers = true
    /// Whether the end of a due key is propagated as UNLINK in place of DEL (`lazyfree-lazy-expire`).
    public var unlinksDueKeys = false

    /// From so many elements on a command is done in slices, of which each has an eighth as many.
    public var fewestSliced = 8192

    /// How large collections may be that are kept packed.
    public var collections = CollectionLimits()

    /// The command that tells others of a due key's end.
    var wordForDueKeys: StaticString { unlinksDueKeys ? "UNLINK" : "DEL" }

    /// Redis's defaults.
    public init() {}
}

/// Totals for INFO.
public struct DatasetStatistics: Sendable, BitwiseCopyable {
    public var hits: UInt64 = 0
    public var misses: UInt64 = 0
    public var expired: UInt64 = 0
    /// Fields of hashes.
    public var expiredFields: UInt64 = 0
    public var evicted: UInt64 = 0

    /// Starts at zero.
    public init() {}
}

/// A small, fast generator (SplitMix64) for random picks; no secret is made from it.
struct RandomSource: RandomNumberGenerator, BitwiseCopyable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z &>> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z &>> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z &>> 31)
    }
}
