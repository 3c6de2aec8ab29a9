import Broadcasting
import RESP

/// A group: who is in it, and each one's share of what is said there.
///
/// A broadcast of bounded capacity. Who posts never waits; a member that reads too slowly loses the oldest
/// messages, is told how many, and goes on.
final class Group {
    /// Messages that wait for one member at most.
    static let capacity = Backlog.Limit(messages: 1_000, bytes: .max)

    let name: String
    private let topic: Topic
    private var memberships: [Membership] = []

    init(_ name: String) {
        self.name = name
        topic = Topic(Array(name.utf8))
    }

    var isEmpty: Bool { memberships.isEmpty }

    /// Lets a member have what is said from now on.
    func add(_ member: Member) -> Membership {
        let membership = Membership(self, member, at: memberships.count)
        memberships.append(membership)
        return membership
    }

    /// Ends a membership.
    func remove(_ membership: Membership) {
        guard let last = memberships.popLast(), last !== membership else { return }
        memberships[membership.position] = last
        last.position = membership.position
    }

    /// Sends a message to all members, encoded once.
    func post(_ message: String) {
        var bytes = ByteBuffer()
        bytes.append(ServerPacket.message(group: name, message: message).line)
        let shared = SharedMessage(topic, bytes)
        for membership in memberships { membership.add(shared) }
    }
}

/// One member of one group: what it has still to get of what is said there.
final class Membership {
    let group: Group
    private unowned let member: Member
    private var backlog = Backlog()
    /// Where the group keeps it.
    fileprivate(set) var position: Int

    fileprivate init(_ group: Group, _ member: Member, at position: Int) {
        self.group = group
        self.member = member
        self.position = position
    }

    fileprivate func add(_ message: SharedMessage) {
        let wasEmpty = backlog.isEmpty
        _ = backlog.add(message, within: Group.capacity)
        if wasEmpty { member.hasMessages(in: self) }
    }

    /// Moves messages behind the bytes of `output` until that holds `most`; whether some are left.
    func drain(into output: inout ByteBuffer, upTo most: Int) -> Bool {
        backlog.drain(into: &output, upTo: most) { missed, output in
            let name = String(decoding: missed.topic.name, as: UTF8.self)
            output.append(ServerPacket.error("Dropped \(missed.count) messages from \(name)").line)
        }
        return !backlog.isEmpty
    }
}
