// The server's connections, and what it keeps of this one.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - clientList

extension RedisCommand where Response == String {
    /// What the server knows of the connections that pass all filters, a line each.
    public static func clientList(_ filters: [RedisClientFilter] = []) -> Self {
        Self("CLIENT") {
            $0.append("LIST")
            for filter in filters { filter.append(to: &$0) }
        }
    }
}

extension RedisCommandSender {
    /// What the server knows of the connections that pass all filters, a line each.
    public func clientList(_ filters: RedisClientFilter...) async throws(RedisError) -> String {
        try await send(.clientList(filters))
    }
}

// MARK: - clientKill

extension RedisCommand where Response == Int {
    /// Has the server close the connections that pass all filters; gives how many it closed.
    ///
    /// Without `.skippingOwn(false)` the connection that asks stays.
    public static func clientKill(_ filters: [RedisClientFilter]) -> Self {
        Self("CLIENT") {
            $0.append("KILL")
            for filter in filters { filter.append(to: &$0) }
        }
    }
}

extension RedisCommandSender {
    /// Has the server close the connections that pass all filters; gives how many it closed.
    ///
    /// Without `.skippingOwn(false)` the connection that asks stays.
    @discardableResult
    public func clientKill(_ filters: RedisClientFilter...) async throws(RedisError) -> Int {
        try await send(.clientKill(filters))
    }
}

// MARK: - clientUnblock

extension RedisCommand where Response == Bool {
    /// Ends another connection's waiting, as if its time had come or with an error; false if it did not
    /// wait.
    public static func clientUnblock(id: Int64, withError: Bool = false) -> Self {
        Self("CLIENT") {
            $0.append("UNBLOCK")
            $0.append(id)
            $0.append(withError ? "ERROR" : "TIMEOUT")
        }
    }
}

extension RedisCommandSender {
    /// Ends another connection's waiting, as if its time had come or with an error; false if it did not
    /// wait.
    @discardableResult
    public func clientUnblock(id: Int64, withError: Bool = false) async throws(RedisError) -> Bool {
        try await send(.clientUnblock(id: id, withError: withError))
    }
}

// MARK: - clientSetInfo

extension RedisCommand where Response == Void {
    /// Says what library the connection is used by, in the place of this one.
    public static func clientSetInfo(_ attribute: RedisLibraryAttribute, _ value: String) -> Self {
        Self("CLIENT") {
            $0.append("SETINFO")
            $0.append(attribute.rawValue)
            $0.append(value)
        }
    }
}

extension RedisCommandSender {
    /// Says what library the connection is used by, in the place of this one.
    public func clientSetInfo(_ attribute: RedisLibraryAttribute, _ value: String) async throws(RedisError) {
        try await send(.clientSetInfo(attribute, value))
    }
}

// MARK: - clientCapabilities

extension RedisCommand where Response == Void {
    /// Tells the server what the client can do, such as `redirect` (Valkey from version 8).
    public static func clientCapabilities(_ capabilities: [String]) -> Self {
        Self("CLIENT") {
            $0.append("CAPA")
            $0.append(contentsOf: capabilities)
        }
    }
}

extension RedisCommandSender {
    /// Tells the server what the client can do, such as `redirect` (Valkey from version 8).
    public func clientCapabilities(_ capabilities: String...) async throws(RedisError) {
        try await send(.clientCapabilities(capabilities))
    }
}

// MARK: - clientRedirection

extension RedisCommand where Response == Int64 {
    /// The connection that invalidations go to; −1 if they go nowhere (CLIENT GETREDIR).
    public static func clientRedirection() -> Self {
        Self("CLIENT") { $0.append("GETREDIR") }
    }
}

extension RedisCommandSender {
    /// The connection that invalidations go to; −1 if they go nowhere (CLIENT GETREDIR).
    public func clientRedirection() async throws(RedisError) -> Int64 {
        try await send(.clientRedirection())
    }
}

// MARK: - clientTrackingInfo

extension RedisCommand where Response == [String: RESPValue] {
    /// How keys are tracked for the connection, as the server tells it.
    public static func clientTrackingInfo() -> Self {
        Self("CLIENT") { $0.append("TRACKINGINFO") }
    }
}

extension RedisCommandSender {
    /// How keys are tracked for the connection, as the server tells it.
    public func clientTrackingInfo() async throws(RedisError) -> [String: RESPValue] {
        try await send(.clientTrackingInfo())
    }
}
