import Reactor

/// The requests whose replies are due, oldest first; replies come in that order.
///
/// Requests are numbered in the order in which they are queued, from 1 on. One whose task has given
/// up stays in the queue without a waiter until its reply has come.
struct PendingQueue {
    /// What answers a request.
    enum Due {
        /// So many replies; with none, that the connection stands.
        case replies(Int)
        /// So many confirmations of (un)subscriptions, which come as push messages.
        case confirmations(Int)
    }

    /// What a request to subscribe has done once it is confirmed.
    enum Confirmed {
        case begun(MessageBuffer)
        case resumed(SubscriptionKind)
    }

    private struct Request {
        var waiter: Parked<Answer>?
        var due: Due
        var deadline: Deadline?
        /// The replies so far, where more than one is due.
        var replies: [RESPValue] = []
        var isSingle = false
        /// Whether the server may take its time, and hold up what is behind.
        var waits = false
        var confirms: Confirmed?
    }

    /// A task to resume, with what it is told.
    struct Resumption {
        var waiter: Parked<Answer>
        var answer: Answer

        func resume() { waiter.resume(returning: answer) }
    }

    /// Replies for which room is made at once.
    private static let mostReserved = 1 << 16
    /// Places of answered requests that are kept before the queue is moved up.
    private static let mostAnswered = 256

    private var requests: [Request] = []
    /// Index of the oldest request.
    private var head = 0
    /// The number that the next request gets.
    private(set) var nextNumber: UInt64 = 1
    /// No deadline is earlier; nil when there is none.
    private(set) var earliest: Deadline?
    /// Requests that wait in the server, or will, and that nobody waits for any more.
    private(set) var abandonedWaits = 0
    /// Waits that the server was told to end and has not ended yet, as far as it has told.
    private(set) var endings = 0

    var count: Int { requests.count - head }

    /// Queues a request, perhaps one that lets a subscriber begin.
    mutating func append(
        _ waiter: Parked<Answer>?, due: Due, for subscriber: MessageBuffer? = nil, deadline: Deadline?,
        waits: Bool = false
    ) {
        var request = Request(waiter: waiter, due: due, deadline: deadline, waits: waits)
        if case .replies(let count) = due {
            request.isSingle = count == 1
            if count > 1, waiter != nil { request.replies.reserveCapacity(min(count, Self.mostReserved)) }
        }
        if let subscriber { request.confirms = .begun(subscriber) }
        requests.append(request)
        nextNumber += 1
        if let deadline { earliest = min(earliest ?? deadline, deadline) }
    }

    /// Puts a request that nobody waits for before all others; it takes no number.
    mutating func prepend(due: Due, resuming kind: SubscriptionKind) {
        requests.removeFirst(head)
        head = 0
        let place = requests.prefix { if case .resumed? = $0.confirms { true } else { false } }.count
        requests.insert(Request(due: due, confirms: .resumed(kind)), at: place)
    }

    /// Tells those who wait only for the connection that it stands.
    mutating func open(_ resume: inout [Resumption]) {
        for index in head..<requests.count {
            guard case .replies(0) = requests[index].due, let waiter = requests[index].waiter.take() else {
                continue
            }
            resume.append(Resumption(waiter: waiter, answer: .many([])))
        }
        skipAnswered()
    }

    /// Gives up on a request; nil if it is answered.
    mutating func abandon(_ number: UInt64) -> Parked<Answer>? {
        let fromEnd = nextNumber - min(number, nextNumber)
        guard fromEnd > 0, fromEnd <= UInt64(count) else { return nil }
        return giveUp(on: requests.count - Int(fromEnd))
    }

    private mutating func giveUp(on index: Int) -> Parked<Answer>? {
        requests[index].replies = []
        guard let waiter = requests[index].waiter.take() else { return nil }
        if requests[index].waits { abandonedWaits += 1 }
        return waiter
    }

    /// Gives up on all requests whose time is over.
    mutating func expire(by now: Deadline, _ resume: inout [Resumption]) {
        guard let first = earliest, first <= now else { return }
        earliest = nil
        for index in head..<requests.count {
            guard let deadline = requests[index].deadline, requests[index].waiter != nil else { continue }
            if deadline <= now {
                if let waiter = giveUp(on: index) {
                    resume.append(Resumption(waiter: waiter, answer: .failure(.timedOut)))
                }
            } else {
                earliest = min(earliest ?? deadline, deadline)
            }
        }
    }

    /// Takes out the requests with lower numbers and fails them, but for those that wait for no reply.
    mutating func removeFirst(before number: UInt64, _ error: RedisError, _ resume: inout [Resumption]) {
        let kept = Int(clamping: nextNumber - min(number, nextNumber))
        let end = max(requests.count - kept, head)
        for index in head..<end {
            if let waiter = requests[index].waiter.take() {
                resume.append(Resumption(waiter: waiter, answer: .failure(error)))
            } else if requests[index].waits {
                abandonedWaits -= 1
            }
        }
        // They were of a connection that is gone.
        endings = 0
        requests.removeFirst(end)
        head = 0
        if requests.isEmpty { earliest = nil }
    }
}

// MARK: - Replies

extension PendingQueue {
    /// Hands replies to the oldest requests; false if there are more than are due.
    ///
    /// They are taken out of the array, whose memory may be exchanged for a request's.
    mutating func take(all values: inout [RESPValue], _ resume: inout [Resumption]) -> Bool {
        skipAnswered()
        if head < requests.count, case .replies(let missing) = requests[head].due, missing > 1,
            missing >= values.count, requests[head].replies.isEmpty, requests[head].waiter != nil,
            !requests[head].waits
        {
            // The beginning of a pipeline's replies, as is usual: nothing is copied.
            swap(&values, &requests[head].replies)
            requests[head].due = .replies(missing - requests[head].replies.count)
            if missing == requests[head].replies.count { answer(&resume) }
            return true
        }
        defer { values.removeAll(keepingCapacity: true) }
        for value in values {
            if !take(value, &resume) { return false }
        }
        return true
    }

    /// Hands the next reply to the oldest request; false if it can't be its.
    mutating func take(_ value: RESPValue, _ resume: inout [Resumption]) -> Bool {
        skipAnswered()
        guard head < requests.count else { return false }
        switch requests[head].due {
        case .replies(let missing):
            if requests[head].isSingle {
                let request = removeFirst()
                let answer = request.waits && isEnded(by: value) ? Answer.again : .one(value)
                if let waiter = request.waiter { resume.append(Resumption(waiter: waiter, answer: answer)) }
                return true
            }
            requests[head].due = .replies(missing - 1)
            if requests[head].waits { _ = isEnded(by: value) }
            if requests[head].waiter != nil { requests[head].replies.append(value) }
            if missing == 1 { answer(&resume) }
            return true
        case .confirmations:
            // A refused subscription has one reply for all its channels.
            guard case .error(let error) = value else { return false }
            let request = removeFirst()
            if let waiter = request.waiter {
                resume.append(Resumption(waiter: waiter, answer: .failure(.server(error))))
            }
            return true
        }
    }

    /// What the oldest request was to resume, if it was to do that; for when it is refused.
    var resumes: SubscriptionKind? {
        guard head < requests.count, case .resumed(let kind)? = requests[head].confirms else { return nil }
        return kind
    }

    /// Counts a confirmation; gives what the request has done if it was the last one.
    ///
    /// It is nobody's when the server has sent it of its own accord.
    mutating func confirm(_ resume: inout [Resumption]) -> Confirmed? {
        skipAnswered()
        guard head < requests.count, case .confirmations(let missing) = requests[head].due else { return nil }
        guard missing <= 1 else {
            requests[head].due = .confirmations(missing - 1)
            return nil
        }
        let request = removeFirst()
        if let waiter = request.waiter { resume.append(Resumption(waiter: waiter, answer: .many([]))) }
        return request.confirms
    }

    /// Tells the oldest request all its replies.
    private mutating func answer(_ resume: inout [Resumption]) {
        let request = removeFirst()
        guard let waiter = request.waiter else { return }
        resume.append(Resumption(waiter: waiter, answer: .many(request.replies)))
    }

    /// Drops requests that no reply is due to.
    fileprivate mutating func skipAnswered() {
        while head < requests.count, case .replies(0) = requests[head].due { _ = removeFirst() }
    }

    private mutating func removeFirst() -> Request {
        // Its place must not keep what the caller is to have alone.
        var request = Request(due: .replies(0))
        swap(&request, &requests[head])
        if request.waits, request.waiter == nil { abandonedWaits -= 1 }
        head += 1
        if head == requests.count {
            requests.removeAll(keepingCapacity: head <= Self.mostAnswered)
            head = 0
            earliest = nil
        } else if head >= Self.mostAnswered, head * 2 >= requests.count {
            requests.removeFirst(head)
            head = 0
        }
        return request
    }
}

// MARK: - Ending waits

extension PendingQueue {
    /// Whether the server waits, or is about to, for nobody.
    var isHeldUp: Bool {
        abandonedWaits > 0 && head < requests.count && requests[head].waits && requests[head].waiter == nil
    }

    /// Notes that the server is being told to end the wait of the oldest request.
    mutating func beginEnding() { endings += 1 }

    /// Notes that the server has found nothing to end.
    mutating func endEnding() { endings = max(endings - 1, 0) }

    /// Whether this is the answer of a wait that the server was told to end.
    private mutating func isEnded(by value: RESPValue) -> Bool {
        guard endings > 0, case .error(let error) = value, error.code == "UNBLOCKED" else { return false }
        endings -= 1
        return true
    }
}
