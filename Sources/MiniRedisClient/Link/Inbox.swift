import RESP
import Reactor

/// What comes in over a connection: bytes, and the values that they make.
struct Inbox: ~Copyable, Sendable {
    private var parser = ReplyParser()
    private var assembler = ReplyAssembler()
    /// Whole replies and messages, oldest first, for the owner to take.
    var values: [RESPValue] = []
    /// Whether there are messages among them.
    private(set) var hasPushes = false

    /// Forgets the values, and keeps room for some.
    mutating func empty(keeping most: Int) {
        values.removeAll(keepingCapacity: values.capacity <= most)
        hasPushes = false
    }

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
            throw .lost(error)
        }
        if isEnd { throw .closedByServer }
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
                guard let value = assembler.take(token, from: parser) else { continue }
                if case .push = value { hasPushes = true }
                values.append(value)
            }
        } catch {
            throw .protocolViolation(error.text)
        }
    }
}
