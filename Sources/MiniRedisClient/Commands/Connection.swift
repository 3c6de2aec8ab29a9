// The connection itself, and others of the server.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.
//
// Requests of all tasks share the connection: what changes it changes it for all.

// MARK: - ping

extension RedisCommand where Response == String {
    /// Asks whether the server answers: `PONG`.
    public static func ping() -> Self {
        Self("PING")
    }
}

extension RedisCommandSender {
    /// Asks whether the server answers: `PONG`.
    @discardableResult
    public func ping() async throws(RedisError) -> String {
        try await send(.ping())
    }
}

// MARK: - ping with a message

extension RedisCommand where Response == [UInt8] {
    /// Asks whether the server answers: with the message.
    public static func ping(_ message: some RedisArgument) -> Self {
        Self("PING") { $0.append(message) }
    }
}

extension RedisCommandSender {
    /// Asks whether the server answers: with the message.
    public func ping(_ message: some RedisArgument) async throws(RedisError) -> [UInt8] {
        try await send(.ping(message))
    }
}

// MARK: - echo

extension RedisCommand where Response == [UInt8] {
    /// Has the server say the message again.
    public static func echo(_ message: some RedisArgument) -> Self {
        Self("ECHO") { $0.append(message) }
    }
}

extension RedisCommandSender {
    /// Has the server say the message again.
    public func echo(_ message: some RedisArgument) async throws(RedisError) -> [UInt8] {
        try await send(.echo(message))
    }
}

// MARK: - auth

extension RedisCommand where Response == Void {
    /// Authenticates, as another user than the configuration says.
    public static func auth(username: String? = nil, password: String) -> Self {
        Self("AUTH") {
            if let username { $0.append(username) }
            $0.append(password)
        }.tiedToConnection()
    }
}

extension RedisCommandSender {
    /// Authenticates, as another user than the configuration says.
    public func auth(username: String? = nil, password: String) async throws(RedisError) {
        try await send(.auth(username: username, password: password))
    }
}

// MARK: - select

extension RedisCommand where Response == Void {
    /// Chooses the database that commands act on.
    public static func select(_ database: Int) -> Self {
        Self("SELECT") { $0.append(database) }.tiedToConnection()
    }
}

extension RedisCommandSender {
    /// Chooses the database that commands act on.
    public func select(_ database: Int) async throws(RedisError) {
        try await send(.select(database))
    }
}

// MARK: - clientID

extension RedisCommand where Response == Int64 {
    /// The connection's number in the server.
    public static func clientID() -> Self {
        Self("CLIENT") { $0.append("ID") }
    }
}

extension RedisCommandSender {
    /// The connection's number in the server.
    public func clientID() async throws(RedisError) -> Int64 {
        try await send(.clientID())
    }
}

// MARK: - clientInfo

extension RedisCommand where Response == String {
    /// What the server knows of the connection, as one line.
    public static func clientInfo() -> Self {
        Self("CLIENT") { $0.append("INFO") }
    }
}

extension RedisCommandSender {
    /// What the server knows of the connection, as one line.
    public func clientInfo() async throws(RedisError) -> String {
        try await send(.clientInfo())
    }
}

// MARK: - clientName

extension RedisCommand where Response == String? {
    /// The connection's name, if it has one (CLIENT GETNAME).
    public static func clientName() -> Self {
        Self("CLIENT") { $0.append("GETNAME") }
    }
}

extension RedisCommandSender {
    /// The connection's name, if it has one (CLIENT GETNAME).
    public func clientName() async throws(RedisError) -> String? {
        try await send(.clientName())
    }
}

// MARK: - clientSetName

extension RedisCommand where Response == Void {
    /// Gives the connection a name, for CLIENT LIST.
    public static func clientSetName(_ name: String) -> Self {
        Self("CLIENT") {
            $0.append("SETNAME")
            $0.append(name)
        }
    }
}

extension RedisCommandSender {
    /// Gives the connection a name, for CLIENT LIST.
    public func clientSetName(_ name: String) async throws(RedisError) {
        try await send(.clientSetName(name))
    }
}

// MARK: - clientKill

extension RedisCommand where Response == Int {
    /// Has the server close a connection; gives how many it closed.
    public static func clientKill(id: Int64) -> Self {
        Self("CLIENT") {
            $0.append("KILL")
            $0.append("ID")
            $0.append(id)
        }
    }
}

extension RedisCommandSender {
    /// Has the server close a connection; gives how many it closed.
    @discardableResult
    public func clientKill(id: Int64) async throws(RedisError) -> Int {
        try await send(.clientKill(id: id))
    }
}

// MARK: - clientNoEvict

extension RedisCommand where Response == Void {
    /// Protects the connection when the server must close some to save memory.
    public static func clientNoEvict(_ isOn: Bool) -> Self {
        Self("CLIENT") {
            $0.append("NO-EVICT")
            $0.append(isOn ? "ON" : "OFF")
        }
    }
}

extension RedisCommandSender {
    /// Protects the connection when the server must close some to save memory.
    public func clientNoEvict(_ isOn: Bool) async throws(RedisError) {
        try await send(.clientNoEvict(isOn))
    }
}

// MARK: - clientNoTouch

extension RedisCommand where Response == Void {
    /// Lets the connection use keys without marking them as used.
    public static func clientNoTouch(_ isOn: Bool) -> Self {
        Self("CLIENT") {
            $0.append("NO-TOUCH")
            $0.append(isOn ? "ON" : "OFF")
        }.tiedToConnection()
    }
}

extension RedisCommandSender {
    /// Lets the connection use keys without marking them as used.
    public func clientNoTouch(_ isOn: Bool) async throws(RedisError) {
        try await send(.clientNoTouch(isOn))
    }
}

// MARK: - clientPause

extension RedisCommand where Response == Void {
    /// Holds up all clients, or those that write.
    public static func clientPause(for duration: Duration, writesOnly: Bool = false) -> Self {
        Self("CLIENT") {
            $0.append("PAUSE")
            $0.append(duration.wholeMilliseconds)
            $0.append(writesOnly ? "WRITE" : "ALL")
        }
    }
}

extension RedisCommandSender {
    /// Holds up all clients, or those that write.
    public func clientPause(for duration: Duration, writesOnly: Bool = false) async throws(RedisError) {
        try await send(.clientPause(for: duration, writesOnly: writesOnly))
    }
}

// MARK: - clientUnpause

extension RedisCommand where Response == Void {
    /// Ends a pause.
    public static func clientUnpause() -> Self {
        Self("CLIENT") { $0.append("UNPAUSE") }
    }
}

extension RedisCommandSender {
    /// Ends a pause.
    public func clientUnpause() async throws(RedisError) {
        try await send(.clientUnpause())
    }
}
