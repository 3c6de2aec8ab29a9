import Glibc

/// The system's limit on open files, which has to leave room for all clients.
enum OpenFilesLimit {
    /// Descriptors for everything but clients: listeners, log, files (`CONFIG_MIN_RESERVED_FDS`).
    private static let reserved: UInt64 = 32
    /// Epoll and eventfd of each loop beyond the first.
    private static let perLoop: UInt64 = 2
    /// By how much a limit that is refused is lowered for the next try.
    private static let step: UInt64 = 16

    /// Raises the limit for `maxclients`; throws, with the limit as high as it goes, where that isn't enough.
    static func make(enoughFor configuration: Configuration, _ log: Log) throws(DirectiveError) {
        let least = least(for: configuration)
        guard
            let possible = raise(to: least + UInt64(clamping: configuration.maxClients), log, configuration),
            possible < least + UInt64(clamping: configuration.maxClients)
        else { return }
        throw DirectiveError(
            "The operating system is not able to handle the specified number of clients, try with \(Int(clamping: possible) - Int(clamping: least))"
        )
    }

    /// Raises the limit for `maxclients`, or lowers `maxclients` to what the limit allows; false when
    /// it allows no client at all.
    static func agree(with configuration: inout Configuration, _ log: Log) -> Bool {
        let least = least(for: configuration)
        let wanted = least + UInt64(clamping: configuration.maxClients)
        guard let possible = raise(to: wanted, log, configuration), possible < wanted else { return true }
        guard possible > least else {
            log(
                .warning,
                "Your current 'ulimit -n' of \(possible) is not enough for the server to start. "
                    + "Please increase your open file limit to at least \(wanted). Exiting.")
            return false
        }
        configuration.maxClients = Int(clamping: possible - least)
        log(
            .warning,
            "Current maximum open files is \(possible). maxclients has been reduced to "
                + "\(configuration.maxClients) to compensate for low ulimit. "
                + "If you need higher maxclients increase 'ulimit -n'.")
        return true
    }

    private static func least(for configuration: Configuration) -> UInt64 {
        reserved + perLoop * UInt64(clamping: configuration.ioThreads - 1)
    }

    /// Sets the limit to `wanted`, or as near as the system allows; returns what it is then, if known.
    private static func raise(to wanted: UInt64, _ log: Log, _ configuration: Configuration) -> UInt64? {
        var limit = rlimit()
        // The pointers here and below are to locals that outlive the calls.
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        let old = UInt64(limit.rlim_cur)
        guard old < wanted else { return old }
        var best = wanted
        var reason: Int32 = 0
        while best > old {
            // A process without privileges may go up to the hard limit at once; beyond, only step by step down.
            limit.rlim_cur = rlim_t(best)
            limit.rlim_max = max(limit.rlim_max, rlim_t(best))
            // As above.
            if unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 { break }
            reason = errno
            // As above.
            guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
                return old
            }
            let hard = UInt64(limit.rlim_max)
            best = best > hard ? hard : best - min(step, best)
        }
        best = max(best, old)
        if best == wanted {
            log(
                .notice,
                "Increased maximum number of open files to \(wanted) (it was originally set to \(old)).")
        } else {
            // strerror's text lives until this thread's next call, and is copied at once.
            let text = unsafe String(cString: strerror(reason))
            log(
                .warning,
                "You requested maxclients of \(configuration.maxClients) requiring at least \(wanted) max file descriptors."
            )
            log(.warning, "Server can't set maximum open files to \(wanted) because of OS error: \(text).")
        }
        return best
    }
}
