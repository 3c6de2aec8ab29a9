import Engine

/// CLIENT PAUSE: which commands are put off, and until when.
///
/// While it lasts no key is deleted because it is due either, so that the data stands still.
struct ClientPause {
    /// What a pause holds back.
    enum Mode {
        /// Only what changes data or travels to replicas.
        case write
        case all
    }

    /// Unix milliseconds; past or 0 when nothing is paused.
    private(set) var end: Int64 = 0
    private var mode = Mode.write

    /// Whether anything is paused at `now`.
    @inline(__always)
    func isActive(_ now: Int64) -> Bool { end > now }

    /// Whether a command with these flags is to wait.
    @inline(__always)
    func holdsBack(_ flags: CommandFlags, _ now: Int64) -> Bool {
        guard isActive(now) else { return false }
        return mode == .all || !flags.isDisjoint(with: [.write, .mayReplicate])
    }

    /// Begins or extends a pause: the later end and the stricter mode hold.
    mutating func start(_ mode: Mode, until end: Int64, now: Int64) {
        if !isActive(now) { self = ClientPause() }
        if mode == .all { self.mode = .all }
        self.end = max(self.end, end)
    }

    /// Ends the pause.
    mutating func stop() { self = ClientPause() }

    /// What INFO tells of it: the mode, and how many milliseconds are left.
    func remaining(_ now: Int64) -> (mode: Mode, milliseconds: Int64)? {
        isActive(now) ? (mode, end - now) : nil
    }
}
