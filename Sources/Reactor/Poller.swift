import CLinux
import Glibc

/// The kernel's half of a loop: an epoll instance, its reused array of events, and the wake-up call.
///
/// Unsafe in it are the events, whose `data` is a union in C. Only its number is ever used.
@safe
struct Poller: ~Copyable {
    /// How many events one wait takes; more of them wait for the next turn, which comes soon.
    private static var eventLimit: Int { 512 }
    /// The token of the wake-up descriptor; no slot has this number.
    private static var wakeToken: WaitToken { WaitToken(slot: .max, generation: .max) }

    private let epoll: Int32
    private var events: [epoll_event]

    /// Watches for wake-ups on an eventfd that nobody ever reads: it is watched for its edges, and
    /// each write makes one.
    init(epoll: Int32, wakeUps: Int32) throws(SystemError) {
        self.epoll = epoll
        // See the type.
        unsafe events = Array(repeating: epoll_event(), count: Self.eventLimit)
        try control(
            EPOLL_CTL_ADD, wakeUps, EPOLLIN.rawValue | EPOLLET.rawValue, token: Self.wakeToken)
    }

    /// Tells epoll of a change in the table.
    func apply(_ change: PollChange) throws(SystemError) {
        switch change {
        case .add(let descriptor, let token, let interest):
            try control(EPOLL_CTL_ADD, descriptor, Self.mask(of: interest), token: token)
        case .modify(let descriptor, let token, let interest):
            try control(EPOLL_CTL_MOD, descriptor, Self.mask(of: interest), token: token)
        case .remove(let descriptor):
            try control(EPOLL_CTL_DEL, descriptor, 0, token: Self.wakeToken)
        }
    }

    /// Waits for events, at most so many milliseconds, for ever if negative; answers how many came.
    ///
    /// An interruption by a signal counts as no events.
    mutating func wait(milliseconds: Int32) -> Int {
        // See the closure.
        let count = unsafe events.withUnsafeMutableBufferPointer { buffer in
            // The kernel writes at most as many events as the buffer has.
            unsafe epoll_wait(epoll, buffer.baseAddress, Int32(buffer.count), milliseconds)
        }
        precondition(count >= 0 || errno == EINTR, "epoll_wait fails only on a wrong argument")
        return max(0, Int(count))
    }

    /// An event of the last wait; `nil` for a wake-up.
    func event(_ index: Int) -> (token: WaitToken, readiness: Readiness, isBroken: Bool)? {
        // See the type.
        let token = WaitToken(bits: unsafe events[index].data.u64)
        guard token != Self.wakeToken else { return nil }
        // See the type.
        let mask = unsafe events[index].events
        var readiness: Readiness = []
        if mask & EPOLLIN.rawValue != 0 { readiness.insert(.readable) }
        if mask & EPOLLOUT.rawValue != 0 { readiness.insert(.writable) }
        if mask & EPOLLRDHUP.rawValue != 0 { readiness.insert(.hangup) }
        let isBroken = mask & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
        if isBroken { readiness.formUnion(.broken) }
        return (token, readiness, isBroken)
    }

    private func control(
        _ operation: Int32, _ descriptor: Int32, _ mask: UInt32, token: WaitToken
    ) throws(SystemError) {
        // See the type.
        var event = unsafe epoll_event()
        // See the type.
        unsafe event.events = mask
        // See the type.
        unsafe event.data.u64 = token.bits
        // The pointer is to a local that outlives the call.
        try checked("epoll_ctl") { unsafe epoll_ctl(epoll, operation, descriptor, &event) }
    }

    private static func mask(of interest: Interest) -> UInt32 {
        var mask: UInt32 = 0
        if interest.contains(.readable) { mask |= EPOLLIN.rawValue }
        if interest.contains(.writable) { mask |= EPOLLOUT.rawValue }
        if interest.contains(.hangup) { mask |= EPOLLRDHUP.rawValue }
        if interest.contains(.edgeTriggered) { mask |= EPOLLET.rawValue }
        return mask
    }
}
