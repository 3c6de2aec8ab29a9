public import Engine

/// What redis.conf and the command line set; CONFIG SET changes it at run time.
public struct Configuration: Sendable {
    /// 0 lets the system choose a free port.
    public var port: UInt16 = 6379
    /// Addresses to listen on; `*` and `::*` are all of IPv4 and IPv6.
    public var bind = ["*"]
    public var databases = 16
    public var maxClients = 10_000
    public var requirePass = ""
    public var protoMaxBulkLength = 512 << 20
    public var queryBufferLimit = 1 << 30
    /// Seconds; 0 is never.
    public var timeout = 0
    public var logLevel = LogLevel.notice
    public var ioThreads = 1
    /// Bytes of data above which commands that add data are refused; 0 is no limit.
    public var maxMemory = 0
    /// What is done to stay below `maxMemory`.
    public var maxMemoryPolicy = MaxMemoryPolicy.noeviction
    /// Who may use DEBUG.
    public var enableDebugCommand = ProtectedAction.no
    /// Which keyspace events are published (`notify-keyspace-events`).
    public var notifyKeyspaceEvents: EventClasses = []
    /// Bytes of output that clients may let pile up, class by class.
    var outputLimits = OutputLimits()

    /// Redis's defaults.
    public init() {}
}

/// How much the log tells; each level includes those after it.
public enum LogLevel: String, Sendable, CaseIterable {
    case debug
    case verbose
    case notice
    case warning
    case nothing
}

/// What is done when data outgrows `maxmemory`.
public enum MaxMemoryPolicy: String, Sendable, CaseIterable {
    case noeviction
}

/// For whom a dangerous thing is allowed.
public enum ProtectedAction: String, Sendable, CaseIterable {
    case no
    case yes
    /// For clients on the same machine.
    case local

    func isAllowed(local isLocal: Bool) -> Bool { self == .yes || (self == .local && isLocal) }
}
