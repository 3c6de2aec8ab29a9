// Sorted sets of places on earth.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - geoadd

extension RedisCommand where Response == Int {
    /// Gives members places; gives how many members are new, or with `countingChanged` new or changed.
    public static func geoadd(
        _ key: some RedisArgument, _ places: [(member: some RedisArgument, place: RedisPlace)],
        if condition: RedisExistence? = nil, countingChanged: Bool = false
    ) -> Self {
        Self("GEOADD") {
            $0.append(key)
            if let condition { $0.append(condition.rawValue) }
            if countingChanged { $0.append("CH") }
            for (member, place) in places {
                place.append(to: &$0)
                $0.append(member)
            }
        }
    }
}

extension RedisCommandSender {
    /// Gives members places; gives how many members are new, or with `countingChanged` new or changed.
    @discardableResult
    public func geoadd(
        _ key: some RedisArgument, _ places: [(member: some RedisArgument, place: RedisPlace)],
        if condition: RedisExistence? = nil, countingChanged: Bool = false
    ) async throws(RedisError) -> Int {
        try await send(.geoadd(key, places, if: condition, countingChanged: countingChanged))
    }
}

// MARK: - geopos

extension RedisCommand where Response == [RedisPlace?] {
    /// Where members are, to less than a metre; nil for what is none.
    public static func geopos(_ key: some RedisArgument, _ members: [some RedisArgument]) -> Self {
        Self("GEOPOS") {
            $0.append(key)
            $0.append(contentsOf: members)
        }
    }
}

extension RedisCommandSender {
    /// Where members are, to less than a metre; nil for what is none.
    public func geopos<Word: RedisArgument>(_ key: some RedisArgument, _ members: Word...)
        async throws(RedisError) -> [RedisPlace?]
    {
        try await send(.geopos(key, members))
    }
}

// MARK: - geodist

extension RedisCommand where Response == Double? {
    /// How far two members are from each other; nil if one is none.
    public static func geodist(
        _ key: some RedisArgument, _ from: some RedisArgument, _ to: some RedisArgument,
        in unit: RedisLengthUnit = .metres
    ) -> Self {
        Self("GEODIST") {
            $0.append(key)
            $0.append(from)
            $0.append(to)
            $0.append(unit.rawValue)
        }
    }
}

extension RedisCommandSender {
    /// How far two members are from each other; nil if one is none.
    public func geodist(
        _ key: some RedisArgument, _ from: some RedisArgument, _ to: some RedisArgument,
        in unit: RedisLengthUnit = .metres
    ) async throws(RedisError) -> Double? {
        try await send(.geodist(key, from, to, in: unit))
    }
}

// MARK: - geohash

extension RedisCommand where Response == [String?] {
    /// The geohashes of members, eleven letters each; nil for what is none.
    public static func geohash(_ key: some RedisArgument, _ members: [some RedisArgument]) -> Self {
        Self("GEOHASH") {
            $0.append(key)
            $0.append(contentsOf: members)
        }
    }
}

extension RedisCommandSender {
    /// The geohashes of members, eleven letters each; nil for what is none.
    public func geohash<Word: RedisArgument>(_ key: some RedisArgument, _ members: Word...)
        async throws(RedisError) -> [String?]
    {
        try await send(.geohash(key, members))
    }
}

// MARK: - geosearch

extension RedisCommand where Response == [[UInt8]] {
    /// The members in an area.
    public static func geosearch(
        _ key: some RedisArgument, _ area: RedisArea, _ nearness: RedisNearness = .unordered
    ) -> Self {
        geosearch(key, area, nearness, as: [UInt8].self)
    }
}

extension RedisCommand {
    /// The members in an area.
    public static func geosearch<Member: RESPDecodable>(
        _ key: some RedisArgument, _ area: RedisArea, _ nearness: RedisNearness = .unordered,
        as _: Member.Type
    ) -> Self where Response == [Member] {
        Self("GEOSEARCH") {
            $0.append(key)
            area.append(to: &$0)
            nearness.append(to: &$0)
        }
    }
}

extension RedisCommandSender {
    /// The members in an area.
    public func geosearch<Member: RESPDecodable>(
        _ key: some RedisArgument, _ area: RedisArea, _ nearness: RedisNearness = .unordered,
        as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> [Member] {
        try await send(.geosearch(key, area, nearness, as: type))
    }
}

// MARK: - geosearchWithPlaces

extension RedisCommand where Response == [RedisFoundPlace<[UInt8]>] {
    /// The members in an area with their places, and how far they are from its centre.
    public static func geosearchWithPlaces(
        _ key: some RedisArgument, _ area: RedisArea, _ nearness: RedisNearness = .unordered
    ) -> Self {
        geosearchWithPlaces(key, area, nearness, as: [UInt8].self)
    }
}

extension RedisCommand {
    /// The members in an area with their places, and how far they are from its centre.
    public static func geosearchWithPlaces<Member: RESPDecodable>(
        _ key: some RedisArgument, _ area: RedisArea, _ nearness: RedisNearness = .unordered,
        as _: Member.Type
    ) -> Self where Response == [RedisFoundPlace<Member>] {
        Self("GEOSEARCH") {
            $0.append(key)
            area.append(to: &$0)
            nearness.append(to: &$0)
            $0.append("WITHCOORD")
            $0.append("WITHDIST")
            $0.append("WITHHASH")
        }
    }
}

extension RedisCommandSender {
    /// The members in an area with their places, and how far they are from its centre.
    public func geosearchWithPlaces<Member: RESPDecodable>(
        _ key: some RedisArgument, _ area: RedisArea, _ nearness: RedisNearness = .unordered,
        as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> [RedisFoundPlace<Member>] {
        try await send(.geosearchWithPlaces(key, area, nearness, as: type))
    }
}

// MARK: - geosearchstore

extension RedisCommand where Response == Int {
    /// Stores the members in an area, with their distances as scores if wanted; gives how many there are.
    public static func geosearchstore(
        _ source: some RedisArgument, _ area: RedisArea, _ nearness: RedisNearness = .unordered,
        storingDistances: Bool = false, into destination: some RedisArgument
    ) -> Self {
        Self("GEOSEARCHSTORE") {
            $0.append(destination)
            $0.append(source)
            area.append(to: &$0)
            nearness.append(to: &$0)
            if storingDistances { $0.append("STOREDIST") }
        }
    }
}

extension RedisCommandSender {
    /// Stores the members in an area, with their distances as scores if wanted; gives how many there are.
    @discardableResult
    public func geosearchstore(
        _ source: some RedisArgument, _ area: RedisArea, _ nearness: RedisNearness = .unordered,
        storingDistances: Bool = false, into destination: some RedisArgument
    ) async throws(RedisError) -> Int {
        try await send(
            .geosearchstore(source, area, nearness, storingDistances: storingDistances, into: destination))
    }
}
