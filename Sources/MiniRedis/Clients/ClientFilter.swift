import Engine
import RESP

/// Which clients CLIENT LIST and CLIENT KILL mean: all conditions that are given must hold.
///
/// The words are those of Redis and Valkey together; with `NOT-` in front most of them exclude.
struct ClientFilter {
    /// The kinds of clients as commands name them.
    enum Kind {
        case normal
        case master
        case replica
        case pubsub

        init?(_ word: RawSpan) {
            if word.isWord("normal") {
                self = .normal
            } else if word.isWord("slave") || word.isWord("replica") {
                self = .replica
            } else if word.isWord("pubsub") {
                self = .pubsub
            } else if word.isWord("master") || word.isWord("primary") {
                self = .master
            } else {
                return nil
            }
        }
    }

    /// What one word of the grammar asks of a client.
    enum Condition {
        case ids(Set<Int64>)
        case kind(Kind)
        case address([UInt8])
        case localAddress([UInt8])
        case host([UInt8])
        case user([UInt8])
        case name([UInt8])
        case libraryName([UInt8])
        case libraryVersion([UInt8])
        case flags([UInt8])
        case capabilities
        case database(Int)
        /// Seconds since the client came, and since its last request, at least.
        case age(Int64)
        case idle(Int64)
    }

    /// The conditions, each with whether it is to fail instead of hold.
    var conditions: [(condition: Condition, isNegated: Bool)] = []
    /// Whether the client that asks is left out.
    var skipsAsking: Bool

    /// Whether a client is meant.
    func matches(_ session: Session, asking: Session, now: Int64) -> Bool {
        if skipsAsking, session === asking { return false }
        return conditions.allSatisfy { $0.condition.holds(for: session, now) != $0.isNegated }
    }
}

extension ClientFilter.Condition {
    func holds(for session: Session, _ now: Int64) -> Bool {
        switch self {
        case .ids(let ids): ids.contains(session.id)
        case .kind(let kind): kind == (session.isSubscriber ? .pubsub : .normal)
        case .address(let address): session.address.utf8.elementsEqual(address)
        case .localAddress(let address): session.localAddress.utf8.elementsEqual(address)
        case .host(let host): ClientAddress.host(of: session.address).elementsEqual(host)
        case .user(let user): session.userName.utf8.elementsEqual(user)
        case .name(let name): !session.name.isEmpty && session.name == name
        case .libraryName(let name): !session.libraryName.isEmpty && session.libraryName == name
        case .libraryVersion(let version):
            !session.libraryVersion.isEmpty && session.libraryVersion == version
        case .flags(let letters): letters.allSatisfy(session.flagLetters.contains)
        case .capabilities: session.capabilities.contains(.redirect)
        case .database(let number): session.database == number
        case .age(let seconds): session.age(now) >= seconds
        case .idle(let seconds): session.idle(now) >= seconds
        }
    }
}

/// Parts of the addresses that CLIENT LIST shows.
enum ClientAddress {
    /// The host of `127.0.0.1:50123` or `[::1]:50123`; nothing of a Unix path's `/path:0`.
    static func host(of address: String) -> Substring.UTF8View {
        let utf8 = address.utf8[...]
        guard let colon = utf8.lastIndex(of: UInt8(ascii: ":")),
            utf8[utf8.index(after: colon)...].first != UInt8(ascii: "0")
        else { return address[address.endIndex...].utf8 }
        let host = utf8[..<colon]
        guard host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") else {
            return address[..<colon].utf8
        }
        return address[utf8.index(after: host.startIndex)..<utf8.index(before: colon)].utf8
    }
}
