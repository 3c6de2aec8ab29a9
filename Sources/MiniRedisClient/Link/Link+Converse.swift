import RESP
import Reactor
import Synchronization

/// What the task that runs a connection does, on the connection's loop.
extension Link {
    /// Bytes written at once: others on the loop get their turn in between.
    private static let largestWrite = 256 << 10
    /// Memory that an idle connection may keep for writing.
    private static let keptOutput = 256 << 10

    /// Writes requests and hands out replies until the connection ends; says why it did.
    func converse(
        on socket: borrowing Socket, _ registration: Registration, _ inbox: consuming Inbox
    ) async -> RedisError {
        var outgoing = ByteBuffer()
        do throws(RedisError) {
            while true {
                let deadline = collect(&outgoing)
                if !outgoing.isEmpty { try write(&outgoing, on: socket) }
                let interest: Interest = outgoing.isEmpty ? .readable : [.readable, .writable]
                let readiness = await registration.wait(for: interest, until: deadline)
                if !readiness.isDisjoint(with: [.cancelled, .closed]) { return .closed }
                if readiness.contains(.timedOut) { expire(by: registration.loop.deadline(in: 0)) }
                if !readiness.isDisjoint(with: [.readable, .hangup]) {
                    try inbox.read(from: socket)
                    try deliver(&inbox.values)
                }
            }
        } catch {
            return error
        }
    }

    /// Takes what is queued, if all before it is written; gives the time of the earliest deadline.
    private func collect(_ outgoing: inout ByteBuffer) -> Deadline? {
        state.withLock { state in
            state.isRung = false
            if outgoing.isEmpty {
                outgoing.shrink(to: Self.keptOutput)
                swap(&outgoing, &state.output)
            }
            return state.pending.earliest
        }
    }

    private func write(_ outgoing: inout ByteBuffer, on socket: borrowing Socket) throws(RedisError) {
        do throws(SystemError) {
            let transfer = try socket.write(outgoing.bytes.extracting(first: Self.largestWrite))
            if case .bytes(let count) = transfer { outgoing.consume(count) }
        } catch {
            throw .connectionLost(error.description)
        }
    }

    private func expire(by now: Deadline) {
        var resume: [PendingQueue.Resumption] = []
        state.withLock { $0.pending.expire(by: now, &resume) }
        for resumption in resume { resumption.waiter.resume(returning: resumption.answer) }
    }

    /// Hands out replies and messages in the order in which they came.
    func deliver(_ values: inout [RESPValue]) throws(RedisError) {
        var resume: [PendingQueue.Resumption] = []
        resume.reserveCapacity(values.count)
        let isUnderstood = state.withLock { state in
            for value in values {
                if let message = message(value, state.version) {
                    if state.subscribers.take(message) == .confirmation { state.pending.confirm(&resume) }
                } else if !state.pending.take(value, &resume) {
                    return false
                }
            }
            return true
        }
        values.removeAll(keepingCapacity: true)
        for resumption in resume { resumption.waiter.resume(returning: resumption.answer) }
        if !isUnderstood { throw .protocolViolation("a reply to no request") }
    }

    /// The parts of a push message, which RESP2 sends as an array; nil for a reply.
    private func message(_ value: RESPValue, _ version: ProtocolVersion) -> [RESPValue]? {
        switch value {
        case .push(let parts): parts
        case .array(let parts) where isSubscriber && version == .resp2: parts
        default: nil
        }
    }
}

/// What comes in over a connection: bytes, and the values that they make.
struct Inbox: ~Copyable, Sendable {
    private var parser = ReplyParser()
    private var assembler = ReplyAssembler()
    /// Whole replies and messages, oldest first, for the owner to take.
    var values: [RESPValue] = []

    /// Reads once and takes apart what came.
    mutating func read(from socket: borrowing Socket) throws(RedisError) {
        var isEnd = false
        do throws(SystemError) {
            _ = try parser.fill { span throws(SystemError) in
                switch try socket.read(into: &span) {
                case .bytes(let count): return count
                case .wouldBlock: return 0
                case .endOfFile:
                    isEnd = true
                    return 0
                }
            }
        } catch {
            throw .connectionLost(error.description)
        }
        if isEnd { throw .connectionLost("closed by the server") }
        try parse()
    }

    /// Takes bytes as if they were read; for tests.
    mutating func feed(_ bytes: [UInt8]) throws(RedisError) {
        var start = 0
        while start < bytes.count {
            let count = parser.fill { span in
                let count = min(span.byteCount, bytes.count - start)
                for index in 0..<count {
                    span.storeBytes(of: bytes[start + index], toByteOffset: index, as: UInt8.self)
                }
                return count
            }
            start += count
            try parse()
        }
    }

    private mutating func parse() throws(RedisError) {
        do throws(ReplyError) {
            while let token = try parser.next() {
                if let value = assembler.take(token, from: parser) { values.append(value) }
            }
        } catch {
            throw .protocolViolation(error.text)
        }
    }
}
