/// The loop as Swift's runtime sees it.
extension EventLoop {
    /// Queues a job: without a lock on the loop's own thread, through the mailbox from elsewhere.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            queue.withState { $0.append(job) }
        } else {
            deposit { $0.jobs.append(job) }
        }
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        // The loop outlives what runs on it: actors and registrations hold it.
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    package func asUnownedTaskExecutor() -> UnownedTaskExecutor {
        // As above.
        unsafe UnownedTaskExecutor(ordinary: self)
    }

    package func isSameExclusiveExecutionContext(other: EventLoop) -> Bool {
        self === other
    }

    package func checkIsolated() {
        precondition(isCurrent, "not on the loop's thread")
    }

    package func isIsolatingCurrentContext() -> Bool? {
        isCurrent
    }
}
