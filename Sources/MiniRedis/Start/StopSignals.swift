import Glibc
import Reactor

/// SIGINT and SIGTERM: the first stops the server in good order, another one at once.
enum StopSignals {
    private static let all = [SIGINT, SIGTERM]

    /// Keeps the signals for `wait`, and has those ignored that a server is not to die of; before the
    /// first thread.
    static func prepare() {
        SignalSource.block(all)
        SignalSource.ignoreBrokenPipes()
        _ = signal(SIGHUP, SIG_IGN)
    }

    /// Waits for the first signal, and arms the process for the next; false when the task was cancelled.
    static func wait(on loop: EventLoop, _ log: Log) async -> Bool {
        guard let source = try? SignalSource(all, on: loop), let received = await source.next() else {
            return false
        }
        log(.warning, "Received \(received == SIGINT ? "SIGINT" : "SIGTERM") scheduling shutdown...")
        exitOnNext()
        return true
    }

    /// Has the next signal end the process where it stands: also a loop that is busy can't hold it up.
    private static func exitOnNext() {
        var set = sigset_t()
        // The pointers here and below are to locals that outlive the calls.
        unsafe sigemptyset(&set)
        for number in all {
            _ = signal(number) { _ in _exit(1) }
            // As above.
            unsafe sigaddset(&set, number)
        }
        // As above.
        _ = unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }
}
