/// How long a loop that has nothing to do lets its descriptors gather events before it looks again.
///
/// What network cards do with their interrupts: under load, to be woken by each request costs server and
/// clients more than the request. A loop that is not asleep in `epoll_wait` is not woken; it finds several
/// requests at its next look.
///
/// Nobody may have to wait for that who would notice. So the rest lasts as long as a few arrivals take, as
/// measured last, and there is one only while many descriptors take turns: if even one in eight of a
/// sample's arrivals came from a descriptor that was in it already, the clients wait for replies, and rests
/// would only slow them down.
struct Moderation {
    /// Nanoseconds of the next rest; zero when there is to be none.
    private(set) var rest: UInt64 = 0
    /// Tells samples apart: whoever has its number on record is in the present one.
    private(set) var sample: UInt32 = 1
    private var arrivals: UInt64 = 0
    private var repeats: UInt64 = 0
    private var start: UInt64 = 0

    /// After so many arrivals the rest is measured afresh.
    static var arrivalsPerSample: UInt64 { 24 }
    /// How many arrivals a rest is to gather.
    static var arrivalsPerRest: UInt64 { 3 }
    /// The longest rest, in nanoseconds: what arrives more seldom is served at once.
    static var longestRest: UInt64 { 50_000 }
    /// The shortest one that is worth two switches of a thread.
    static var shortestRest: UInt64 { 4_000 }

    /// Counts an arrival: a repeated one if its descriptor is in the sample already.
    @inline(__always)
    mutating func note(isRepeated: Bool) {
        arrivals &+= 1
        if isRepeated { repeats &+= 1 }
    }

    /// Ends the sample if it is big enough; to be called after each look with the monotonic clock's time.
    @inline(__always)
    mutating func endLook(now: UInt64) {
        if arrivals >= Self.arrivalsPerSample { endSample(now: now) }
    }

    private mutating func endSample(now: UInt64) {
        let wanted = (now &- start) / arrivals &* Self.arrivalsPerRest
        let isWorthIt = (Self.shortestRest...Self.longestRest).contains(wanted)
        rest = isWorthIt && repeats &* 8 <= arrivals ? wanted : 0
        begin(now: now)
    }

    /// Begins anew without rests, as one was in vain or others than the descriptors bring work.
    mutating func stop(now: UInt64) {
        rest = 0
        begin(now: now)
    }

    private mutating func begin(now: UInt64) {
        (arrivals, repeats, start) = (0, 0, now)
        sample &+= 1
    }
}
