// What the server has noted of slow requests, and of what held it up.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

/// A request that took long, as the server's slow log keeps it.
public struct RedisSlowRequest: RESPDecodable, Hashable {
    /// Numbers count up from the server's start.
    public let number: Int
    /// When it was over, in Unix seconds.
    public let time: Int64
    public let microseconds: Int64
    /// The first words, cut where they are long, and without passwords.
    public let words: [[UInt8]]
    /// Who sent it.
    public let address: String
    public let clientName: String

    /// Reads an entry of SLOWLOG GET.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let parts = value.elements, parts.count >= 6 else { throw .mismatch(value, "a slow request") }
        number = try Int(resp: parts[0])
        time = try Int64(resp: parts[1])
        microseconds = try Int64(resp: parts[2])
        words = try [[UInt8]](resp: parts[3])
        address = try String(resp: parts[4])
        clientName = try String(resp: parts[5])
    }
}

/// What held the server up, of one kind: when it was last, and how long it took.
public struct RedisLatencyEvent: RESPDecodable, Hashable {
    /// The kind, such as `command`.
    public let name: String
    /// Unix seconds.
    public let time: Int64
    public let milliseconds: Int64
    public let worstMilliseconds: Int64

    /// Reads an element of LATENCY LATEST; newer servers tell more.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let parts = value.elements, parts.count >= 4 else { throw .mismatch(value, "a latency event") }
        name = try String(resp: parts[0])
        time = try Int64(resp: parts[1])
        milliseconds = try Int64(resp: parts[2])
        worstMilliseconds = try Int64(resp: parts[3])
    }
}

/// How long the server was held up in some second.
public struct RedisLatencySample: RESPDecodable, Hashable {
    /// Unix seconds.
    public let time: Int64
    public let milliseconds: Int64

    /// Reads an element of LATENCY HISTORY.
    public init(resp value: RESPValue) throws(RedisError) {
        let parts = try [Int64](resp: value)
        guard parts.count == 2 else { throw .unexpectedReply(value, expected: "a time and milliseconds") }
        time = parts[0]
        milliseconds = parts[1]
    }
}

// MARK: - slowLog

extension RedisCommand where Response == [RedisSlowRequest] {
    /// The last requests that took long, the newest first; all for -1, 10 without a count.
    public static func slowLog(_ count: Int? = nil) -> Self {
        Self("SLOWLOG") {
            $0.append("GET")
            if let count { $0.append(count) }
        }
    }
}

extension RedisCommandSender {
    /// The last requests that took long, the newest first; all for -1, 10 without a count.
    public func slowLog(_ count: Int? = nil) async throws(RedisError) -> [RedisSlowRequest] {
        try await send(.slowLog(count))
    }
}

// MARK: - slowLogLength

extension RedisCommand where Response == Int {
    /// How many requests that took long the server remembers.
    public static func slowLogLength() -> Self {
        Self("SLOWLOG") { $0.append("LEN") }
    }
}

extension RedisCommandSender {
    /// How many requests that took long the server remembers.
    public func slowLogLength() async throws(RedisError) -> Int {
        try await send(.slowLogLength())
    }
}

// MARK: - slowLogReset

extension RedisCommand where Response == Void {
    /// Has the server forget which requests took long.
    public static func slowLogReset() -> Self {
        Self("SLOWLOG") { $0.append("RESET") }
    }
}

extension RedisCommandSender {
    /// Has the server forget which requests took long.
    public func slowLogReset() async throws(RedisError) {
        try await send(.slowLogReset())
    }
}

// MARK: - latencyLatest

extension RedisCommand where Response == [RedisLatencyEvent] {
    /// What held the server up, kind by kind.
    public static func latencyLatest() -> Self {
        Self("LATENCY") { $0.append("LATEST") }
    }
}

extension RedisCommandSender {
    /// What held the server up, kind by kind.
    public func latencyLatest() async throws(RedisError) -> [RedisLatencyEvent] {
        try await send(.latencyLatest())
    }
}

// MARK: - latencyHistory

extension RedisCommand where Response == [RedisLatencySample] {
    /// When a kind of event held the server up, the oldest first.
    public static func latencyHistory(of event: String) -> Self {
        Self("LATENCY") {
            $0.append("HISTORY")
            $0.append(event)
        }
    }
}

extension RedisCommandSender {
    /// When a kind of event held the server up, the oldest first.
    public func latencyHistory(of event: String) async throws(RedisError) -> [RedisLatencySample] {
        try await send(.latencyHistory(of: event))
    }
}

// MARK: - latencyGraph

extension RedisCommand where Response == String {
    /// The same as a drawing, for people.
    public static func latencyGraph(of event: String) -> Self {
        Self("LATENCY") {
            $0.append("GRAPH")
            $0.append(event)
        }
    }
}

extension RedisCommandSender {
    /// The same as a drawing, for people.
    public func latencyGraph(of event: String) async throws(RedisError) -> String {
        try await send(.latencyGraph(of: event))
    }
}

// MARK: - latencyDoctor

extension RedisCommand where Response == String {
    /// What held the server up and what may help, for people.
    public static func latencyDoctor() -> Self {
        Self("LATENCY") { $0.append("DOCTOR") }
    }
}

extension RedisCommandSender {
    /// What held the server up and what may help, for people.
    public func latencyDoctor() async throws(RedisError) -> String {
        try await send(.latencyDoctor())
    }
}

// MARK: - latencyReset

extension RedisCommand where Response == Int {
    /// Has the server forget some kinds of events, or all; returns how many of them there were.
    public static func latencyReset(_ events: [String] = []) -> Self {
        Self("LATENCY") {
            $0.append("RESET")
            $0.append(contentsOf: events)
        }
    }
}

extension RedisCommandSender {
    /// Has the server forget some kinds of events, or all; returns how many of them there were.
    public func latencyReset(_ events: String...) async throws(RedisError) -> Int {
        try await send(.latencyReset(events))
    }
}
