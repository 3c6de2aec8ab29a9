import Broadcasting
import Engine
import RESP

/// What the actor sends to clients that did not ask just now: messages and keyspace events.
extension Database {
    /// Publishes to channel and patterns; returns the number of receivers.
    @discardableResult
    func publish(_ channel: RawSpan, _ message: RawSpan) -> Int {
        pubsub.publish(channel, message, deliver)
    }

    /// Publishes to a shard channel; returns the number of receivers.
    func publishToShard(_ channel: RawSpan, _ message: RawSpan) -> Int {
        pubsub.publishToShard(channel, message, deliver)
    }

    /// Hands a client a message; one that reads too slowly loses others for it, or is closed.
    func deliver(_ session: Session, _ message: SharedMessage) {
        guard session.closing == .no else { return }
        if session.ownMessages?.append(message) != nil { return }
        if session.overflow?.policy ?? configuration.pubsubOverflowPolicy == .dropOldest {
            let limit = session.overflow?.limit ?? configuration.backlogLimit
            let added = session.outbox.add(message, within: limit)
            if added.dropped > 0 { statistics.missedMessages &+= UInt64(added.dropped) }
            return added.isNews ? rouse(session) : ()
        }
        deliverInFull(session, message)
    }

    /// Hands a client a message that it must not miss; one that reads too slowly is closed.
    func deliverInFull(_ session: Session, _ message: SharedMessage) {
        guard session.closing == .no else { return }
        if session.ownMessages?.append(message) != nil { return }
        // Nearly all of a long message is its payload.
        let added = session.outbox.keep(message) { held in
            overcomesLimit(session, held, bulk: message.count)
        }
        if added.isClosed { noteClosed(session) }
        if added.isNews { rouse(session) }
    }

    /// Moves what waits for a client behind its replies, as far as it will soon be sent.
    func catchUp(_ session: Session, _ reply: inout ReplyWriter) {
        session.isBehind = session.outbox.drain(into: &reply.buffer).isBehind
    }

    /// Brings a command's reply, which begins at `mark`, and what the command sent to its own client into
    /// their places behind what waits for the client; true if it is to read before it goes on.
    func queueUp(_ session: Session, _ reply: inout ReplyWriter, since mark: Int) -> Bool {
        var mustRead = false
        if session.isBehind, reply.count > mark {
            session.outbox.keep(reply.buffer.bytes.extracting(mark..<reply.count))
            let bulk = reply.isBulkString(at: mark) ? reply.count - mark : 0
            reply.buffer.truncate(to: mark)
            let held = session.outbox.kept + reply.count
            enforceOutputLimit(session, held, bulk: bulk)
            mustRead = session.closing == .no && held > Conversation.mostPendingOutput
        }
        if let messages = session.ownMessages.take() {
            for message in messages { deliver(session, message) }
        }
        catchUp(session, &reply)
        return mustRead
    }

    /// Closes a client that has let more output pile up than its class may.
    ///
    /// `held` bytes wait, and the last `bulk` of them came as one bulk string.
    func enforceOutputLimit(_ session: Session, _ held: Int, bulk: Int = 0) {
        guard overcomesLimit(session, held, bulk: bulk) else { return }
        session.outbox.close(.now)
        noteClosed(session)
    }

    @inline(__always)
    private func overcomesLimit(_ session: Session, _ held: Int, bulk: Int) -> Bool {
        guard held > OutputMemory.ownBytes else {
            session.longestUnread = 0
            session.overSoftLimitSince = 0
            return false
        }
        return overcomesListedLimit(session, held, bulk: bulk)
    }

    @inline(never)
    private func overcomesListedLimit(_ session: Session, _ held: Int, bulk: Int) -> Bool {
        let limit = configuration.outputLimits[session.outputClass]
        session.longestUnread = max(session.longestUnread, bulk)
        let memory = OutputMemory.bytes(held: held, bulk: session.longestUnread)
        return session.closing != .now
            && limit.isOvercome(by: memory, since: &session.overSoftLimitSince, now: lastNow)
    }

    private func noteClosed(_ session: Session) {
        session.closing = .now
        statistics.outputLimitDisconnections += 1
        log(
            .warning,
            "Client \(session.line(lastNow)) scheduled to be closed ASAP for overcoming of output buffer limits."
        )
    }

    /// Hands what the last unit changed to those who follow it.
    func publishEffects(by session: Session?) {
        handOut(by: session)
        handed = HandedEffects()
        if !tracking.own.isEmpty { tellOwnInvalidations(session) }
        if !waiting.isEmpty { waiting.note(dataset.effects) }
        dataset.effects.clear()
        if waiting.hasReady { serveWaiting() }
    }

    /// Tells of what the command that ran has changed, within a unit that may go on.
    func handOut(by session: Session?) {
        let effects = dataset.effects
        if effects.keys.count > handed.keys || effects.sweeps.count > handed.sweeps {
            handOutKeys(effects, by: session)
        }
        for event in effects.events.dropFirst(handed.events) { notify(event) }
        handed.events = effects.events.count
    }

    private func handOutKeys(_ effects: Effects, by session: Session?) {
        for key in effects.keys.dropFirst(handed.keys) where !key.isUnseen {
            watches.touch(key)
            if tracking.isActive { invalidate(key, by: session) }
        }
        handed.keys = effects.keys.count
        var isFlushed = false
        for sweep in effects.sweeps.dropFirst(handed.sweeps) {
            outdate(sweep)
            if case .flushed = sweep { isFlushed = true }
        }
        handed.sweeps = effects.sweeps.count
        if isFlushed, tracking.isActive { invalidateEverything(by: session) }
    }

    /// Publishes one keyspace event in the forms that `notify-keyspace-events` asks for.
    private func notify(_ event: Effects.Event) {
        var channel = ByteBuffer(capacity: 64)
        // Literal and key live until the call returns.
        let key = unsafe event.key.span.bytes
        if dataset.effects.notified.contains(.keyspace) {
            channel.append("__keyspace@" as StaticString)
            channel.append(decimal: event.database)
            channel.append("__:" as StaticString)
            channel.append(key)
            var name = ByteBuffer(capacity: 32)
            name.append(event.kind.name)
            publish(channel.bytes, name.bytes)
            channel.removeAll()
        }
        if dataset.effects.notified.contains(.keyevent) {
            channel.append("__keyevent@" as StaticString)
            channel.append(decimal: event.database)
            channel.append("__:" as StaticString)
            channel.append(event.kind.name)
            publish(channel.bytes, key)
        }
    }
}

/// How much output a class of clients may let pile up (`client-output-buffer-limit`).
///
/// Both limits are of bytes as `OutputMemory` counts them, and reached by as many.
struct OutputLimit: Sendable, Equatable {
    /// Bytes at which the client is closed at once; 0 is no limit.
    var hard = 0
    /// Bytes at which it is closed after more than `softSeconds`; 0 is no limit.
    var soft = 0
    var softSeconds = 0

    /// Whether `memory` is too much; `since` remembers when the soft limit was first reached.
    ///
    /// As in Redis, only whole seconds of the clock count.
    func isOvercome(by memory: Int, since: inout Int64, now: Int64) -> Bool {
        if hard > 0, memory >= hard { return true }
        guard soft > 0, memory >= soft else {
            since = 0
            return false
        }
        if since == 0 { since = now }
        return now / 1000 - since / 1000 > Int64(softSeconds)
    }
}

/// The limits of the three classes.
struct OutputLimits: Sendable, Equatable {
    /// Classes of clients by how they get their output.
    enum Class: Sendable, CaseIterable {
        case normal
        case replica
        case pubsub
    }

    var normal = OutputLimit()
    var replica = OutputLimit(hard: 256 << 20, soft: 64 << 20, softSeconds: 60)
    var pubsub = OutputLimit(hard: 32 << 20, soft: 8 << 20, softSeconds: 60)

    subscript(_ kind: Class) -> OutputLimit {
        get {
            switch kind {
            case .normal: normal
            case .replica: replica
            case .pubsub: pubsub
            }
        }
        set {
            switch kind {
            case .normal: normal = newValue
            case .replica: replica = newValue
            case .pubsub: pubsub = newValue
            }
        }
    }
}
