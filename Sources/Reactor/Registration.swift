import Synchronization

/// One descriptor on one loop, and the one task that waits for it.
///
/// Without a descriptor it is a bell: something to wait on that others ring with `signal()`.
/// It does not own the descriptor, and is to be closed before that is.
package final class Registration: Sendable {
    package let loop: EventLoop
    let token: WaitToken
    /// The reasons that other threads have posted and the loop has not collected yet.
    private let posted = Atomic<UInt8>(0)

    /// Registers a descriptor, by default to be told when it is readable; loop only.
    ///
    /// The descriptor must not be registered on this loop already.
    package init(
        _ descriptor: borrowing Descriptor, on loop: EventLoop, armed: Interest = .readable
    ) throws(SystemError) {
        precondition(loop.isCurrent, "a descriptor is registered on the loop's own thread")
        self.loop = loop
        let number = descriptor.number
        token = try loop.state.withState { state throws(SystemError) in
            try state.poller.apply(.add(number, state.table.nextToken, armed))
            return state.table.insert(descriptor: number, armed: armed)
        }
    }

    /// Makes a bell; loop only.
    package init(on loop: EventLoop) {
        precondition(loop.isCurrent, "a bell is made on the loop's own thread")
        self.loop = loop
        token = loop.state.withState { $0.table.insert(descriptor: nil, armed: []) }
    }

    deinit {
        if loop.isCurrent { return close() }
        let token = token
        loop.deposit { $0.orphans.append(token) }
    }

    /// Waits until the descriptor is ready for one of the things asked for, or for another reason
    /// that `Readiness` lists; loop only, one waiter at a time.
    ///
    /// With no interest at all it waits for the other reasons only. What the wait was not for may
    /// be told too. It does not look at the task's own cancellation: see `cancel()`.
    ///
    /// With an attendant, what the wait is for does not end it: see `Attendant`.
    package func wait(
        for interest: Interest, until deadline: Deadline? = nil,
        attendedBy attendant: (any Attendant)? = nil, as key: UInt32 = 0
    ) async -> Readiness {
        precondition(loop.isCurrent, "a registration is waited for on its loop's thread")
        return await Waiter<Readiness>.suspend { waiter in
            loop.state.withState { state in
                if let ready = begin(interest, &state) { return waiter.resume(returning: ready) }
                let attendance = attendant.map { Attendance(attendant: ObjectIdentifier($0), key: key) }
                state.table.park(
                    token, ParkedTask(waiter: waiter, attendant: attendant), attendance: attendance)
                guard let deadline else { return }
                let timer = state.timers.insert(token, at: deadline)
                state.table.setTimer(token, timer, endsWithWait: true)
            }
        }
    }

    /// Has the loop tell again of input that was left unread, if it tells of each only once; loop only.
    ///
    /// To be called after a read that filled its buffer, as more may be there.
    package func expectMore() {
        precondition(loop.isCurrent, "a registration is armed on its loop's thread")
        loop.state.withState { state in
            guard let change = state.table.rearming(token) else { return }
            // As for a change that the table asks for: the next read tells why.
            do throws(SystemError) { try state.poller.apply(change) } catch {
                state.settle(state.table.post(token, .hangup))
            }
        }
    }

    /// Ends the present wait with `.signalled`, or else the next one; callable from any thread.
    ///
    /// On the loop's thread it takes no lock and makes no system call.
    package func signal() {
        post(.signalled)
    }

    /// Ends the present wait and all later ones with `.cancelled`; callable from any thread.
    ///
    /// Made for the handler of a `withTaskCancellationHandler` around all that a connection does.
    package func cancel() {
        post(.cancelled)
    }

    /// Takes the descriptor off the loop, ends the present wait and all later ones with `.closed`;
    /// loop only.
    ///
    /// Without it the registration goes off the loop when its last owner lets go.
    package func close() {
        precondition(loop.isCurrent, "a registration is closed on its loop's thread")
        loop.state.withState { $0.remove(token) }
    }

    /// The reasons that other threads have posted since the last call.
    func takePosted() -> Readiness {
        Readiness(rawValue: posted.exchange(0, ordering: .acquiring))
    }

    /// Begins a wait; `nil` if the task is to suspend.
    private func begin(_ interest: Interest, _ state: inout EventLoop.State) -> Readiness? {
        switch state.table.begin(token, for: interest) {
        case .ready(let readiness):
            return readiness
        case .park(nil):
            return nil
        case .park(let change?):
            do throws(SystemError) {
                try state.poller.apply(change)
                return nil
            } catch {
                // Nothing more can be heard of this descriptor: using it tells why.
                return .hangup
            }
        }
    }

    private func post(_ reason: Readiness) {
        if loop.isCurrent {
            return loop.state.withState { state in
                state.settle(state.table.post(token, reason))
            }
        }
        // The first to post since the loop last looked leaves a note; the others count on that.
        let before = posted.bitwiseOr(reason.rawValue, ordering: .acquiringAndReleasing).oldValue
        if before == 0 { loop.deposit { $0.posts.append(self) } }
    }
}
