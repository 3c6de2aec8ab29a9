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

    private struct Request {
        var waiter: Parked<Answer>?
        var due: Due
        var deadline: Deadline?
        /// The replies so far, where more than one is due.
        var replies: [RESPValue] = []
        let isSingle: Bool
    }

    /// A task to resume, with what it is told.
    struct Resumption {
        var waiter: Parked<Answer>
        var answer: Answer
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

    var count: Int { requests.count - head }

    /// Queues a request; true if its deadline is earlier than all others.
    mutating func append(_ waiter: Parked<Answer>?, due: Due, deadline: Deadline?) -> Bool {
        var request = Request(waiter: waiter, due: due, deadline: deadline, isSingle: Self.isSingle(due))
        if !request.isSingle, case .replies(let count) = due, waiter != nil {
            request.replies.reserveCapacity(min(count, Self.mostReserved))
        }
        requests.append(request)
        nextNumber += 1
        guard let deadline, earliest.map({ deadline < $0 }) ?? true else { return false }
        earliest = deadline
        return true
    }

    private static func isSingle(_ due: Due) -> Bool {
        if case .replies(1) = due { true } else { false }
    }

    /// Tells those who wait only for the connection that it stands.
    mutating func open(_ resume: inout [Resumption]) {
        for index in head..<requests.count {
            guard case .replies(0) = requests[index].due, let waiter = requests[index].waiter.take() else {
                continue
            }
            resume.append(Resumption(waiter: waiter, answer: .many([])))
        }
    }

    /// Hands the next reply to the oldest request; false if it can't be its.
    mutating func take(_ value: RESPValue, _ resume: inout [Resumption]) -> Bool {
        skipAnswered()
        guard head < requests.count else { return false }
        switch requests[head].due {
        case .replies(let missing):
            if missing == 1 {
                var request = removeFirst()
                guard let waiter = request.waiter.take() else { return true }
                if request.isSingle {
                    resume.append(Resumption(waiter: waiter, answer: .one(value)))
                } else {
                    request.replies.append(value)
                    resume.append(Resumption(waiter: waiter, answer: .many(request.replies)))
                }
            } else {
                requests[head].due = .replies(missing - 1)
                if requests[head].waiter != nil { requests[head].replies.append(value) }
            }
            return true
        case .confirmations:
            // A refused subscription has one reply for all its channels.
            guard case .error(let error) = value else { return false }
            if let waiter = removeFirst().waiter {
                resume.append(Resumption(waiter: waiter, answer: .failure(.server(error))))
            }
            return true
        }
    }

    /// Counts a confirmation; it is nobody's when the server has sent it of its own accord.
    mutating func confirm(_ resume: inout [Resumption]) {
        skipAnswered()
        guard head < requests.count, case .confirmations(let missing) = requests[head].due else { return }
        guard missing <= 1 else {
            requests[head].due = .confirmations(missing - 1)
            return
        }
        if let waiter = removeFirst().waiter {
            resume.append(Resumption(waiter: waiter, answer: .many([])))
        }
    }

    /// Gives up on a request; nil if it is answered.
    mutating func abandon(_ number: UInt64) -> Parked<Answer>? {
        let fromEnd = nextNumber - min(number, nextNumber)
        guard fromEnd > 0, fromEnd <= UInt64(count) else { return nil }
        let index = requests.count - Int(fromEnd)
        requests[index].replies = []
        return requests[index].waiter.take()
    }

    /// Gives up on all requests whose time is over.
    mutating func expire(by now: Deadline, _ resume: inout [Resumption]) {
        guard let first = earliest, first <= now else { return }
        earliest = nil
        for index in head..<requests.count {
            guard let deadline = requests[index].deadline, requests[index].waiter != nil else { continue }
            if deadline <= now {
                requests[index].replies = []
                if let waiter = requests[index].waiter.take() {
                    resume.append(Resumption(waiter: waiter, answer: .failure(.timedOut)))
                }
            } else {
                earliest = min(earliest ?? deadline, deadline)
            }
        }
    }

    /// Takes everything out and fails it.
    mutating func removeAll(_ error: RedisError, _ resume: inout [Resumption]) {
        for index in head..<requests.count {
            if let waiter = requests[index].waiter.take() {
                resume.append(Resumption(waiter: waiter, answer: .failure(error)))
            }
        }
        requests = []
        head = 0
        earliest = nil
    }

    /// Drops requests that no reply is due to.
    private mutating func skipAnswered() {
        while head < requests.count, case .replies(0) = requests[head].due { _ = removeFirst() }
    }

    private mutating func removeFirst() -> Request {
        // Its place must not keep what the caller is to have alone.
        var request = Request(waiter: nil, due: .replies(0), deadline: nil, isSingle: true)
        swap(&request, &requests[head])
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
