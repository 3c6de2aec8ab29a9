import CLinux
import Glibc

/// A thread of the system's, for a loop or for work that blocks.
struct Thread: Sendable {
    private let handle: pthread_t

    /// Starts a thread; of its name the system keeps fifteen bytes.
    static func start(
        named name: String, _ body: @escaping @Sendable () -> Void
    ) throws(SystemError) -> Thread {
        var handle = pthread_t()
        // The thread takes this reference over.
        let start = unsafe Unmanaged.passRetained(Start(body))
        // The pointers are to a local, and to what the new thread releases.
        let code = unsafe pthread_create(
            &handle, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                // The reference that the starter retained for this thread.
                unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            // No thread has come to take it.
            unsafe start.release()
            throw SystemError("pthread_create", code: code)
        }
        // The name is a local copy; a failure to set it changes nothing else.
        _ = unsafe pthread_setname_np(handle, String(name.prefix(15)))
        return Thread(handle: handle)
    }

    /// Waits until the thread has ended; to be called once.
    func join() {
        let code = pthread_join(handle, nil)
        precondition(code == 0, "a thread is joined once, and not by itself")
    }

    /// Lets the thread end unobserved; instead of `join()`.
    func detach() {
        pthread_detach(handle)
    }

    private final class Start: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }
}
