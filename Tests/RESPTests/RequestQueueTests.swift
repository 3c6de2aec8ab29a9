import TestSupport
import Testing

@testable import RESP

/// Requests that are kept: their words outlive what they were read from.
@Suite struct RequestQueueTests {
    private func words(_ queue: RequestQueue, _ index: Int) -> [String] {
        let arguments = queue.request(index)
        var words: [String] = []
        for number in 0..<arguments.count {
            words.append(String(decoding: [UInt8](copying: arguments[number]), as: UTF8.self))
        }
        return words
    }

    private func keep(_ requests: [[String]], replacing replacements: [Int: [UInt8]] = [:]) -> RequestQueue {
        var queue = RequestQueue()
        for request in requests {
            var reader = RequestReader()
            reader.receive(words: request.map { Array($0.utf8) })
            let fits = queue.append(reader.frame(0), replacing: replacements)
            #expect(fits)
        }
        return queue
    }

    @Test func keepsWordsInOrder() {
        let big = String(repeating: "b", count: 200_000)
        let requests = [["SET", "k", "v"], ["PING"], ["SET", "k", big, ""], ["GET", ""]]
        let queue = keep(requests)
        #expect(queue.count == 4 && queue.wordCount == 10)
        #expect(queue.wordBytes == requests.joined().reduce(0) { $0 + $1.utf8.count })
        for (index, request) in requests.enumerated() { #expect(words(queue, index) == request) }
        #expect(words(queue, 4).isEmpty && words(queue, -1).isEmpty)
        let copy = queue
        #expect(words(copy, 2) == requests[2])
    }

    @Test func putsOtherWordsInTheirPlaces() {
        let queue = keep(
            [["XREAD", "BLOCK", "0", "STREAMS", "k", "$"]],
            replacing: [5: Array("12-34".utf8), 9: Array("no".utf8), 0: []])
        #expect(words(queue, 0) == ["", "BLOCK", "0", "STREAMS", "k", "12-34"])
        #expect(queue.wordBytes == 19)
    }

    @Test func isEmptyAfterItWasTaken() {
        var queue = keep([["PING"]])
        let taken = queue.take()
        #expect(queue.count == 0 && words(queue, 0).isEmpty && queue.wordBytes == 0)
        #expect(words(taken, 0) == ["PING"])
    }
}
