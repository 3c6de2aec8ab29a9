import CLinux
import Glibc

/// Signals as something that a task waits for (`signalfd`).
package final class SignalSource: Sendable {
    private let descriptor: Descriptor
    private let registration: Registration

    /// Keeps signals from interrupting the process, so that a source can take them.
    ///
    /// To be called before the first thread is started: a thread inherits what is blocked, and one
    /// that doesn't block a signal gets it. Programs that the process starts inherit it too.
    package static func block(_ signals: [Int32]) {
        var set = Self.set(of: signals)
        // The pointer is to a local that outlives the call; the old set isn't asked for.
        let code = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        precondition(code == 0, "blocking fails only on a wrong argument")
    }

    /// Makes writing to a peer that is gone an error like others instead of the process's end.
    ///
    /// `Socket` needs no such thing; pipes and files do.
    package static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Begins to take signals that `block` has been told of; loop only.
    package init(_ signals: [Int32], on loop: EventLoop) throws(SystemError) {
        var set = Self.set(of: signals)
        // The pointer is to a local that outlives the call.
        let number = try checked("signalfd") {
            unsafe signalfd(-1, &set, Int32(SFD_CLOEXEC) | Int32(SFD_NONBLOCK))
        }
        let descriptor = Descriptor(owning: number)
        registration = try Registration(descriptor, on: loop)
        self.descriptor = descriptor
    }

    /// Waits for a signal; `nil` when the task is cancelled or the source closed.
    ///
    /// Loop only, one waiter at a time.
    package func next() async -> Int32? {
        await withTaskCancellationHandler {
            while true {
                if let signal = take() { return signal }
                let readiness = await registration.wait(for: .readable)
                if !readiness.isDisjoint(with: [.cancelled, .closed]) { return nil }
            }
        } onCancel: {
            registration.cancel()
        }
    }

    /// Ends the present wait and all later ones with `nil`; loop only.
    package func close() {
        registration.close()
    }

    /// The signal that has been pending longest.
    private func take() -> Int32? {
        var information = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        // The kernel writes whole structures, and there is room for one.
        let count = uninterrupted { unsafe read(descriptor.number, &information, size) }
        return count == size ? Int32(information.ssi_signo) : nil
    }

    private static func set(of signals: [Int32]) -> sigset_t {
        var set = sigset_t()
        // The pointers are to a local that outlives the calls.
        unsafe sigemptyset(&set)
        for signal in signals {
            // As above.
            let code = unsafe sigaddset(&set, signal)
            precondition(code == 0, "\(signal) is no signal")
        }
        return set
    }
}
