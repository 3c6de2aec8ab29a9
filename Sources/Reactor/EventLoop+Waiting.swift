extension EventLoop {
    /// Lets the loop's other jobs and its descriptors go first; loop only.
    package func yield() async {
        precondition(isCurrent, "a task yields on the loop that it runs on")
        await Waiter<Void>.suspend { waiter in
            state.withState { $0.yielded.append(waiter) }
        }
    }

    /// Sleeps; false if the task was cancelled before the time came; loop only.
    package func sleep(until deadline: Deadline) async -> Bool {
        let alarm = Alarm(on: self)
        alarm.set(deadline)
        return await alarm.next()
    }
}
