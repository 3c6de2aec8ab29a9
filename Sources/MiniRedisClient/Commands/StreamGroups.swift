// Streams: the groups that read them.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - xgroupCreate

extension RedisCommand where Response == Void {
    /// Makes a group that reads what comes behind an ID, or only what is added from now on.
    public static func xgroupCreate(
        _ key: some RedisArgument, _ group: some RedisArgument, behind start: RedisStreamID? = nil,
        makingStream: Bool = false, entriesRead: Int? = nil
    ) -> Self {
        Self("XGROUP") {
            $0.append("CREATE" as StaticString)
            $0.append(key)
            $0.append(group)
            if let start { $0.append(start) } else { $0.append("$" as StaticString) }
            if makingStream { $0.append("MKSTREAM" as StaticString) }
            if let entriesRead {
                $0.append("ENTRIESREAD" as StaticString)
                $0.append(entriesRead)
            }
        }
    }
}

extension RedisCommandSender {
    /// Makes a group that reads what comes behind an ID, or only what is added from now on.
    public func xgroupCreate(
        _ key: some RedisArgument, _ group: some RedisArgument, behind start: RedisStreamID? = nil,
        makingStream: Bool = false, entriesRead: Int? = nil
    ) async throws(RedisError) {
        try await send(
            .xgroupCreate(key, group, behind: start, makingStream: makingStream, entriesRead: entriesRead))
    }
}

// MARK: - xgroupSetID

extension RedisCommand where Response == Void {
    /// Sets which entry a group is taken to have read last; without an ID the last one.
    public static func xgroupSetID(
        _ key: some RedisArgument, _ group: some RedisArgument, to start: RedisStreamID? = nil,
        entriesRead: Int? = nil
    ) -> Self {
        Self("XGROUP") {
            $0.append("SETID" as StaticString)
            $0.append(key)
            $0.append(group)
            if let start { $0.append(start) } else { $0.append("$" as StaticString) }
            if let entriesRead {
                $0.append("ENTRIESREAD" as StaticString)
                $0.append(entriesRead)
            }
        }
    }
}

extension RedisCommandSender {
    /// Sets which entry a group is taken to have read last; without an ID the last one.
    public func xgroupSetID(
        _ key: some RedisArgument, _ group: some RedisArgument, to start: RedisStreamID? = nil,
        entriesRead: Int? = nil
    ) async throws(RedisError) {
        try await send(.xgroupSetID(key, group, to: start, entriesRead: entriesRead))
    }
}

// MARK: - xgroupDestroy

extension RedisCommand where Response == Bool {
    /// Deletes a group; gives whether there was one.
    public static func xgroupDestroy(_ key: some RedisArgument, _ group: some RedisArgument) -> Self {
        Self("XGROUP") {
            $0.append("DESTROY" as StaticString)
            $0.append(key)
            $0.append(group)
        }
    }
}

extension RedisCommandSender {
    /// Deletes a group; gives whether there was one.
    @discardableResult
    public func xgroupDestroy(_ key: some RedisArgument, _ group: some RedisArgument) async throws(RedisError)
        -> Bool
    {
        try await send(.xgroupDestroy(key, group))
    }
}

// MARK: - xgroupCreateConsumer

extension RedisCommand where Response == Bool {
    /// Makes a consumer; gives whether there was none.
    public static func xgroupCreateConsumer(
        _ key: some RedisArgument, _ group: some RedisArgument, _ consumer: some RedisArgument
    ) -> Self {
        Self("XGROUP") {
            $0.append("CREATECONSUMER" as StaticString)
            $0.append(key)
            $0.append(group)
            $0.append(consumer)
        }
    }
}

extension RedisCommandSender {
    /// Makes a consumer; gives whether there was none.
    @discardableResult
    public func xgroupCreateConsumer(
        _ key: some RedisArgument, _ group: some RedisArgument, _ consumer: some RedisArgument
    ) async throws(RedisError) -> Bool {
        try await send(.xgroupCreateConsumer(key, group, consumer))
    }
}

// MARK: - xgroupDelConsumer

extension RedisCommand where Response == Int {
    /// Deletes a consumer; gives how much was pending for it.
    public static func xgroupDelConsumer(
        _ key: some RedisArgument, _ group: some RedisArgument, _ consumer: some RedisArgument
    ) -> Self {
        Self("XGROUP") {
            $0.append("DELCONSUMER" as StaticString)
            $0.append(key)
            $0.append(group)
            $0.append(consumer)
        }
    }
}

extension RedisCommandSender {
    /// Deletes a consumer; gives how much was pending for it.
    @discardableResult
    public func xgroupDelConsumer(
        _ key: some RedisArgument, _ group: some RedisArgument, _ consumer: some RedisArgument
    ) async throws(RedisError) -> Int {
        try await send(.xgroupDelConsumer(key, group, consumer))
    }
}

// MARK: - xgroupHelp

extension RedisCommand where Response == [String] {
    /// What XGROUP says of its subcommands.
    public static func xgroupHelp() -> Self {
        Self("XGROUP") { $0.append("HELP" as StaticString) }
    }
}

extension RedisCommandSender {
    /// What XGROUP says of its subcommands.
    public func xgroupHelp() async throws(RedisError) -> [String] {
        try await send(.xgroupHelp())
    }
}

// MARK: - xack

extension RedisCommand where Response == Int {
    /// Tells a group that entries were dealt with; gives how many of them were pending.
    public static func xack(_ key: some RedisArgument, _ group: some RedisArgument, _ ids: [RedisStreamID])
        -> Self
    {
        Self("XACK") {
            $0.append(key)
            $0.append(group)
            $0.append(contentsOf: ids)
        }
    }
}

extension RedisCommandSender {
    /// Tells a group that entries were dealt with; gives how many of them were pending.
    @discardableResult
    public func xack(_ key: some RedisArgument, _ group: some RedisArgument, _ ids: [RedisStreamID])
        async throws(RedisError) -> Int
    {
        try await send(.xack(key, group, ids))
    }
}

// MARK: - xackDel

extension RedisCommand where Response == [RedisStreamDeletion] {
    /// Tells a group that entries were dealt with, and removes them as far as other groups allow it.
    public static func xackDel(
        _ key: some RedisArgument, _ group: some RedisArgument, _ ids: [RedisStreamID],
        references: RedisStreamReferences
    ) -> Self {
        Self("XACKDEL") {
            $0.append(key)
            $0.append(group)
            $0.append(references.rawValue)
            $0.append("IDS" as StaticString)
            $0.append(ids.count)
            $0.append(contentsOf: ids)
        }
    }
}

extension RedisCommandSender {
    /// Tells a group that entries were dealt with, and removes them as far as other groups allow it.
    @discardableResult
    public func xackDel(
        _ key: some RedisArgument, _ group: some RedisArgument, _ ids: [RedisStreamID],
        references: RedisStreamReferences
    ) async throws(RedisError) -> [RedisStreamDeletion] {
        try await send(.xackDel(key, group, ids, references: references))
    }
}
