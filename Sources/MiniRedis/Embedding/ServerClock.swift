import Reactor
import Synchronization

/// What a server takes for the time: the machine's clock, or one that a program moves.
///
/// All that clients can see of time goes by it: deadlines of keys, pauses, idle times, TIME. Waits that
/// only protect the server, such as that for clients that don't read when it ends, go by the machine's.
final class ServerClock: Sendable {
    /// The machine's.
    static let machine = ServerClock(isMoved: false, 0)

    /// Whether the clock stands still unless it is moved.
    let isMoved: Bool
    private let reading: Atomic<Int64>
    private let followers = Guarded<[ObjectIdentifier: ClockFollower]>([:])

    private init(isMoved: Bool, _ milliseconds: Int64) {
        self.isMoved = isMoved
        reading = Atomic(milliseconds)
    }

    /// A clock that stands at a time until it is moved.
    convenience init(standingAt milliseconds: Int64) {
        self.init(isMoved: true, milliseconds)
    }

    /// Unix time in milliseconds.
    @inline(__always)
    func milliseconds() -> Int64 {
        isMoved ? reading.load(ordering: .relaxed) : WallClock.milliseconds()
    }

    /// Unix time in microseconds; a moved clock knows no parts of milliseconds.
    func microseconds() -> Int64 {
        isMoved ? milliseconds().multipliedReportingOverflow(by: 1000).partialValue : WallClock.microseconds()
    }

    /// A number that is another in each millisecond of real time, for figures that are taken once in each.
    @inline(__always)
    func realMilliseconds(_ now: Int64) -> Int64 { isMoved ? WallClock.milliseconds() : now }

    /// When a loop's timer is to ring for what is due so many milliseconds from now; nil if moving the
    /// clock will tell.
    func deadline(in milliseconds: Int64) -> Deadline? {
        isMoved ? nil : .after(milliseconds: max(milliseconds, 0))
    }

    // MARK: Moving

    /// Moves the clock on, or back, and has each server that goes by it do what is due then.
    func move(by milliseconds: Int64) async {
        precondition(isMoved, "the machine's clock is the administrator's")
        var old = reading.load(ordering: .relaxed)
        while true {
            let (sum, overflow) = old.addingReportingOverflow(milliseconds)
            let new = overflow ? (milliseconds < 0 ? 0 : Self.latest) : min(max(sum, 0), Self.latest)
            let (exchanged, original) = reading.compareExchange(
                expected: old, desired: new, ordering: .acquiringAndReleasing)
            if exchanged { break }
            old = original
        }
        for follower in followers.withLock({ Array($0.values) }) { await follower.act() }
    }

    /// Far enough for anybody, and so near that sums with it do not overflow: 146 million years.
    private static let latest = Int64.max / 2

    /// Has a server act when the clock is moved, until the task is cancelled.
    func follow(by follower: ClockFollower, for database: Database) async {
        followers.withLock { $0[ObjectIdentifier(follower)] = follower }
        await follower.run(for: database)
        followers.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(follower)) }
    }
}
