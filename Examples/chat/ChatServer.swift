import Reactor
import Synchronization

/// The server: takes members in, and passes on what they say.
///
/// Everything happens on one event loop, which is also the actor's executor, so that no member's turn
/// overlaps another's.
actor ChatServer {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // The actor keeps the loop alive.
        unsafe loop.asUnownedSerialExecutor()
    }

    private var groups = GroupTable()
    private var members: [ObjectIdentifier: Member] = [:]
    private var entrance: Registration?
    private var isStopping = false

    /// A line's bytes, both from members and to them.
    static let longestLine = 64 << 10
    /// Lines of one member before it is the others' turn: each may be for thousands.
    private static let linesPerTurn = 16
    /// Those who may be connected at once.
    private static let mostMembers = 10_000
    /// Bytes on the way to one member.
    private static let sendBuffer: Int32 = 64 << 10
    /// Milliseconds that who leaves may take to read what is left.
    private static let patience: Int64 = 3_000

    init(on loop: EventLoop) { self.loop = loop }

    /// Serves until `stop()`, or the task is cancelled; on the actor's own loop.
    func run(_ listener: consuming Listener) async {
        let door = Guarded<Listener?>(listener)
        await TaskNest.run(on: loop) { nest in
            guard let listener = door.withLock({ $0.take() }) else { return }
            await self.accept(listener, into: nest)
        }
    }

    /// Takes no more members, and lets those who are there go in order.
    func stop() {
        isStopping = true
        entrance?.close()
        for member in members.values { member.leave() }
    }

    private func accept(_ listener: consuming Listener, into nest: TaskNest) async {
        guard !isStopping, let registration = try? Registration(listener.descriptor, on: loop) else { return }
        entrance = registration
        var backoff = AcceptBackoff()
        while await registration.wait(for: .readable).isDisjoint(with: [.closed, .cancelled]) {
            do throws(SystemError) {
                guard case .socket(let socket) = try listener.accept() else { continue }
                backoff.reset()
                let arrival = Arrival(socket)
                nest.add { _ in await self.serve(arrival) }
            } catch {
                // What came to nothing is nobody's; a shortage may pass.
                if error.acceptFailure == .connection { continue }
                _ = await registration.wait(for: [], until: loop.deadline(in: backoff.pause()))
            }
        }
        registration.close()
    }

    /// One member from hello to goodbye.
    private func serve(_ arrival: Arrival) async {
        guard let socket = arrival.take(), let registration = try? Registration(socket.descriptor, on: loop)
        else { return }
        try? socket.setNoDelay()
        // What waits is kept here, once for all, and counted; not in the kernel, for each.
        try? socket.setSendBuffer(bytes: Self.sendBuffer)
        let member = Member(waking: registration)
        if members.count >= Self.mostMembers {
            member.fail("Too many are here")
            member.leave()
        }
        members[ObjectIdentifier(member)] = member
        if isStopping { member.leave() }
        await converse(member, socket, registration)
        members[ObjectIdentifier(member)] = nil
        registration.close()
    }

    private func converse(
        _ member: Member, _ socket: borrowing Socket, _ registration: Registration
    ) async {
        var lines = LineBuffer(longest: Self.longestLine)
        var isOpen = true
        while !member.isLeaving {
            if member.listens, lines.hasLine {
                await loop.yield()
            } else if isOpen {
                // Who doesn't read is not listened to.
                let reading: Interest = member.listens ? .readable : []
                let interest = member.hasOutput ? reading.union(.writable) : reading
                let readiness = await registration.wait(for: interest)
                if member.listens, readiness.contains(.readable) || readiness.contains(.hangup) {
                    isOpen = read(&lines, socket)
                }
            } else {
                if let line = lines.rest() { member.obey(line, &groups) }
                break
            }
            for _ in 0..<Self.linesPerTurn where member.listens {
                guard let line = lines.next() else { break }
                member.obey(line, &groups)
            }
            if !member.send(socket) { break }
        }
        member.leaveGroups(&groups)
        await farewell(member, socket, registration)
    }

    /// Reads once; false at the end.
    private func read(_ lines: inout LineBuffer, _ socket: borrowing Socket) -> Bool {
        var isOpen = true
        do throws(SystemError) {
            _ = try lines.fill { room throws(SystemError) in
                switch try socket.read(into: &room) {
                case .bytes(let count): return count
                case .wouldBlock: return 0
                case .endOfFile:
                    isOpen = false
                    return 0
                }
            }
        } catch {
            return false
        }
        return isOpen
    }

    /// Sends what is left, to who reads it in time.
    private func farewell(
        _ member: Member, _ socket: borrowing Socket, _ registration: Registration
    ) async {
        let deadline = loop.deadline(in: Self.patience)
        while member.hasOutput, member.send(socket), member.hasOutput {
            let readiness = await registration.wait(for: .writable, until: deadline)
            if !readiness.isDisjoint(with: [.timedOut, .closed, .cancelled]) { return }
        }
    }
}

/// A connection on its way to the task that uses it.
final class Arrival: Sendable {
    private let socket: Guarded<Socket?>

    init(_ socket: consuming Socket) { self.socket = Guarded(socket) }

    func take() -> Socket? { socket.withLock { $0.take() } }
}
