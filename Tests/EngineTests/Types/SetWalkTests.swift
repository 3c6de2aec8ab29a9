import RESP
import Testing

@testable import Engine

/// Going through sets in slices, against going through them at once.
@Suite struct SetWalkTests {
    @Test(arguments: [0, 1, 5, 100, 400, 3000]) func comesPastAllInOrder(count: Int) {
        let runner = CommandRunner(seed: 3)
        for number in 0..<count {
            runner.run("SADD", "numbers", "\(number)")
            runner.run("SADD", "texts", "text \(number)")
        }
        for name in ["numbers", "texts"] {
            let key = Array(name.utf8)
            // The array lives until the entry is found.
            guard let entry = unsafe runner.dataset.keyspaces[0].locate(key.span.bytes).entry else {
                #expect(count == 0)
                continue
            }
            var whole: [[UInt8]] = []
            SetValue(entry).forEach { member in
                whole.append(member.copy)
                return true
            }
            for elements in [1, 7, 64, 10_000] {
                var walk = SetWalk(SetValue(entry))
                var found: [[UInt8]] = []
                var turns = 1
                while walk.advance(elements, { found.append($0.copy) }) { turns += 1 }
                #expect(found == whole)
                #expect(elements > 1 || turns >= count / 16)
                #expect(!walk.advance(elements) { _ in Issue.record("a member behind the last") })
            }
        }
    }
}
