import TestSupport

/// What a subscriber has received and missed, topic by topic.
///
/// Payloads are numbers from 0 on, whatever stands behind them, each topic with its own.
struct Ledger {
    private(set) var received: [String: Int] = [:]
    private(set) var missed: [String: Int] = [:]
    private(set) var faults: [String] = []

    /// The number that a topic's next message must have, or that its next notice counts from.
    func next(_ topic: String) -> Int { received[topic, default: 0] + missed[topic, default: 0] }

    /// Takes in what a subscriber was sent; false for anything but messages and notices.
    mutating func note(_ reply: Reply) -> Bool {
        let words = reply.elements
        guard let kind = words.first?.string else { return false }
        switch (kind, words.count) {
        case ("missed", 3), ("pmissed", 3), ("smissed", 3):
            guard case .push = reply, case .integer(let count) = words[2], let topic = words[1].string else {
                return fault(reply)
            }
            return miss("\(kind.dropLast(6)):\(topic)", Int(count))
        case ("message", 3), ("smessage", 3):
            let channel = words[1].string ?? ""
            return note(String(kind.dropLast(7)), channel, channel, words[2], reply)
        case ("pmessage", 4):
            return note("p", words[1].string ?? "", words[2].string ?? "", words[3], reply)
        default:
            return false
        }
    }

    private mutating func note(
        _ kind: String, _ topic: String, _ channel: String, _ payload: Reply, _ reply: Reply
    ) -> Bool {
        guard let number = payload.string.flatMap({ Int($0.prefix { $0 != " " }) }) else {
            return fault(reply)
        }
        if channel.hasPrefix("__missed__:") {
            let name = String(channel.dropFirst(11))
            return kind != "p" || name == topic ? miss("\(kind):\(name)", number) : fault(reply)
        }
        let key = "\(kind):\(topic)"
        guard number == next(key) else { return fault(reply) }
        received[key, default: 0] += 1
        return true
    }

    private mutating func miss(_ topic: String, _ count: Int) -> Bool {
        missed[topic, default: 0] += count
        return true
    }

    private mutating func fault(_ reply: Reply) -> Bool {
        faults.append("\(reply)".prefix(100).description)
        return true
    }
}

extension TestClient {
    /// Notes what comes until a topic has had so many messages, received and missed together.
    func read(_ ledger: inout Ledger, until topic: String, has count: Int) throws {
        while ledger.next(topic) < count, ledger.faults.isEmpty {
            let reply = try receive()
            guard ledger.note(reply) else { throw TestFailure("unexpected: \("\(reply)".prefix(200))") }
        }
    }
}

/// A payload that is told by its number and is `size` bytes long.
func payload(_ number: Int, size: Int) -> String {
    let digits = "\(number) "
    return digits + String(repeating: "x", count: max(size - digits.utf8.count, 0))
}
