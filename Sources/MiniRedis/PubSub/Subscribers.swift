import Broadcasting
import RESP

/// The sessions that follow one channel or pattern; joining, leaving and visiting all are cheap.
struct Subscribers {
    /// What they follow, as their messages are counted by.
    let topic: Topic
    private(set) var sessions: [Session] = []
    /// Where each session stands, by client id.
    private var positions: [Int64: Int] = [:]

    init(of topic: Topic) { self.topic = topic }

    var count: Int { sessions.count }
    var isEmpty: Bool { sessions.isEmpty }

    /// The protocol version of one of them, which is likely that of most.
    var version: ProtocolVersion { sessions.first?.protocolVersion ?? .resp2 }

    /// Hands each of them the message in its own encoding.
    func deliver(_ frame: inout PushFrame, _ deliver: (Session, SharedMessage) -> Void) {
        for session in sessions { deliver(session, frame.message(for: session.protocolVersion)) }
    }

    /// Adds a session that is not among them.
    mutating func insert(_ session: Session) {
        positions[session.id] = sessions.count
        sessions.append(session)
    }

    /// Takes a session out, if it is among them.
    mutating func remove(_ session: Session) {
        guard let position = positions.removeValue(forKey: session.id), let last = sessions.popLast() else {
            return
        }
        if last.id != session.id {
            sessions[position] = last
            positions[last.id] = position
        }
    }
}

/// Who follows what: one namespace of names with their subscribers.
struct SubscriptionIndex {
    private(set) var names: [[UInt8]: Subscribers] = [:]
    private let kind: PubSub.Kind

    init(_ kind: PubSub.Kind) { self.kind = kind }

    /// How many names are followed by anybody.
    var count: Int { names.count }

    /// The subscribers of `name`, or nil when it has none.
    subscript(_ name: [UInt8]) -> Subscribers? { names[name] }

    mutating func insert(_ session: Session, _ name: [UInt8]) {
        names[name, default: Subscribers(of: Topic(name, kind: kind.rawValue))].insert(session)
    }

    mutating func remove(_ session: Session, _ name: [UInt8]) {
        names[name]?.remove(session)
        if names[name]?.isEmpty == true { names[name] = nil }
    }
}
