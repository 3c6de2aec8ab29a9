import Testing

@testable import RESP

/// Every frame of a table, whole and in pieces of all sizes: the pieces must not matter.
@Suite struct RequestReaderTests {
    /// Input and the frames that are in it.
    struct Sample: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let frames: [[[UInt8]]]
        var failure: String?

        var testDescription: String { name }

        init(_ name: String, _ bytes: [UInt8], _ frames: [[[UInt8]]], failure: String? = nil) {
            self.name = name
            self.bytes = bytes
            self.frames = frames
            self.failure = failure
        }

        init(_ name: String, _ text: String, _ frames: [[String]], failure: String? = nil) {
            self.init(name, [UInt8](text), frames.map { $0.map { [UInt8]($0) } }, failure: failure)
        }
    }

    static let short: [Sample] = [
        Sample("one word", "*1\r\n$4\r\nPING\r\n", [["PING"]]),
        Sample("three words", "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nvalue\r\n", [["SET", "k", "value"]]),
        Sample("empty words", "*3\r\n$3\r\nSET\r\n$0\r\n\r\n$0\r\n\r\n", [["SET", "", ""]]),
        Sample("only empty words", "*2\r\n$0\r\n\r\n$0\r\n\r\n", [["", ""]]),
        Sample(
            "line breaks inside a word", "*2\r\n$4\r\nECHO\r\n$6\r\n\r\n*1\r\n\r\n", [["ECHO", "\r\n*1\r\n"]]),
        Sample(
            "the two bytes behind a word are not looked at", "*1\r\n$4\r\nPINGxx*1\r\n$1\r\na--",
            [["PING"], ["a"]]),
        Sample("nor is the byte behind a return", "*1\rx$4\ryPING\r\n", [["PING"]]),
        Sample("empty array", "*0\r\n*1\r\n$1\r\na\r\n", [["a"]]),
        Sample("null array", "*-1\r\n*1\r\n$1\r\na\r\n", [["a"]]),
        Sample("very null array", "*-9223372036854775808\r\n*1\r\n$1\r\na\r\n", [["a"]]),
        Sample("nothing but empty arrays", "*0\r\n*-1\r\n*0\r\n", []),
        Sample(
            "ten words", encoded((0..<10).map { [UInt8]("w\($0)") }), [(0..<10).map { [UInt8]("w\($0)") }]),
        Sample("bytes of all values", encoded([Array(0...255)]), [[Array(0...255)]]),
        Sample("two frames", "*1\r\n$1\r\na\r\n*1\r\n$1\r\nb\r\n", [["a"], ["b"]]),
        Sample(
            "frame behind an inline one", "PING\r\n*1\r\n$1\r\nb\r\nPING\r\n", [["PING"], ["b"], ["PING"]]),
        Sample(
            "frames before an error", "*1\r\n$1\r\na\r\n*x\r\n", [["a"]], failure: "invalid multibulk length"),
        Sample("nothing behind an error", "*x\r\n*1\r\n$1\r\na\r\n", [], failure: "invalid multibulk length"),
        Sample("error inside a frame", "*2\r\n$1\r\na\r\n$x\r\n", [], failure: "invalid bulk length"),
        Sample(
            "inline error", "PING\r\nset \"a\r\nPING\r\n", [["PING"]], failure: "unbalanced quotes in request"
        ),
        Sample("unfinished", "*1\r\n$1\r\na\r\n*2\r\n$1\r\nb\r\n$5\r\nabc", [["a"]]),
        Sample("unfinished for good behind a NUL", "*1\r\n\u{0}1\r\na\r\n$1\r\na\r\n", []),
    ]

    static let inline: [Sample] = [
        Sample("words", "SET key value\r\n", [["SET", "key", "value"]]),
        Sample("line feed alone", "PING\nPING\r\nPING\n", [["PING"], ["PING"], ["PING"]]),
        Sample("spaces around", "  PING \t \u{b}\u{c}a\u{b}\u{c} \r\n", [["PING", "a\u{b}\u{c}"]]),
        Sample("empty lines", "\r\n\n \r\n\t\nPING\r\n", [["PING"]]),
        Sample("only empty lines", "\r\n\r\n\n\n", []),
        Sample("return inside a line is space", "PING a\rb\r\n", [["PING", "a", "b"]]),
        Sample("double quotes", "a \"b c\" \"\" \"'\"\r\n", [["a", "b c", "", "'"]]),
        Sample("single quotes", "a 'b c' '' '\"'\r\n", [["a", "b c", "", "\""]]),
        Sample("quotes in the middle", "a\"b c\" d'e f'\r\n", [["ab c", "de f"]]),
        Sample(
            "escapes in double quotes", #"x "\n\r\t\b\a\q\\\"" "# + "\r\n", [["x", "\n\r\t\u{8}\u{7}q\\\""]]),
        Sample("hex in double quotes", #""\x41\x4f\x4F\xg1\x4""# + "\r\n", [["AOOxg1x4"]]),
        Sample("hex may be any byte", [UInt8]("\"\\xff\\x00\\x0a\"\r\n"), [[[0xff, 0, 10]]]),
        Sample("no escapes in single quotes", #"'\n\x41\\ ' '\''"# + "\r\n", [[#"\n\x41\\ "#, "'"]]),
        Sample("no escapes outside quotes", #"a\n\x41 \\ \""# + "\"\r\n", [[#"a\n\x41"#, #"\\"#, #"\"#]]),
        Sample("quote closed before a letter", "\"a\"b\r\n", [], failure: "unbalanced quotes in request"),
        Sample("quote closed before a quote", "\"a\"\"b\"\r\n", [], failure: "unbalanced quotes in request"),
        Sample("single closed before a letter", "'a'b\r\n", [], failure: "unbalanced quotes in request"),
        Sample("open double quote", "a \"b\r\n", [], failure: "unbalanced quotes in request"),
        Sample("open single quote", "a 'b\r\n", [], failure: "unbalanced quotes in request"),
        Sample("escape at the end", "\"a\\\r\n", [], failure: "unbalanced quotes in request"),
        Sample("a NUL hides the rest for good", "PING\u{0}\r\nPING\r\n", []),
        Sample("other types are words", "$4\r\nPING\r\n+OK\r\n", [["$4"], ["PING"], ["+OK"]]),
        Sample(
            "bytes that are no text", [0xff, 0xfe, 0x20, 0xc2, 0xa0, 10], [[[0xff, 0xfe], [0xc2, 0xa0]]]),
    ]

    /// Bulk strings at and around the size from which on they are read into blocks of their own.
    static let big: [Sample] = {
        func fill(_ count: Int, _ first: UInt8) -> [UInt8] { (0..<count).map { first &+ UInt8($0 % 251) } }
        let edge = RequestReader.bigBulk
        let sizes = [edge - 1, edge, edge + 1]
        let one = sizes.map { size in
            let words = [[UInt8]("SET"), [UInt8]("k"), fill(size, 1)]
            return Sample("bulk of \(size)", encoded(words), [words])
        }
        let several = [fill(edge, 1), [UInt8]("a"), fill(edge + 5, 2), [], fill(70_000, 3)]
        let mixed = [
            [several], [[[UInt8]("PING")]], [[fill(edge, 9), fill(edge, 8)]], [[[UInt8]("x"), []]],
        ].flatMap { $0 }
        return one + [
            Sample("several in one frame", encoded(several), [several]),
            Sample("between small frames", mixed.flatMap { encoded($0) }, mixed),
            Sample(
                "unfinished", encoded([fill(edge, 1)]) + [UInt8]("*1\r\n$40000\r\n") + fill(39_999, 1),
                [[fill(edge, 1)]]),
        ]
    }()

    static let pipeline: Sample = {
        let all = short.prefix(15) + inline.prefix(13)
        let deep = (0..<1300).map {
            [[UInt8]("SET"), [UInt8]("key:\($0)"), [UInt8](repeating: 120, count: $0 % 37)]
        }
        return Sample(
            "pipeline", all.flatMap(\.bytes) + deep.flatMap { encoded($0) } + all.flatMap(\.bytes),
            all.flatMap(\.frames) + deep + all.flatMap(\.frames))
    }()

    static let all = short + inline + big + [pipeline]

    private func check(
        _ sample: Sample, _ pieces: [[UInt8]], finishing: Bool = false, _ how: @autoclosure () -> String
    ) {
        let reading = Feeder.read(pieces, finishing: finishing)
        // The macro would format megabytes at every call; this one only does so when it fails.
        if reading != Reading(frames: sample.frames, failure: sample.failure) {
            Issue.record("\(sample.name), \(how()): \(reading)")
        }
    }

    @Test(arguments: all) func whole(_ sample: Sample) {
        check(sample, [sample.bytes], "whole")
        check(sample, [sample.bytes], finishing: true, "whole, finishing empty batches")
    }

    @Test(arguments: all) func dripped(_ sample: Sample) {
        check(sample, sample.bytes.map { [$0] }, "dripped")
        check(sample, sample.bytes.map { [$0] }, finishing: true, "dripped, finishing empty batches")
    }

    @Test(arguments: short + inline) func everyCut(_ sample: Sample) {
        for cut in 0...sample.bytes.count {
            check(sample, [Array(sample.bytes[..<cut]), Array(sample.bytes[cut...])], "cut at \(cut)")
        }
    }

    /// Behind the samples that are small the big ones begin: cuts around every line and block end.
    @Test(arguments: big) func cutsAroundLines(_ sample: Sample) {
        let bytes = sample.bytes
        let lines = bytes.indices.filter { bytes[$0] == 10 && $0 > 0 && bytes[$0 - 1] == 13 }
        let cuts = Set(
            lines.flatMap { ($0 - 3)...($0 + 4) } + stride(from: 0, through: bytes.count, by: 4099))
        for cut in cuts where (0...bytes.count).contains(cut) {
            check(sample, [Array(bytes[..<cut]), Array(bytes[cut...])], "cut at \(cut)")
        }
    }

    @Test(arguments: all) func randomPieces(_ sample: Sample) {
        for seed in 0..<UInt64(40) {
            var random = SeededGenerator(seed: seed)
            let count = Int.random(in: 1...12, using: &random)
            let cuts = (0..<count).map { _ in Int.random(in: 0...sample.bytes.count, using: &random) }
                .sorted()
            let ends = cuts + [sample.bytes.count]
            let pieces = zip([0] + cuts, ends).map { Array(sample.bytes[$0..<$1]) }
            check(sample, pieces, finishing: seed % 2 == 0, "seed \(seed)")
        }
    }

    @Test func batchesAreBounded() {
        var reader = RequestReader()
        let ping = encoded("PING")
        var rest = Array(repeating: ping, count: 1000).flatMap { $0 }[...]
        var most = 0
        var total = 0
        while !rest.isEmpty {
            let taken = reader.fill { span in
                let count = min(span.byteCount, rest.count)
                // Both hold `count` bytes.
                unsafe span.withUnsafeMutableBytes { unsafe $0.copyBytes(from: rest.prefix(count)) }
                return count
            }
            rest = rest.dropFirst(taken)
            reader.parse(RequestLimits())
            while reader.frameCount > 0 {
                most = max(most, reader.frameCount)
                total += reader.frameCount
                reader.finishBatch()
                reader.parse(RequestLimits())
            }
        }
        #expect(total == 1000)
        #expect(most <= RequestReader.framesPerBatch)
        #expect(reader.isIdle == true)
    }

    @Test func idleReadersHoldNoMemory() {
        var feeder = Feeder()
        for sample in Self.all
        where sample.failure == nil && !sample.name.hasPrefix("unfinished")
            && sample.name != "a NUL hides the rest for good"
        {
            feeder.feed(sample.bytes)
            #expect(feeder.reader.isIdle == true, "\(sample.name)")
            #expect(feeder.reader.heldBytes == 0, "\(sample.name)")
        }
        feeder.reader.releaseIdleMemory()
        #expect(feeder.reader.allocatedBytes == 0)
    }

    /// Empty requests complete no frame, so nobody finishes a batch for them.
    @Test(arguments: ["*0\r\n", "\r\n", "*-1\r\n", " \t\n"]) func emptyRequestsAreNotKept(_ text: String) {
        var feeder = Feeder()
        for _ in 0..<100 { feeder.feed([UInt8](text)) }
        #expect(feeder.reader.heldBytes == 0)
        feeder.feed([UInt8](text) + [UInt8]("*2\r\n$1\r\na\r\n$2\r\nb"))
        #expect(feeder.reader.bufferUse.used == "*2\r\n$1\r\na\r\n$2\r\nb".utf8.count)
        feeder.feed([UInt8]("b\r\n"))
        #expect(feeder.reading.frames == [[[UInt8]("a"), [UInt8]("bb")]])
    }

    @Test func unfinishedInputIsKeptAndNotReleased() {
        var feeder = Feeder()
        feeder.feed([UInt8]("*2\r\n$1\r\na\r\n"))
        feeder.reader.releaseIdleMemory()
        #expect(feeder.reader.isIdle == false)
        feeder.feed([UInt8]("$1\r\nb\r\n"))
        #expect(feeder.reading.frames == [[[UInt8]("a"), [UInt8]("b")]])
    }

    @Test(arguments: [0, 1, 40_000, 99_999, 100_000]) func anAnnouncedBulkIsReleasedAndReadOn(arrived: Int) {
        var feeder = Feeder()
        let big = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
        let bytes = encoded([[UInt8]("SET"), big])
        let head = bytes.count - big.count - 2 + arrived
        feeder.feed(Array(bytes[..<head]))
        #expect(feeder.reader.allocatedBytes > 100_000)
        feeder.reader.releaseIdleMemory()
        #expect(feeder.reader.allocatedBytes < arrived + 2_000)
        #expect(feeder.reader.bufferUse.used >= arrived)
        feeder.feed(Array(bytes[head...]))
        #expect(feeder.reading.frames == [[[UInt8]("SET"), big]])
    }

    @Test func inputInPiecesIsReadIntoABufferOfItsOwnUntilTheReaderIsIdle() {
        let size = RequestReader.largestRead
        var spare = ByteBuffer(capacity: size)
        var feeder = Feeder()
        feeder.reader.borrowBuffer(from: &spare)
        feeder.feed([UInt8]("*1\r\n$4\r\nPING\r\n"))
        feeder.reader.returnBuffer(to: &spare)
        #expect(feeder.reader.bufferUse.free == 0)
        #expect(spare.capacity == size)
        feeder.reader.borrowBuffer(from: &spare)
        feeder.feed([UInt8]("*1\r\n$4\r\nPI"))
        feeder.reader.returnBuffer(to: &spare)
        #expect(spare.capacity == 0)
        #expect(feeder.reader.bufferUse.used == 10)
        feeder.reader.borrowBuffer(from: &spare)
        feeder.feed([UInt8]("NG\r\n"))
        feeder.reader.returnBuffer(to: &spare)
        #expect(feeder.reader.bufferUse.free == size)
        #expect(feeder.reading.frames.count == 2)
        feeder.reader.releaseIdleMemory()
        #expect(feeder.reader.bufferUse.free == 0)
        spare = ByteBuffer(capacity: size)
        feeder.reader.borrowBuffer(from: &spare)
        feeder.feed([UInt8]("*1\r\n$4\r\nPING\r\n"))
        feeder.reader.returnBuffer(to: &spare)
        #expect(spare.capacity == size)
    }

    @Test func aBufferOfItsOwnDoesNotGrowForPieces() {
        let size = RequestReader.largestRead
        let request = encoded([[UInt8]("SET"), [UInt8]("k"), [UInt8](repeating: 7, count: 1000)])
        var input = Array(repeatElement(request, count: 200).joined())[...]
        var spare = ByteBuffer(capacity: size)
        var feeder = Feeder()
        while !input.isEmpty {
            feeder.reader.borrowBuffer(from: &spare)
            feeder.feed(Array(input.prefix(700)))
            input = input.dropFirst(700)
            feeder.reader.returnBuffer(to: &spare)
            let use = feeder.reader.bufferUse
            #expect(use.used + use.free <= size)
        }
        #expect(feeder.reading.frames.count == 200)
    }

    @Test func bigBulksAreReadIntoBlocks() {
        var feeder = Feeder()
        let big = [UInt8](repeating: 7, count: RequestReader.bigBulk)
        let bytes = encoded([[UInt8]("SET"), big])
        var rest = bytes[...]
        while !rest.isEmpty {
            let taken = feeder.reader.fill { span in
                let count = min(span.byteCount, rest.count)
                // Both hold `count` bytes.
                unsafe span.withUnsafeMutableBytes { unsafe $0.copyBytes(from: rest.prefix(count)) }
                return count
            }
            rest = rest.dropFirst(taken)
            feeder.reader.parse(RequestLimits())
        }
        #expect(feeder.reader.frameCount == 1)
        #expect(feeder.reader.frame(0).block(0) == nil)
        #expect(feeder.reader.frame(0).block(1)?.count == big.count)
        #expect(feeder.reader.frame(0).block(2) == nil)
        #expect(feeder.reader.frame(0).block(-1) == nil)
        #expect(feeder.reader.frame(0)[-1].byteCount == 0)
        #expect(feeder.reader.frame(0)[2].byteCount == 0)
        #expect([UInt8](copying: feeder.reader.frame(0)[1]) == big)
    }
}
