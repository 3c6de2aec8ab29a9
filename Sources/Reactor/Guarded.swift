#if DEBUG
    import Synchronization
#else
    package import Synchronization
#endif

// Libraries of the toolchain are not built for the thread sanitizer, which so sees two threads touch
// what a mutex guards and not the mutex. It does see atomics of ours. Hence debug builds, which are
// what it is given, pass the order on from one holder to the next by an atomic of their own, and
// nothing has to be suppressed.
#if DEBUG
    /// A value that is touched under a lock only.
    package struct Guarded<Value: ~Copyable>: ~Copyable, Sendable {
        private let mutex: Mutex<Value>
        /// Written by each holder as it lets go, read by the next.
        private let order = Atomic<Bool>(false)

        package init(_ value: consuming sending Value) {
            mutex = Mutex(value)
        }

        /// Lends the value to the body, and to nobody else meanwhile.
        package func withLock<Answer: ~Copyable, Failure: Error>(
            _ body: (inout sending Value) throws(Failure) -> sending Answer
        ) throws(Failure) -> sending Answer {
            try mutex.withLock { value throws(Failure) in
                _ = order.load(ordering: .acquiring)
                defer { order.store(true, ordering: .releasing) }
                return try body(&value)
            }
        }
    }
#else
    /// A value that is touched under a lock only.
    package typealias Guarded<Value: ~Copyable> = Mutex<Value>
#endif
