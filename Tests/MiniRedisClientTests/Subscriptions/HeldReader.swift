import Glibc
import MiniRedisClient
import Reactor
import Synchronization
import TestSupport

/// A client whose thread a test holds up, with a subscription to two channels and one to all.
final class HeldReader: Sendable {
    let thread: RedisClientThread
    private let notes = Guarded(Notes())
    private let isHeld = Atomic(false)
    private let holdsBegun = Atomic(0)

    /// What the readers have noted.
    ///
    /// The numbers from 0 on are published, the even ones to `a` and the odd ones to `b`.
    struct Notes {
        fileprivate var readers = 0
        fileprivate(set) var received: [String: Int] = [:]
        fileprivate(set) var missed: [String: Int] = [:]
        fileprivate(set) var gaps = 0
        fileprivate(set) var faults: [String] = []

        /// Whether both subscriptions stand.
        var isReady: Bool { readers == 2 }

        /// How many of a topic's messages have come or are missing.
        func next(_ topic: String) -> Int { received[topic, default: 0] + missed[topic, default: 0] }

        fileprivate mutating func note(_ event: RedisSubscription.Event) {
            switch event {
            case .message(let message):
                let topic = message.pattern.map { String(decoding: $0, as: UTF8.self) } ?? message.channelName
                let place = next(topic)
                let number = topic == "*" ? place : 2 * place + (topic == "b" ? 1 : 0)
                if message.text.hasPrefix("\(number) ") {
                    received[topic, default: 0] += 1
                } else {
                    faults.append("\(message.text.prefix(8)) of \(topic) instead of \(number)")
                }
            case .dropped(let count, let topic):
                missed[String(decoding: topic, as: UTF8.self), default: 0] += count
                gaps += 1
            case .missed, .interrupted:
                faults.append("\(event)")
            }
        }
    }

    init(named name: String) throws { thread = try RedisClientThread(named: name) }

    var ledger: Notes { notes.withLock { $0 } }

    /// Subscribes, and reads until all of `count` messages have come or are known to be missing.
    func follow(_ address: RedisAddress, _ configuration: RedisClient.Configuration, until count: Int)
        async throws
    {
        // The reader's own buffer is to drop nothing.
        let all = RedisSubscription.Buffer(messages: .max, bytes: .max)
        try await withRedisClient(address, configuration) { client in
            try await client.subscribe(to: "a", "b", buffering: all) { channels in
                try await client.subscribe(toPatterns: "*", buffering: all) { patterns in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask {
                            try await self.read(channels) { $0.next("a") + $0.next("b") < count }
                        }
                        group.addTask { try await self.read(patterns) { $0.next("*") < count } }
                        try await group.waitForAll()
                    }
                }
            }
        }
    }

    private func read(_ subscription: RedisSubscription, while goesOn: (Notes) -> Bool) async throws {
        notes.withLock { $0.readers += 1 }
        for try await event in subscription {
            let isOver = notes.withLock { notes in
                notes.note(event)
                return !goesOn(notes) || !notes.faults.isEmpty
            }
            if isOver { return }
        }
    }

    /// Waits until something has been noted.
    func waitUntil(_ condition: (Notes) -> Bool) async throws {
        while !condition(ledger) { try await Task.sleep(for: .milliseconds(1)) }
    }

    /// Keeps the thread from doing anything else, from now on until `release()`.
    func hold(in group: inout ThrowingTaskGroup<Void, any Error>) async throws {
        isHeld.store(true, ordering: .releasing)
        let before = holdsBegun.load(ordering: .acquiring)
        group.addTask(executorPreference: thread.executor) {
            self.holdsBegun.add(1, ordering: .acquiringAndReleasing)
            while self.isHeld.load(ordering: .acquiring) { usleep(200) }
        }
        while holdsBegun.load(ordering: .acquiring) == before {
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// Lets the thread go on.
    func release() { isHeld.store(false, ordering: .releasing) }
}
