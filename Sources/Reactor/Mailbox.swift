import Synchronization

/// What other threads leave for a loop: jobs to run, and registrations that they have signalled.
///
/// A burst of deposits costs one system call at most: only the first one after the loop has said
/// that it may sleep is told to wake it.
struct Mailbox: ~Copyable, Sendable {
    struct Mail: Sendable {
        var jobs: [UnownedJob] = []
        var posts: [Registration] = []
        /// Entries whose registrations went away on another thread.
        var orphans: [WaitToken] = []
    }

    private let mail = Guarded(Mail())
    private let hasMail = Atomic<Bool>(false)
    private let mayWake = Atomic<Bool>(false)

    /// Leaves something; true if the caller must now wake the loop.
    func deposit(_ add: (inout sending Mail) -> Void) -> Bool {
        mail.withLock { mail in
            add(&mail)
            hasMail.store(true, ordering: .sequentiallyConsistent)
        }
        // Either this reads what `prepareToSleep` wrote, or that sees the mail: both orders are
        // total. The plain reading first spares bursts the locked instruction.
        return mayWake.load(ordering: .sequentiallyConsistent)
            && mayWake.exchange(false, ordering: .sequentiallyConsistent)
    }

    /// Says that the loop is about to sleep; false if there is mail, and then it must not.
    func prepareToSleep() -> Bool {
        mayWake.store(true, ordering: .sequentiallyConsistent)
        return !hasMail.load(ordering: .sequentiallyConsistent)
    }

    /// Says that the loop is awake and will look at its mail before it sleeps again.
    func awake() {
        mayWake.store(false, ordering: .relaxed)
    }

    /// Takes everything; `nil`, without a lock, if there is nothing.
    func collect() -> Mail? {
        guard hasMail.load(ordering: .acquiring) else { return nil }
        return mail.withLock { mail in
            hasMail.store(false, ordering: .relaxed)
            let collected = mail
            mail = Mail()
            return collected
        }
    }
}
