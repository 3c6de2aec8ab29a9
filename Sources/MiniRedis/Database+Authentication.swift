import Engine
import RESP

extension Database {
    /// Whether a password would be asked of a new client.
    var needsPassword: Bool { !configuration.password.isEmpty }

    /// Makes the client the user that the words name, or says why not.
    ///
    /// There is the one user `default`, whose password is `requirepass`.
    func authenticate(_ session: Session, user: RawSpan?, password: RawSpan) throws(CommandError) {
        if user == nil, !needsPassword {
            throw CommandError(
                """
                ERR AUTH <password> called without any password configured for the default user. \
                Are you sure your configuration is correct?
                """)
        }
        // Compared before the name is looked at, so that both failures take the same time.
        let secret = configuration.password
        let isRight = ConstantTime.equal(secret: secret, attempt: password) || !needsPassword
        var isKnown = true
        if let user { isKnown = userExists(user) }
        guard isRight, isKnown else {
            throw CommandError("WRONGPASS invalid username-password pair or user is disabled.")
        }
        session.isAuthenticated = true
    }

    /// Whether there is a user of this name.
    func userExists(_ name: RawSpan) -> Bool {
        let known: StaticString = "default"
        return name.byteCount == known.utf8CodeUnitCount
            && [UInt8](name).elementsEqual(known.description.utf8)
    }

    /// Puts the client back into the state of a new one; what it said of its library stays.
    func reset(_ session: Session, _ call: inout Call) {
        discardTransaction(session)
        stopTracking(session)
        session.database = 0
        _ = call.select(0)
        session.protocolVersion = .resp2
        call.reply.version = .resp2
        session.isAuthenticated = !needsPassword
        pubsub.forget(session)
        session.name = []
        session.overflow = nil
        stopMonitoring(session)
        session.options.subtract([.noEvict, .noTouch])
        call.leavesClocks = false
        if session.replyMode != .skip { session.replyMode = .on }
    }
}
