import Testing

@testable import Reactor

@Suite(.timeLimit(.minutes(10))) struct EchoTests {
    @Test func manyConnectionsEcho() async throws {
        try await onLoop { loop in
            let blocking = try BlockingWork(threads: 1)
            defer { blocking.stopAndJoin() }
            let listener = try Listener(host: "127.0.0.1", port: 0)
            let port = listener.address.port ?? 0
            let dialer = Dialer(on: loop, lookingUpIn: blocking)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<100 {
                    group.addTask {
                        let socket = try await dialer.connect(to: .tcp(host: "127.0.0.1", port: port))
                        let registration = try Registration(socket.descriptor, on: loop)
                        defer { registration.close() }
                        for round in 0..<20 {
                            let message = [UInt8](repeating: UInt8(client), count: 1 + round * 50)
                            try await socket.send(message, registration)
                            #expect(try await socket.receive(message.count, registration) == message)
                            #expect(loop.isCurrent)
                        }
                    }
                }
                let waiting = try Registration(listener.descriptor, on: loop)
                defer { waiting.close() }
                var accepted = 0
                while accepted < 100 {
                    switch try listener.accept() {
                    case .wouldBlock:
                        _ = await waiting.wait(for: .readable)
                    case .socket(let socket):
                        accepted += 1
                        let held = Held(socket)
                        group.addTask {
                            guard let socket = held.take() else { return }
                            try await echo(socket, on: loop)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}

/// Sends back what comes, until the end.
private func echo(_ socket: consuming Socket, on loop: EventLoop) async throws {
    let registration = try Registration(socket.descriptor, on: loop)
    defer { registration.close() }
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
        switch try buffer.read(from: socket) {
        case .bytes(let count): try await socket.send(Array(buffer[..<count]), registration)
        case .wouldBlock: _ = await registration.wait(for: .readable)
        case .endOfFile: return
        }
    }
}
