/// Totals since the start or CONFIG RESETSTAT, for INFO.
struct ServerStatistics {
    var connections: UInt64 = 0
    var rejectedConnections: UInt64 = 0
    var outputLimitDisconnections: UInt64 = 0
    /// Clients closed because all together used too much memory.
    var evictedClients: UInt64 = 0
    /// Messages that slow subscribers did not get.
    var missedMessages: UInt64 = 0
}
