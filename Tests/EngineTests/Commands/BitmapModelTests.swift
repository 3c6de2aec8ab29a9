import Testing

@testable import Engine

/// The bitmap commands with random arguments against models that know one bit at a time.
@Suite struct BitmapModelTests {
    private func words(_ words: String...) -> [[UInt8]] { words.map { Array($0.utf8) } }

    // MARK: BITOP

    private static let operations = ["AND", "OR", "XOR", "DIFF", "DIFF1", "ANDOR", "ONE", "NOT"]

    /// The bit that the operation makes of the sources' bits.
    private func model(_ operation: String, _ bits: [Bool]) -> Bool {
        let others = bits.dropFirst()
        return switch operation {
        case "AND": bits.allSatisfy { $0 }
        case "OR": bits.contains(true)
        case "XOR": bits.count { $0 } % 2 == 1
        case "DIFF": bits[0] && !others.contains(true)
        case "DIFF1": !bits[0] && others.contains(true)
        case "ANDOR": bits[0] && others.contains(true)
        case "ONE": bits.count { $0 } == 1
        default: !bits[0]
        }
    }

    private func bit(_ bytes: [UInt8], _ position: Int) -> Bool {
        position / 8 < bytes.count && bytes[position / 8] >> (7 - position % 8) & 1 == 1
    }

    @Test(arguments: operations, 0..<16)
    func bitopIsTheModels(_ operation: String, _ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let runner = EngineRunner()
        let count = operation == "NOT" ? 1 : Int.random(in: 2...5, using: &random)
        let largest = [3, 40, 300, 9000][Int(seed % 4)]
        var sources: [[UInt8]] = []
        for index in 0..<count {
            // One in six is missing, some are numbers, and the lengths differ.
            if Int.random(in: 0..<6, using: &random) == 0 {
                sources.append([])
                continue
            }
            let isNumber = Int.random(in: 0..<6, using: &random) == 0
            let value =
                isNumber
                ? Array(String(Int.random(in: 0...99999, using: &random)).utf8)
                : random.bytes(Int.random(in: 0...largest, using: &random))
            sources.append(value)
            runner.run(words("SET", "s\(index)") + [value])
        }
        let longest = sources.map(\.count).max() ?? 0
        // Old values that are of another size or encoding, or long enough to be written over.
        let old = random.bytes([3, longest, longest + 100, 2 * longest + 600][Int(seed / 4 % 4)])
        runner.run(words("SET", "d") + [old])
        let names = (0..<count).map { Array("s\($0)".utf8) }
        #expect(runner.run(words("BITOP", operation, "d") + names) == Array(":\(longest)\r\n".utf8))
        let expected = (0..<longest).map { byte in
            (0..<8).reduce(UInt8(0)) { sum, index in
                sum << 1 | (model(operation, sources.map { bit($0, byte * 8 + index) }) ? 1 : 0)
            }
        }
        let reply = runner.run(words("GET", "d"))
        let isRight =
            longest == 0 ? reply == Array("$-1\r\n".utf8) : reply.dropLast(2).suffix(longest) == expected[...]
        #expect(isRight)
    }

    // MARK: BITFIELD

    /// A string as bits without end.
    private struct Fields {
        var bits: [Bool] = []

        func number(_ position: Int, _ width: Int, _ signed: Bool) -> Int64 {
            var value: UInt64 = 0
            for index in position..<position + width {
                value = value << 1 | (index < bits.count && bits[index] ? 1 : 0)
            }
            let isNegative = signed && value >> UInt64(width - 1) & 1 == 1
            return Int64(bitPattern: isNegative && width < 64 ? value | .max << UInt64(width) : value)
        }

        mutating func store(_ number: Int64, _ position: Int, _ width: Int) {
            while bits.count < position + width { bits.append(false) }
            for index in 0..<width { bits[position + index] = number >> Int64(width - 1 - index) & 1 == 1 }
        }
    }

    /// The sum in arithmetic wide enough, brought back into the type; nil when refused.
    private func fit(_ number: Int64, plus delta: Int64, _ width: Int, _ signed: Bool, _ policy: String)
        -> Int64?
    {
        let sum = Int128(number) + Int128(delta)
        let high = Int128(1) << Int128(signed ? width - 1 : width) - 1
        let low = signed ? -high - 1 : 0
        if sum >= low, sum <= high { return Int64(sum) }
        switch policy {
        case "FAIL": return nil
        case "SAT": return Int64(sum > high ? high : low)
        default:
            let span = high - low + 1
            return Int64(((sum - low) % span + span) % span + low)
        }
    }

    @Test(arguments: 0..<30)
    func bitfieldIsTheModels(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let runner = EngineRunner()
        var model = Fields()
        for _ in 0..<150 {
            let signed = Bool.random(using: &random)
            let width = Int.random(in: 1...(signed ? 64 : 63), using: &random)
            let type = "\(signed ? "i" : "u")\(width)"
            let isCounted = Bool.random(using: &random)
            let offset = Int.random(in: 0...(isCounted ? 4 : 300), using: &random)
            let position = isCounted ? offset * width : offset
            let place = (isCounted ? "#" : "") + String(offset)
            let policy = ["WRAP", "SAT", "FAIL"][Int.random(in: 0..<3, using: &random)]
            let old = model.number(position, width, signed)
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                #expect(runner.run("BITFIELD", "k", "GET", type, place) == "*1\r\n:\(old)\r\n")
                #expect(runner.run("BITFIELD_RO", "k", "GET", type, place) == "*1\r\n:\(old)\r\n")
            case 1:
                let delta =
                    Int64.random(in: .min ... .max, using: &random)
                    >> Int64.random(in: 0..<63, using: &random)
                let new = fit(old, plus: delta, width, signed, policy)
                model.store(new ?? old, position, width)
                let reply = runner.run(
                    "BITFIELD", "k", "OVERFLOW", policy, "INCRBY", type, place, String(delta))
                #expect(reply == (new.map { "*1\r\n:\($0)\r\n" } ?? "*1\r\n$-1\r\n"))
            default:
                let value =
                    Int64.random(in: 0 ... .max, using: &random) >> Int64.random(in: 0..<63, using: &random)
                let new = fit(0, plus: value, width, signed, policy)
                model.store(new ?? old, position, width)
                let reply = runner.run("BITFIELD", "k", "OVERFLOW", policy, "SET", type, place, String(value))
                #expect(reply == (new == nil ? "*1\r\n$-1\r\n" : "*1\r\n:\(old)\r\n"))
            }
        }
    }

    // MARK: SETBIT

    @Test func setbitFuzz() {
        var random = SeededGenerator(seed: 7)
        let runner = EngineRunner()
        var model = Fields()
        for _ in 0..<structureSteps(2000) {
            let position = Int.random(in: 0..<4096, using: &random)
            let value = Bool.random(using: &random)
            let old = model.number(position, 1, false)
            #expect(runner.run("SETBIT", "k", String(position), value ? "1" : "0") == ":\(old)\r\n")
            model.store(value ? 1 : 0, position, 1)
            #expect(runner.run("GETBIT", "k", String(position)) == (value ? ":1\r\n" : ":0\r\n"))
        }
        #expect(runner.run("BITCOUNT", "k") == ":\(model.bits.count { $0 })\r\n")
    }
}
