import RESP
import Reactor
import Synchronization

extension RedisClient {
    /// Follows channels while the body runs.
    ///
    /// ```swift
    /// try await client.subscribe(to: "news") { news in
    ///     for try await case .message(let message) in news { print(message.text) }
    /// }
    /// ```
    ///
    /// The body begins when the server has confirmed all names: what is published from then on is
    /// seen. Over RESP2 the subscription has a connection of its own.
    public func subscribe<Name: RedisArgument, Answer>(
        to channels: Name..., buffering buffer: RedisSubscription.Buffer = .init(),
        _ body: (RedisSubscription) async throws -> Answer
    ) async throws -> Answer {
        try await follow(.channel, channels, buffer, body)
    }

    /// Follows all channels whose names match patterns of the form `news.*`, while the body runs.
    public func subscribe<Name: RedisArgument, Answer>(
        toPatterns patterns: Name..., buffering buffer: RedisSubscription.Buffer = .init(),
        _ body: (RedisSubscription) async throws -> Answer
    ) async throws -> Answer {
        try await follow(.pattern, patterns, buffer, body)
    }

    /// Follows shard channels while the body runs.
    public func subscribe<Name: RedisArgument, Answer>(
        toShardChannels channels: Name..., buffering buffer: RedisSubscription.Buffer = .init(),
        _ body: (RedisSubscription) async throws -> Answer
    ) async throws -> Answer {
        try await follow(.shard, channels, buffer, body)
    }

    private func follow<Answer>(
        _ kind: SubscriptionKind, _ names: [some RedisArgument], _ buffer: RedisSubscription.Buffer,
        _ body: (RedisSubscription) async throws -> Answer
    ) async throws -> Answer {
        try await link.opened(by: .within(configuration.requestTimeout))
        let topics = Topics(kind: kind, names: names)
        guard link.version == .resp2 else {
            return try await link.follow(topics, buffer, within: configuration.requestTimeout, body)
        }
        return try await configuration.withRunning(Link(isSubscriber: true)) { link in
            try await link.follow(topics, buffer, within: configuration.requestTimeout, body)
        }
    }
}

/// Names of one kind.
private struct Topics {
    let kind: SubscriptionKind
    let names: [[UInt8]]
    let subscribe: RedisWords

    init(kind: SubscriptionKind, names: [some RedisArgument]) {
        self.kind = kind
        var words = RedisWords(kind.subscribe)
        words.append(contentsOf: names)
        subscribe = words
        self.names = names.map(\.bytes)
    }
}

extension RedisArgument {
    /// The word's bytes.
    fileprivate var bytes: [UInt8] {
        RedisWords(self).words.first ?? []
    }
}

extension Link {
    /// Subscribes, runs the body, and unsubscribes from what nobody else on the connection follows.
    fileprivate func follow<Answer>(
        _ topics: Topics, _ limit: RedisSubscription.Buffer, within timeout: Duration?,
        _ body: (RedisSubscription) async throws -> Answer
    ) async throws -> Answer {
        let buffer = MessageBuffer(limit)
        defer { buffer.end(.closed) }
        guard !topics.names.isEmpty else { return try await body(RedisSubscription(buffer: buffer)) }
        // Before the request, so that no message after the confirmation is missed; and it is undone
        // after it, so that the server is told in that order.
        state.withLock { $0.subscribers.add(buffer, topics.kind, topics.names) }
        defer { unfollow(topics, buffer) }
        let answer = await request(
            due: .confirmations(topics.names.count), for: buffer, deadline: .within(timeout)
        ) {
            $0.append(topics.subscribe)
        }
        if case .failure(let error) = answer { throw error }
        return try await body(RedisSubscription(buffer: buffer))
    }

    private func unfollow(_ topics: Topics, _ buffer: MessageBuffer) {
        let bells = state.withLock { state -> Bells in
            let unfollowed = state.subscribers.remove(buffer, topics.kind, topics.names)
            guard !unfollowed.isEmpty else { return Bells() }
            if case .ended = state.phase { return Bells() }
            var words = RedisWords(topics.kind.unsubscribe)
            words.append(contentsOf: unfollowed)
            state.encode { $0.append(words) }
            state.pending.append(nil, due: .confirmations(unfollowed.count), deadline: nil)
            return state.ring(nil)
        }
        bells.ring()
    }
}
