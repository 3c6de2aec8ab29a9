// Bitmaps: strings as rows of bits.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - getBit

extension RedisCommand where Response == Bool {
    /// One bit of a value.
    public static func getBit(_ key: some RedisArgument, _ offset: Int) -> Self {
        Self("GETBIT") {
            $0.append(key)
            $0.append(offset)
        }
    }
}

extension RedisCommandSender {
    /// One bit of a value.
    public func getBit(_ key: some RedisArgument, _ offset: Int) async throws(RedisError) -> Bool {
        try await send(.getBit(key, offset))
    }
}

// MARK: - setBit

extension RedisCommand where Response == Bool {
    /// Sets one bit of a value; gives what it was.
    public static func setBit(_ key: some RedisArgument, _ offset: Int, _ bit: Bool) -> Self {
        Self("SETBIT") {
            $0.append(key)
            $0.append(offset)
            $0.append(bit ? 1 : 0)
        }
    }
}

extension RedisCommandSender {
    /// Sets one bit of a value; gives what it was.
    @discardableResult
    public func setBit(_ key: some RedisArgument, _ offset: Int, _ bit: Bool) async throws(RedisError) -> Bool
    {
        try await send(.setBit(key, offset, bit))
    }
}

// MARK: - bitCount

extension RedisCommand where Response == Int {
    /// How many bits are set, in all of a value or in a part.
    public static func bitCount(_ key: some RedisArgument, in range: RedisBitRange? = nil) -> Self {
        Self("BITCOUNT") {
            $0.append(key)
            range?.append(to: &$0)
        }
    }
}

extension RedisCommandSender {
    /// How many bits are set, in all of a value or in a part.
    public func bitCount(_ key: some RedisArgument, in range: RedisBitRange? = nil) async throws(RedisError)
        -> Int
    {
        try await send(.bitCount(key, in: range))
    }
}

// MARK: - bitPosition

extension RedisCommand where Response == Int {
    /// Where the first bit of a kind is, −1 if nowhere (BITPOS).
    public static func bitPosition(of bit: Bool, in key: some RedisArgument, _ range: RedisBitRange? = nil)
        -> Self
    {
        Self("BITPOS") {
            $0.append(key)
            $0.append(bit ? 1 : 0)
            range?.append(to: &$0)
        }
    }
}

extension RedisCommandSender {
    /// Where the first bit of a kind is, −1 if nowhere (BITPOS).
    public func bitPosition(of bit: Bool, in key: some RedisArgument, _ range: RedisBitRange? = nil)
        async throws(RedisError) -> Int
    {
        try await send(.bitPosition(of: bit, in: key, range))
    }
}

// MARK: - bitOperation

extension RedisCommand where Response == Int {
    /// Combines values bit by bit and stores the outcome; gives its length (BITOP).
    public static func bitOperation(
        _ operation: RedisBitOperation, _ keys: [some RedisArgument], into destination: some RedisArgument
    ) -> Self {
        Self("BITOP") {
            $0.append(operation.rawValue)
            $0.append(destination)
            $0.append(contentsOf: keys)
        }
    }
}

extension RedisCommandSender {
    /// Combines values bit by bit and stores the outcome; gives its length (BITOP).
    @discardableResult
    public func bitOperation(
        _ operation: RedisBitOperation, _ keys: [some RedisArgument], into destination: some RedisArgument
    ) async throws(RedisError) -> Int {
        try await send(.bitOperation(operation, keys, into: destination))
    }
}

// MARK: - bitField

extension RedisCommand where Response == [Int64?] {
    /// Reads and changes numbers of any width within a value; nil where an overflow was refused.
    public static func bitField(_ key: some RedisArgument, _ steps: [RedisBitFieldStep]) -> Self {
        Self("BITFIELD") {
            $0.append(key)
            for step in steps { $0.append(contentsOf: step.words) }
        }
    }
}

extension RedisCommandSender {
    /// Reads and changes numbers of any width within a value; nil where an overflow was refused.
    @discardableResult
    public func bitField(_ key: some RedisArgument, _ steps: [RedisBitFieldStep]) async throws(RedisError)
        -> [Int64?]
    {
        try await send(.bitField(key, steps))
    }
}

// MARK: - bitFieldReadOnly

extension RedisCommand where Response == [Int64?] {
    /// Reads numbers of any width within a value; replicas answer it too.
    public static func bitFieldReadOnly(_ key: some RedisArgument, _ steps: [RedisBitFieldStep]) -> Self {
        Self("BITFIELD_RO") {
            $0.append(key)
            for step in steps { $0.append(contentsOf: step.words) }
        }
    }
}

extension RedisCommandSender {
    /// Reads numbers of any width within a value; replicas answer it too.
    public func bitFieldReadOnly(_ key: some RedisArgument, _ steps: [RedisBitFieldStep])
        async throws(RedisError) -> [Int64?]
    {
        try await send(.bitFieldReadOnly(key, steps))
    }
}

// MARK: - bitPosition from somewhere on

extension RedisCommand where Response == Int {
    /// The first bit of a kind from a byte on; zeros are taken to follow the value without end.
    ///
    /// −1 if there is none.
    public static func bitPosition(of bit: Bool, in key: some RedisArgument, fromByte start: Int) -> Self {
        Self("BITPOS") {
            $0.append(key)
            $0.append(bit ? 1 : 0)
            $0.append(start)
        }
    }
}

extension RedisCommandSender {
    /// The first bit of a kind from a byte on; zeros are taken to follow the value without end.
    ///
    /// −1 if there is none.
    public func bitPosition(of bit: Bool, in key: some RedisArgument, fromByte start: Int)
        async throws(RedisError) -> Int
    {
        try await send(.bitPosition(of: bit, in: key, fromByte: start))
    }
}
