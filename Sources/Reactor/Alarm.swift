/// A timer that one task waits on and anybody on the loop may set again and again.
///
/// Setting is cheap, whether to earlier or later. A deadline that passes while nobody waits is told
/// to the next wait.
package struct Alarm: Sendable {
    private let bell: Registration

    /// Makes an alarm that is not set; loop only.
    package init(on loop: EventLoop) {
        bell = Registration(on: loop)
    }

    /// Sets the deadline in the place of the one before, told or not, `nil` for none; loop only.
    package func set(_ deadline: Deadline?) {
        let token = bell.token
        precondition(bell.loop.isCurrent, "an alarm is set on its loop's thread")
        bell.loop.state.withState { state in
            state.table.forget(token, .timedOut)
            switch (state.table.timer(of: token), deadline) {
            case (let timer?, let deadline?):
                state.timers.move(timer, to: deadline)
            case (let timer?, nil):
                state.timers.cancel(timer)
                state.table.setTimer(token, .none, endsWithWait: false)
            case (nil, let deadline?):
                guard state.table.contains(token) else { break }
                let timer = state.timers.insert(token, at: deadline)
                state.table.setTimer(token, timer, endsWithWait: false)
            case (nil, nil):
                break
            }
        }
    }

    /// Waits until the deadline has passed; false when the task is cancelled or the alarm closed.
    ///
    /// Loop only, one waiter at a time.
    package func next() async -> Bool {
        await withTaskCancellationHandler {
            var readiness: Readiness
            repeat { readiness = await bell.wait(for: []) } while readiness == .signalled
            return readiness.contains(.timedOut)
        } onCancel: {
            bell.cancel()
        }
    }

    /// Ends the present wait and all later ones with false; loop only.
    package func close() {
        bell.close()
    }
}
