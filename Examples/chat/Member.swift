import RESP
import Reactor

/// Somebody who is connected: the groups that they are in, and what they are to be sent.
final class Member {
    private let registration: Registration
    private var memberships: [String: Membership] = [:]
    /// Those with messages, in the order in which they get their turns.
    private var waiting: [Membership] = []
    /// Taken out and not sent yet.
    private var output = ByteBuffer()
    private(set) var isLeaving = false

    /// Bytes that are taken out at once.
    private static let chunk = 64 << 10
    /// Of one group before it is the next one's turn.
    private static let share = 16 << 10
    /// Bytes of errors beyond which nothing more is read from who doesn't read them.
    private static let mostUnread = 256 << 10
    /// Groups that one may be in.
    private static let mostGroups = 1_000
    /// Bytes of a group's name.
    private static let longestName = 1_000

    init(waking registration: Registration) { self.registration = registration }

    /// Whether more input is welcome.
    var listens: Bool { !isLeaving && output.count < Self.mostUnread }

    /// Whether there is anything to send.
    var hasOutput: Bool { !output.isEmpty || !waiting.isEmpty }

    // MARK: Being told

    /// Notes that there are messages in a group, where there were none.
    func hasMessages(in membership: Membership) {
        waiting.append(membership)
        // Who has output to send comes back anyway.
        if waiting.count == 1, output.isEmpty { registration.signal() }
    }

    /// Sends an error next.
    func fail(_ text: String) { output.append(ServerPacket.error(text).line) }

    /// Ends the conversation when everything was sent.
    func leave() {
        isLeaving = true
        registration.signal()
    }

    // MARK: Doing

    /// Does what a line asks for.
    func obey(_ line: LineBuffer.Line, _ groups: inout GroupTable) {
        guard case .text(let bytes) = line else { return fail("A line is too long") }
        do throws(ClientPacket.Fault) {
            switch try ClientPacket(line: bytes) {
            case .join(let name): join(name, &groups)
            case .post(let name, let message):
                guard let group = groups[name] else { return fail("Group '\(name)' does not exist") }
                group.post(message)
            }
        } catch {
            fail(error.text)
        }
    }

    private func join(_ name: String, _ groups: inout GroupTable) {
        guard name.utf8.count <= Self.longestName else { return fail("A group's name is too long") }
        guard memberships[name] == nil else { return }
        guard memberships.count < Self.mostGroups else { return fail("You are in too many groups") }
        memberships[name] = groups.findOrMake(name).add(self)
    }

    /// Takes the member out of all groups.
    func leaveGroups(_ groups: inout GroupTable) {
        for membership in memberships.values { groups.end(membership) }
        memberships = [:]
    }

    // MARK: Sending

    /// Writes once; false if the other side is gone.
    func send(_ socket: borrowing Socket) -> Bool {
        fill()
        // Taken out, as bytes can't be lent from an object's own buffer.
        var pending = output.take()
        defer { output = pending.take() }
        guard !pending.isEmpty else { return true }
        do throws(SystemError) {
            guard case .bytes(let count) = try socket.write(pending.bytes) else { return true }
            pending.consume(count)
        } catch {
            return false
        }
        guard pending.isEmpty else { return true }
        pending.shrink(to: 0)
        // There is more to send as soon as the others had their turn.
        if !waiting.isEmpty { registration.signal() }
        return true
    }

    /// Takes messages out, group by group in turn.
    private func fill() {
        while !waiting.isEmpty, output.count < Self.chunk {
            let membership = waiting.removeFirst()
            let most = min(output.count + Self.share, Self.chunk)
            if membership.drain(into: &output, upTo: most) { waiting.append(membership) }
        }
    }
}

/// The groups that have members.
struct GroupTable {
    private var groups: [String: Group] = [:]

    /// How many there are.
    var count: Int { groups.count }

    subscript(name: String) -> Group? { groups[name] }

    /// The group of this name, new if need be.
    mutating func findOrMake(_ name: String) -> Group {
        if let group = groups[name] { return group }
        let group = Group(name)
        groups[name] = group
        return group
    }

    /// Ends a membership, and the group with its last.
    mutating func end(_ membership: Membership) {
        membership.group.remove(membership)
        if membership.group.isEmpty { groups[membership.group.name] = nil }
    }
}
