import Reactor

/// What the actor keeps for the supervision of its clients.
struct ClientSupervision {
    var pause = ClientPause()
    /// How many clients wait for the end of the pause.
    var postponed = 0
    /// Whether the sweep has a reason to come round again.
    var isSweeping = false
    /// Whether the server ends, and clients only get what is due to them.
    var areDismissed = false
    /// Rings when the next sweep is due; there once the server runs.
    var alarm: Alarm?
    /// When a client that speaks HTTP was last logged, in Unix milliseconds.
    var lastAttackLogged: Int64 = 0
    /// Clients closed because of `client-query-buffer-limit`.
    var queryLimitDisconnections: UInt64 = 0

    /// Milliseconds between two log lines about clients that speak HTTP.
    static let attackLogInterval: Int64 = 60_000
    /// Milliseconds between two sweeps.
    static let sweepInterval: Int64 = 1000
    /// Milliseconds without a request after which a client gives back memory; as long as Redis waits.
    static let idleBeforeRelease: Int64 = 2000
}
