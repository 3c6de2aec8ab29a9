import Glibc
import Reactor
import Synchronization

/// The program's two sides, each until it is over or somebody presses Ctrl-C.
enum Program {
    /// The signals that end the program in order.
    private static let stopSignals = [SIGINT, SIGTERM]

    /// Does what the options say; to be called on the main thread, before any other is started.
    static func run(_ options: Options) throws -> Int32 {
        SignalSource.block(stopSignals)
        SignalSource.ignoreBrokenPipes()
        let loop = try EventLoop()
        let outcome = Outcome()
        switch options {
        case .help: say(Options.usage + "\n")
        case .serve(let host, let port):
            allowManyFiles()
            loop.run { await outcome.note { try await serve(host: host, port: port, on: loop) } }
        case .join(let host, let port, let group):
            loop.run {
                await outcome.note {
                    try await join(.tcp(host: host, port: port), group, on: loop)
                }
            }
        }
        return try outcome.status()
    }

    private static func serve(host: String, port: UInt16, on loop: EventLoop) async throws -> Int32 {
        let listener: Listener
        do throws(SystemError) {
            listener = try Listener(host: host, port: port)
        } catch {
            throw Trouble(description: "can't listen on \(Endpoint.tcp(host: host, port: port)): \(error)")
        }
        let signals = try SignalSource(stopSignals, on: loop)
        let server = ChatServer(on: loop)
        say("listening on \(listener.address)\n")
        let door = Guarded<Listener?>(listener)
        await withDiscardingTaskGroup { group in
            group.addTask(on: loop) {
                if await signals.next() != nil { await server.stop() }
            }
            if let listener = door.withLock({ $0.take() }) { await server.run(listener) }
            group.cancelAll()
        }
        say("everybody has left\n")
        return 0
    }

    private static func join(_ endpoint: Endpoint, _ name: String, on loop: EventLoop) async throws -> Int32 {
        guard let socket = try await connect(to: endpoint, on: loop) else { return 0 }
        let signals = try SignalSource(stopSignals, on: loop)
        let input = Descriptor(owning: dup(STDIN_FILENO))
        let terminal = try ChatTerminal(in: name, on: loop, socket, input: input)
        let keyboard = Guarded<Descriptor?>(input)
        var hasLeft = true
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask(on: loop) {
                if await signals.next() != nil { await terminal.leave() }
            }
            group.addTask(on: loop) {
                guard let input = keyboard.withLock({ $0.take() }) else { return }
                await terminal.listen(input)
            }
            hasLeft = try await terminal.run(socket)
            group.cancelAll()
        }
        if !hasLeft { complain("the server has closed the connection") }
        return hasLeft ? 0 : 1
    }

    /// Connects; nil if a signal comes first.
    private static func connect(to endpoint: Endpoint, on loop: EventLoop) async throws -> Socket? {
        let resolver = try BlockingWork(threads: 1)
        // A source of its own: this one ends with the attempt.
        let signals = try SignalSource(stopSignals, on: loop)
        let line = try await withThrowingTaskGroup(of: Arrival?.self) { group in
            group.addTask(on: loop) {
                _ = await signals.next()
                return nil
            }
            group.addTask(on: loop) {
                do throws(DialError) {
                    let socket = try await Dialer(on: loop, lookingUpIn: resolver).connect(to: endpoint)
                    return Arrival(socket)
                } catch {
                    throw Trouble(description: "can't connect to \(endpoint): \(error)")
                }
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard let line else { return nil }
        resolver.stopAndJoin()
        return line.take()
    }

    /// Lets the process have as many descriptors as it may: each member is one.
    private static func allowManyFiles() {
        var limit = rlimit()
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        // The pointers are to a local that outlives the calls.
        guard unsafe getrlimit(files, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        // As above; a refusal leaves things as they were.
        _ = unsafe setrlimit(files, &limit)
    }

    /// Prints at once.
    static func say(_ text: String) {
        try? Files.writeAll(Array(text.utf8).span, to: Descriptor(owning: dup(STDOUT_FILENO)))
    }

    /// Prints to standard error.
    static func complain(_ text: String) {
        try? Files.writeAll(Array("chat: \(text)\n".utf8).span, to: Descriptor(owning: dup(STDERR_FILENO)))
    }
}

/// Why a side can't begin, in words.
private struct Trouble: Error, CustomStringConvertible {
    let description: String
}

/// What a loop's root task came to.
private final class Outcome: Sendable {
    private let result = Guarded<Result<Int32, any Error>>(.success(0))

    func note(_ body: () async throws -> Int32) async {
        do {
            let status = try await body()
            result.withLock { $0 = .success(status) }
        } catch {
            result.withLock { $0 = .failure(error) }
        }
    }

    func status() throws -> Int32 { try result.withLock { $0 }.get() }
}
