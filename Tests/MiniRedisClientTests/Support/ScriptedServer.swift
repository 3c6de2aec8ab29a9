import MiniRedisClient
import RESP
import Reactor
import TestSupport

/// One client's connection to a server that does what a test's script says.
struct ScriptedPeer: Sendable {
    fileprivate let socket: Held
    let registration: Registration

    fileprivate final class Held: Sendable {
        let value: Socket
        init(_ value: consuming Socket) { self.value = value }
    }

    /// The next bytes; nil at the end.
    func receive() async throws -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            var span = bytes.mutableSpan
            switch try socket.value.read(into: &span) {
            case .bytes(let count): return Array(bytes.prefix(count))
            case .endOfFile: return nil
            case .wouldBlock:
                let readiness = await registration.wait(for: .readable)
                if !readiness.isDisjoint(with: [.cancelled, .closed]) { return nil }
            }
        }
    }

    /// Sends text as it is.
    func send(_ text: String) async throws {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            switch try socket.value.write(bytes.span.extracting(sent..<bytes.count)) {
            case .bytes(let count): sent += count
            case .endOfFile: return
            case .wouldBlock: _ = await registration.wait(for: .writable)
            }
        }
    }

    /// Does nothing, and has nothing to answer then.
    func waitUntilCancelled() async -> String? {
        _ = await registration.wait(for: [])
        return nil
    }

    /// Answers each command with what the script says, nothing for nil; until the client goes.
    func answer(_ reply: @Sendable ([String]) async throws -> String?) async throws {
        var reader = RequestReader()
        while let bytes = try await receive() {
            reader.receive(bytes)
            var commands: [[String]] = []
            for index in 0..<reader.frameCount {
                let arguments = reader.frame(index)
                commands.append(
                    (0..<arguments.count).map { index in
                        // The bytes are copied.
                        unsafe arguments[index].withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
                    })
            }
            reader.finishBatch()
            for words in commands {
                if let text = try await reply(words) { try await send(text) }
            }
        }
    }
}

/// Runs the body beside a server that serves each connection with the script.
@discardableResult
func withScriptedServer<Answer: Sendable>(
    unixPath: String? = nil, _ script: @escaping @Sendable (ScriptedPeer) async throws -> Void,
    _ body: @Sendable (RedisAddress) async throws -> Answer
) async throws -> Answer {
    let thread = try LoopThread(named: "scripted")
    defer { thread.stopAndJoin() }
    let listener = HeldListener(
        try unixPath.map { try Listener(unixPath: $0) } ?? Listener(host: "127.0.0.1", port: 0))
    let port = listener.value.address.port ?? 0
    let address = unixPath.map { RedisAddress.unix(path: $0) } ?? .tcp(host: "127.0.0.1", port: port)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask(on: thread.loop) { try await accept(on: listener.value, thread.loop, script) }
        defer { group.cancelAll() }
        return try await body(address)
    }
}

private final class HeldListener: Sendable {
    let value: Listener
    init(_ value: consuming Listener) { self.value = value }
}

private func accept(
    on listener: borrowing Listener, _ loop: EventLoop,
    _ script: @escaping @Sendable (ScriptedPeer) async throws -> Void
) async throws {
    let bell = try Registration(listener.descriptor, on: loop)
    defer { bell.close() }
    await withTaskCancellationHandler {
        await withDiscardingTaskGroup { group in
            while await bell.wait(for: .readable).isDisjoint(with: [.cancelled, .closed]) {
                guard let accepted = try? listener.accept(), case .socket(let socket) = accepted else {
                    continue
                }
                let held = ScriptedPeer.Held(socket)
                group.addTask(on: loop) {
                    guard let registration = try? Registration(held.value.descriptor, on: loop) else {
                        return
                    }
                    defer { registration.close() }
                    await withTaskCancellationHandler {
                        try? await script(ScriptedPeer(socket: held, registration: registration))
                    } onCancel: {
                        registration.cancel()
                    }
                }
            }
            group.cancelAll()
        }
    } onCancel: {
        bell.cancel()
    }
}
