package import Engine

/// What redis.conf and the command line set; CONFIG SET changes it at run time.
///
/// A plain value with Redis's defaults. The names by which users know the fields, and how their
/// values are read and written, are in `ConfigurationTable`.
package struct Configuration: Sendable {
    // MARK: Network

    /// The TCP port; 0 is none.
    package var port: UInt16 = 6379
    /// Listens on a port that the system chooses, whatever `port` says: for servers inside a program.
    package var choosesFreePort = false
    /// Addresses to listen on; `*` and `::*` are all of IPv4 and IPv6, and a `-` in front lets the
    /// server start without an address that the machine doesn't have.
    package var bind = ["*", "-::*"]
    /// The path of a Unix socket; empty for none.
    package var unixSocket = ""
    /// The socket's permissions; 0 leaves them to the umask.
    package var unixSocketPermissions: UInt32 = 0
    /// Connections that may wait to be accepted.
    package var tcpBacklog: Int32 = 511
    /// Seconds of silence after which a peer is probed; 0 is never.
    package var tcpKeepAlive: Int32 = 300
    /// Whether clients from other machines are refused while there is no password.
    package var protectedMode = true

    // MARK: Clients

    package var maxClients = 10_000
    /// The password that clients must give, as bytes; none if empty.
    package var password: [UInt8] = []
    /// Seconds without a request after which a client is closed; 0 is never.
    package var timeout = 0
    /// Bytes that all clients together may use before the largest are closed, or less than 0 for percent of
    /// `maxMemory`; 0 is no limit.
    package var maxMemoryClients: Int64 = 0
    /// Longest argument in bytes.
    package var protoMaxBulkLength = 512 << 20
    /// Most bytes of unfinished input.
    package var queryBufferLimit = 1 << 30
    /// Bytes of output that clients may let pile up, class by class.
    var outputLimits = OutputLimits()
    /// What becomes of subscribers that read too slowly.
    package var pubsubOverflowPolicy = OverflowPolicy.disconnect
    /// Messages, and bytes of them, that wait for a subscriber at most where the oldest are dropped.
    package var pubsubBacklogMessages = 1_000
    package var pubsubBacklogBytes = 8 << 20

    // MARK: Data

    package var databases = 16
    /// How large collections may be that are kept packed.
    package var collections = CollectionLimits()
    /// Which keyspace events are published (`notify-keyspace-events`).
    package var notifyKeyspaceEvents: EventClasses = []
    /// Bytes in use above which keys are evicted, or commands that add data are refused; 0 is no limit.
    package var maxMemory: UInt64 = 0
    /// What is done to stay below `maxMemory`.
    package var maxMemoryPolicy = MaxMemoryPolicy.noeviction
    /// Keys looked at for one that is evicted.
    package var maxMemorySamples = 5
    /// How long a command may be held up by evictions, from 0 to 100 for as long as it takes.
    package var evictionTenacity = 10
    /// Whether the end of an evicted key is told to others as UNLINK rather than DEL
    /// (`lazyfree-lazy-eviction`).
    package var lazyEviction = false
    /// Whether the end of a due key is told to others as UNLINK rather than DEL (`lazyfree-lazy-expire`).
    package var lazyExpire = false
    /// How slowly the frequency counter saturates.
    package var lfuLogFactor = 10
    /// Minutes after which the frequency counter loses one.
    package var lfuDecayTime = 1

    // MARK: Process

    /// Event loops, and so threads, that connections are spread over.
    package var ioThreads = 1
    /// Whether commands' times are kept for LATENCY HISTOGRAM and INFO, and which percentiles INFO shows.
    package var latencyTracking = true
    package var latencyPercentiles: [Double] = [50, 99, 99.9]
    /// Microseconds from which on a request goes to the slow log, none if negative; and how many it keeps.
    package var slowlogLogSlowerThan = 10_000
    package var slowlogMaxLength = 128
    /// Milliseconds from which on LATENCY notes what holds the server up; 0 is never.
    package var latencyMonitorThreshold = 0
    /// Keys remembered for clients that track what they read (`tracking-table-max-keys`); 0 is no limit.
    package var trackingTableMaxKeys = 1_000_000
    package var logLevel = LogLevel.notice
    /// Whether what clients send stays out of the log, at any level.
    package var hideUserDataFromLog = false
    /// Whether the log begins with a picture.
    package var alwaysShowLogo = false
    /// The log's file; standard output if empty.
    package var logFile = ""
    /// Where the process's number is written; nowhere if empty.
    package var pidFile = ""
    package var daemonize = false
    package var supervised = Supervision.no
    /// Whether the process shows what it is and where it listens in place of its arguments, and how.
    package var setsProcessTitle = true
    var processTitleTemplate = Array("{title} {listen-addr} {server-mode}".utf8)
    /// How the process's score for the kernel's choice of whom to end changes, and by how much for a
    /// master, a replica and a child process.
    package var outOfMemoryAdjustment = OutOfMemoryAdjustment.no
    package var outOfMemoryScores = [0, 200, 800]
    /// The directory that relative paths start from; the one the process was started in if empty.
    package var directory = ""
    /// How a signal ends the server.
    package var shutdownOnSigint: Set<ShutdownOption> = []
    package var shutdownOnSigterm: Set<ShutdownOption> = []

    // MARK: Permissions

    /// Who may use DEBUG.
    package var enableDebugCommand = ProtectedAction.no
    /// Who may change settings by which one could harm the machine.
    package var enableProtectedConfigs = ProtectedAction.no

    /// What commands are called (`rename-command`).
    var commandNames = CommandNames()

    /// Directives of Redis that have no effect in this server, as they were given.
    var dormant: [String: [UInt8]] = [:]

    /// Redis's defaults.
    package init() {}

    /// The password as text.
    package var requirePass: String {
        get { String(decoding: password, as: UTF8.self) }
        set { password = Array(newValue.utf8) }
    }

    /// A path as the configuration means it: relative ones start from `directory`.
    func resolve(_ path: String) -> String {
        directory.isEmpty || path.hasPrefix("/") ? path : "\(directory)/\(path)"
    }
}

/// How much the log tells; each level includes those after it.
package enum LogLevel: String, Sendable, CaseIterable {
    case debug
    case verbose
    case notice
    case warning
    case nothing
}

/// What is done when data outgrows `maxmemory`.
package enum MaxMemoryPolicy: String, Sendable, CaseIterable {
    case volatileLRU = "volatile-lru"
    case volatileLFU = "volatile-lfu"
    case volatileRandom = "volatile-random"
    case volatileTTL = "volatile-ttl"
    case allKeysLRU = "allkeys-lru"
    case allKeysLFU = "allkeys-lfu"
    case allKeysRandom = "allkeys-random"
    case noeviction

    /// Whether keys' clocks count how often they are used rather than when.
    var countsFrequency: Bool { self == .volatileLFU || self == .allKeysLFU }

    /// Whether keys' clocks decide who goes.
    var looksAtClocks: Bool { countsFrequency || self == .volatileLRU || self == .allKeysLRU }
}

/// Who manages the process.
package enum Supervision: String, Sendable, CaseIterable {
    case systemd
    case auto
    case no
}

/// For whom a dangerous thing is allowed.
package enum ProtectedAction: String, Sendable, CaseIterable {
    case no
    case yes
    /// For clients on the same machine.
    case local

    func isAllowed(local isLocal: Bool) -> Bool { self == .yes || (self == .local && isLocal) }
}

/// Ways to shut down, as SHUTDOWN takes them.
package enum ShutdownOption: String, Sendable, CaseIterable {
    case save
    case nosave
    case now
    case force
}
