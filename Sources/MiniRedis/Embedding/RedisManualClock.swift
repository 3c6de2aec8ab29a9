import Reactor

/// A clock for servers that stands still until the program moves it, so that tests of what expires
/// need not sleep.
///
/// ```swift
/// let clock = RedisManualClock()
/// try await withRedisServer(clock: clock) { server in
///     try await withRedisClient(.inProcess(name: server.name)) { client in
///         try await client.set("session", "abc", expiring: .after(.seconds(1800)))
///         await clock.advance(by: .seconds(1801))
///         // It is gone, and its keyspace event was sent.
///         print(try await client.get("session") == nil)
///     }
/// }
/// ```
///
/// All that clients can see of time goes by it: times to live, `TIME`, `OBJECT IDLETIME`, `CLIENT PAUSE`,
/// the directive `timeout`. Several servers may go by one clock. It may be used from any task.
public final class RedisManualClock: Sendable {
    let clock: ServerClock

    /// Makes a clock that stands at the machine's present time.
    public convenience init() {
        self.init(unixMilliseconds: WallClock.milliseconds())
    }

    /// Makes a clock that stands at a Unix time in milliseconds; times before 1970 become 0.
    public init(unixMilliseconds: Int64) {
        clock = ServerClock(standingAt: max(unixMilliseconds, 0))
    }

    /// Where the clock stands: Unix time in milliseconds.
    public var unixMilliseconds: Int64 { clock.milliseconds() }

    /// Moves the clock on, and returns when the servers that go by it have done what was due by then.
    ///
    /// Keys that are due have then been deleted and their events have been sent; paused clients have been
    /// told to go on. The clock moves by whole milliseconds, rounded up; a negative duration moves it back,
    /// as an administrator might. Moved further than the clock can tell, it stops at its end.
    public func advance(by duration: Duration) async {
        await clock.move(by: duration.wholeMilliseconds)
    }
}

extension Duration {
    /// Rounded up; what is out of range is as far as can be told.
    fileprivate var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        if overflow { return seconds < 0 ? .min : .max }
        // Both parts have the same sign, and division cuts toward zero.
        let rest =
            attoseconds > 0
            ? (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
            : attoseconds / 1_000_000_000_000_000
        let (sum, overflowOfSum) = product.addingReportingOverflow(rest)
        return overflowOfSum ? (seconds < 0 ? .min : .max) : sum
    }
}
