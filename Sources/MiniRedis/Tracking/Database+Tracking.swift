import Broadcasting
import Engine
import RESP

/// What the server remembers for clients that cache.
struct Tracking {
    /// Clients that track.
    var clientCount = 0
    var reads = TrackedReads()
    var prefixes = TrackedPrefixes()
    /// What the client whose unit runs has changed of its own cache.
    var own: [Invalidation] = []

    /// Whether anybody is to be told of changes.
    @inline(__always)
    var isActive: Bool { clientCount > 0 }

    /// Invalidations belong to no channel that could be followed.
    static let topic = Topic(Array("__redis__:invalidate".utf8))
    /// Keys taken out at the end of one batch when there are more than `tracking-table-max-keys`.
    static let mostEvictions = 1000
}

/// Telling clients what of their caches has changed.
extension Database {
    // MARK: Who tracks

    /// Begins to track for a client, or changes how.
    func track(_ session: Session, _ options: ClientTracking.Options, prefixes: [[UInt8]], to other: Session?)
    {
        let state: ClientTracking
        if let known = session.tracking {
            state = known
        } else {
            state = ClientTracking()
            session.tracking = state
            tracking.clientCount += 1
            followKeys()
        }
        state.options = options
        state.isRedirectionBroken = false
        state.redirection = other?.handle
        guard options.contains(.broadcast) else { return }
        for prefix in prefixes.isEmpty ? [[]] : prefixes where state.prefixes.insert(prefix).inserted {
            tracking.prefixes.insert(session.handle, prefix)
        }
    }

    /// Tracks nothing for the client any more.
    func stopTracking(_ session: Session) {
        guard let state = session.tracking else { return }
        for prefix in state.prefixes { tracking.prefixes.remove(session.handle, prefix) }
        session.tracking = nil
        tracking.clientCount -= 1
        guard !tracking.isActive else { return }
        tracking.reads.removeAll()
        followKeys()
    }

    // MARK: Reads

    /// Remembers what the client's command has read, and ends what CLIENT CACHING said of it.
    func noteReads(_ command: RegisteredCommand, _ arguments: Arguments, by session: Session) {
        guard let state = session.tracking else { return }
        if command.info.flags.contains(.readonly), state.remembersReads,
            let keys = command.info.keys(of: arguments)
        {
            for key in keys {
                tracking.reads.remember([UInt8](arguments[key.position]), by: session.handle)
            }
        }
        endCaching(session, command)
    }

    /// Ends what CLIENT CACHING said: of the next command or transaction.
    func endCaching(_ session: Session, _ command: RegisteredCommand?) {
        guard let state = session.tracking, state.isCaching, session.transaction == nil else { return }
        if let command, command.fullName.hasPrefix("client|") { return }
        state.isCaching = false
    }

    // MARK: Changes

    /// Tells those who may have a key that it has changed; `changer` is the client that did it.
    func invalidate(_ key: Effects.Key, by changer: Session?) {
        tracking.prefixes.note(key.key, by: key.isOwnDeletion ? 0 : changer?.id ?? 0)
        for handle in tracking.reads.take(key.key) {
            guard let session = sessions[handle], let state = session.tracking,
                !state.options.contains(.broadcast)
            else { continue }
            if session !== changer {
                tell(session, .keys([key.key]))
            } else if !state.options.contains(.noLoop) {
                tracking.own.append(.keys([key.key]))
            }
        }
    }

    /// Tells all who track that nothing is as it was.
    func invalidateEverything(by changer: Session?) {
        tracking.reads.removeAll()
        for session in sessions.all where session.tracking != nil {
            if session === changer { tracking.own.append(.everything) } else { tell(session, .everything) }
        }
    }

    /// Ends a unit: tells a client what of its own cache it has changed itself, behind all else that it got.
    func tellOwnInvalidations(_ session: Session?) {
        let own = tracking.own
        tracking.own = []
        guard let session else { return }
        for what in own { tell(session, what) }
    }

    /// Ends a batch or a turn of expiry: tells of keys by their prefixes, and forgets keys if they are too
    /// many, which those who have them must then forget as well.
    func settleTracking() {
        tracking.prefixes.takePending { handle, keys in
            guard let session = sessions[handle], let state = session.tracking else { return }
            let isSilent = state.options.contains(.noLoop)
            let told = keys.filter { !isSilent || $0.changer != session.id }.map(\.key)
            if !told.isEmpty { tell(session, .keys(told)) }
        }
        guard configuration.trackingTableMaxKeys > 0 else { return }
        var budget = Tracking.mostEvictions
        while tracking.reads.count > configuration.trackingTableMaxKeys, budget > 0 {
            budget -= 1
            guard let (key, clients) = tracking.reads.takeAny() else { return }
            for handle in clients {
                guard let session = sessions[handle], let state = session.tracking,
                    !state.options.contains(.broadcast)
                else { continue }
                tell(session, .keys([key]))
            }
        }
    }

    /// Tells a client that tracks, or the one that it has named.
    private func tell(_ session: Session, _ what: Invalidation) {
        guard let state = session.tracking else { return }
        guard let redirection = state.redirection else {
            // There is no place for it between the replies of RESP2.
            if session.protocolVersion == .resp3 { send(what, to: session) }
            return
        }
        if let other = sessions[redirection] {
            if other.protocolVersion == .resp3 || other.isSubscriber { send(what, to: other) }
            return
        }
        state.isRedirectionBroken = true
        guard session.protocolVersion == .resp3 else { return }
        var writer = ReplyWriter(version: .resp3)
        writer.push(2)
        writer.bulk("tracking-redir-broken")
        writer.integer(redirection.id)
        deliverInFull(session, SharedMessage(Tracking.topic, writer.buffer.take()))
    }

    private func send(_ what: Invalidation, to session: Session) {
        var writer = ReplyWriter(version: session.protocolVersion)
        if session.protocolVersion == .resp3 {
            writer.push(2)
            writer.bulk("invalidate")
        } else {
            writer.array(3)
            writer.bulk("message")
            writer.bulk(Tracking.topic.name)
        }
        switch what {
        case .everything: writer.null()
        case .keys(let keys):
            writer.array(keys.count)
            for key in keys { writer.bulk(key) }
        }
        // Another's reads are told to one that may be getting a long reply.
        if session.longCommand?.isReplying == true { completeReply(of: session) }
        deliverInFull(session, SharedMessage(Tracking.topic, writer.buffer.take()))
    }
}
