import Synchronization
import Testing

@testable import Reactor

/// A small generator, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// Runs the body on a loop with a thread of its own, and ends that afterwards.
func onLoop<Answer: Sendable>(
    _ body: @escaping @Sendable (EventLoop) async throws -> Answer
) async throws -> Answer {
    let thread = try LoopThread(named: "test")
    defer { thread.stopAndJoin() }
    let loop = thread.loop
    return try await withThrowingTaskGroup(of: Answer.self) { group in
        group.addTask(on: loop) { try await body(loop) }
        guard let answer = try await group.next() else { fatalError("one task, one answer") }
        return answer
    }
}

extension Socket {
    /// Writes all bytes, waiting where it must.
    func send(_ bytes: [UInt8], _ registration: Registration) async throws {
        var sent = 0
        while sent < bytes.count {
            switch try write(bytes.span.extracting(sent...)) {
            case .bytes(let count): sent += count
            case .wouldBlock: _ = await registration.wait(for: .writable)
            case .endOfFile: return
            }
        }
    }

    /// Reads until so many bytes are there, or the end.
    func receive(_ count: Int, _ registration: Registration) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count < count {
            switch try buffer.read(from: self) {
            case .bytes(let count): bytes.append(contentsOf: buffer[..<count])
            case .wouldBlock:
                let readiness = await registration.wait(for: .readable)
                if readiness.contains(.cancelled) || readiness.contains(.closed) { return bytes }
            case .endOfFile: return bytes
            }
        }
        return bytes
    }
}

extension [UInt8] {
    mutating func read(from socket: borrowing Socket) throws -> Transfer {
        var span = mutableSpan
        return try socket.read(into: &span)
    }
}

/// Two connected sockets.
struct SocketPair: ~Copyable, Sendable {
    let client: Socket
    let server: Socket

    init() throws {
        let listener = try Listener(host: "127.0.0.1", port: 0)
        let descriptor = try Descriptor(streamOfFamily: listener.address.family)
        _ = try descriptor.connect(to: listener.address)
        let accepted = try listener.next()
        client = Socket(owning: descriptor)
        server = accepted
    }
}

extension Listener {
    /// The next connection, spun for.
    func next() throws -> Socket {
        while true {
            if case .socket(let socket) = try accept() { return socket }
        }
    }
}

/// Carries a socket into a closure that may be called but once.
final class Held: Sendable {
    private let socket: Mutex<Socket?>

    init(_ socket: consuming Socket) {
        self.socket = Mutex(socket)
    }

    func take() -> Socket? {
        socket.withLock { $0.take() }
    }
}
