@testable import Broadcasting
import RESP
import Testing

/// What a reader gets, by examples.
@Suite struct BacklogTests {
    @Test func nothingIsLostBelowTheLimit() {
        var backlog = Backlog()
        #expect(backlog.isEmpty && backlog.read() == "")
        for number in 0..<3 {
            #expect(backlog.add(.of(.news, "m\(number) "), within: .of(3)) == 0)
        }
        #expect(backlog.count == 3 && backlog.bytes == 9 && !backlog.isEmpty)
        #expect(backlog.read() == "m0 m1 m2 ")
        #expect(backlog.isEmpty && backlog.bytes == 0)
    }

    @Test func theOldestGoAndAreToldInTheirPlace() {
        var backlog = Backlog()
        var dropped = 0
        for number in 0..<5 { dropped += backlog.add(.of(.news, "m\(number) "), within: .of(2)) }
        #expect(dropped == 3)
        #expect(backlog.read() == "<news 3>m3 m4 ")
        #expect(backlog.add(.of(.news, "m5 "), within: .of(2)) == 0)
        #expect(backlog.read() == "m5 ")
    }

    @Test func missesAreCountedTopicByTopic() {
        var backlog = Backlog()
        for number in 0..<6 {
            _ = backlog.add(.of(number.isMultiple(of: 2) ? .news : .sport, "m\(number) "), within: .of(1))
        }
        #expect(backlog.read() == "<news 3><sport 2>m5 ")
    }

    @Test func formsAreCountedApart() {
        var backlog = Backlog()
        _ = backlog.add(.of(.news, "a "), within: .of(1))
        _ = backlog.add(SharedMessage(.news, form: 1, ByteBuffer("b ")), within: .of(1))
        _ = backlog.add(.of(.news, "c "), within: .of(1))
        #expect(backlog.read() == "<news 1><news 1>c ")
    }

    @Test func bytesAreBoundedToo() {
        var backlog = Backlog()
        for number in 0..<5 {
            _ = backlog.add(.of(.news, "m\(number) "), within: Backlog.Limit(messages: 100, bytes: 7))
        }
        #expect(backlog.bytes == 6)
        #expect(backlog.read() == "<news 3>m3 m4 ")
    }

    @Test func theLatestStaysHoweverLong() {
        var backlog = Backlog()
        _ = backlog.add(.of(.news, "short"), within: .of(10))
        #expect(backlog.add(.of(.news, "very long "), within: Backlog.Limit(messages: 0, bytes: 4)) == 1)
        #expect(backlog.read() == "<news 1>very long ")
    }

    @Test func whatIsKeptStaysAtItsPlace() {
        var backlog = Backlog()
        _ = backlog.add(.of(.news, "m0 "), within: .of(2))
        backlog.keep("+reply ")
        _ = backlog.add(.of(.news, "m1 "), within: .of(2))
        backlog.keep("+another ")
        for number in 2..<5 { _ = backlog.add(.of(.news, "m\(number) "), within: .of(2)) }
        #expect(backlog.keptBytes == 16)
        // m0 is missing before the first reply, m1 between the two, m2 after the second.
        #expect(backlog.read() == "<news 1>+reply <news 1>+another <news 1>m3 m4 ")
        #expect(backlog.keptBytes == 0)
    }

    @Test func keptMessagesAreNeverLost() {
        var backlog = Backlog()
        var expected = ""
        for number in 0..<100 {
            backlog.keep(.of(.news, "m\(number) "))
            expected += "m\(number) "
        }
        #expect(backlog.keptBytes == expected.utf8.count)
        _ = backlog.add(.of(.news, "a"), within: .of(1))
        _ = backlog.add(.of(.news, "b"), within: .of(1))
        #expect(backlog.read() == expected + "<news 1>b")
    }

    @Test func aMessageIsTakenInPiecesAndThenNotLost() {
        var backlog = Backlog()
        _ = backlog.add(.of(.news, "0123456789"), within: .of(1))
        #expect(backlog.read(4) == "0123")
        #expect(backlog.bytes == 6 && backlog.count == 0)
        _ = backlog.add(.of(.news, "a "), within: .of(1))
        _ = backlog.add(.of(.news, "b "), within: .of(1))
        #expect(backlog.read() == "456789<news 1>b ")
    }

    @Test func nothingFitsBehindEnough() {
        var backlog = Backlog()
        _ = backlog.add(.of(.news, "a"), within: .of(1))
        var output = ByteBuffer("full")
        backlog.drain(into: &output, upTo: 4) { _, _ in }
        #expect(output.text == "full" && backlog.count == 1)
    }

    @Test func removingAllForgets() {
        var backlog = Backlog()
        for _ in 0..<5 { _ = backlog.add(.of(.news, "a"), within: .of(2)) }
        backlog.keep("reply")
        backlog.removeAll()
        #expect(backlog.isEmpty && backlog.bytes == 0 && backlog.keptBytes == 0 && backlog.read() == "")
    }

    /// Any operations in any order give what a list of entries gives.
    @Test(arguments: 0..<60) func equalsTheModel(_ seed: UInt64) {
        var random = SeededGenerator(seed)
        var backlog = Backlog()
        var model = BacklogModel()
        var number = 0
        let topics = (0..<Int.random(in: 1...5, using: &random)).map { Topic(Array("t\($0)".utf8)) }
        let limits = (0..<3).map { _ in
            Backlog.Limit(
                messages: .random(in: 0...12, using: &random), bytes: .random(in: 0...200, using: &random))
        }
        for _ in 0..<400 {
            number += 1
            let text = "\(number)" + String(repeating: ".", count: .random(in: 0...20, using: &random))
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<12:
                let topic = topics[.random(in: 0..<topics.count, using: &random)]
                let limit = limits[.random(in: 0..<3, using: &random)]
                let dropped = backlog.add(.of(topic, text), within: limit)
                #expect(dropped == model.add(topic, text, limit))
            case 12..<14:
                backlog.keep(text)
                model.keep(text)
            case 14:
                backlog.keep(.of(topics[0], text))
                model.keep(text)
            case 15..<19:
                let most = Int.random(in: 0...60, using: &random)
                #expect(backlog.read(most) == model.read(most))
            default:
                #expect(backlog.read() == model.read(.max))
                #expect(backlog.isEmpty == true)
            }
            backlog.checkInvariants()
            #expect(backlog.bytes == model.bytes && backlog.isEmpty == model.entries.isEmpty)
        }
        #expect(backlog.read() == model.read(.max))
    }

    /// A flood over many topics takes no longer per message than one over few.
    @Test func missesOfManyTopicsAreFoundAtOnce() {
        var backlog = Backlog()
        let topics = (0..<20_000).map { Topic(Array("\($0)".utf8)) }
        for round in 0..<5 {
            for topic in topics { _ = backlog.add(.of(topic, "\(round)"), within: .of(1)) }
        }
        var counts: [Int] = []
        var output = ByteBuffer()
        backlog.drain(into: &output, upTo: .max) { missed, _ in counts.append(missed.count) }
        #expect(counts == Array(repeating: 5, count: 19_999) + [4])
    }
}

/// The same as a plain list.
private struct BacklogModel {
    enum Entry {
        case message(Topic, String)
        case kept(String)
        case missed(Topic, Int)
    }

    var entries: [Entry] = []

    var bytes: Int {
        entries.reduce(0) { sum, entry in
            switch entry {
            case .message(_, let text), .kept(let text): sum + text.utf8.count
            case .missed: sum
            }
        }
    }

    private var waiting: [String] {
        entries.compactMap { if case .message(_, let text) = $0 { text } else { nil } }
    }

    mutating func add(_ topic: Topic, _ text: String, _ limit: Backlog.Limit) -> Int {
        entries.append(.message(topic, text))
        var dropped = 0
        while waiting.count > 1,
            waiting.count > limit.messages || waiting.map(\.utf8.count).reduce(0, +) > limit.bytes
        {
            guard
                let index = entries.firstIndex(where: { if case .message = $0 { true } else { false } }),
                case .message(let topic, _) = entries[index]
            else { break }
            dropped += 1
            entries.remove(at: index)
            miss(topic, before: index)
        }
        return dropped
    }

    private mutating func miss(_ topic: Topic, before index: Int) {
        var place = index
        while place > 0, case .missed(let other, let count) = entries[place - 1] {
            if other === topic {
                entries[place - 1] = .missed(other, count + 1)
                return
            }
            place -= 1
        }
        entries.insert(.missed(topic, 1), at: index)
    }

    mutating func keep(_ text: String) { entries.append(.kept(text)) }

    mutating func read(_ most: Int) -> String {
        var output = ""
        while output.utf8.count < most, let entry = entries.first {
            switch entry {
            case .message(_, let text), .kept(let text):
                let piece = text.prefix(most - output.utf8.count)
                output += piece
                entries.removeFirst()
                // The rest of a message of which a part is gone can't be dropped.
                if piece.count < text.count {
                    entries.insert(.kept(String(text.dropFirst(piece.count))), at: 0)
                }
            case .missed:
                while case .missed(let topic, let count)? = entries.first {
                    output += "<\(String(decoding: topic.name, as: UTF8.self)) \(count)>"
                    entries.removeFirst()
                }
            }
        }
        return output
    }
}

/// The same numbers for the same seed (SplitMix64).
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

extension Topic {
    fileprivate static let news = Topic(Array("news".utf8))
    fileprivate static let sport = Topic(Array("sport".utf8))
}

extension SharedMessage {
    fileprivate static func of(_ topic: Topic, _ text: String) -> SharedMessage {
        SharedMessage(topic, ByteBuffer(text))
    }
}

extension Backlog.Limit {
    fileprivate static func of(_ messages: Int) -> Backlog.Limit {
        Backlog.Limit(messages: messages, bytes: .max)
    }
}

extension Backlog {
    fileprivate mutating func keep(_ text: String) {
        keep(ByteBuffer(text).bytes)
    }

    /// What is taken, gaps as `<topic count>`.
    fileprivate mutating func read(_ most: Int = .max) -> String {
        var output = ByteBuffer()
        drain(into: &output, upTo: most) { missed, output in
            output.append(text: "<\(String(decoding: missed.topic.name, as: UTF8.self)) \(missed.count)>")
        }
        return output.text
    }
}

extension ByteBuffer {
    fileprivate init(_ text: String) {
        self.init()
        append(text: text)
    }

    fileprivate var text: String {
        // Lent for the call.
        unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
