import RESP

extension DataCommands {
    static let pfdebug = DataCommand(
        "pfdebug", arity: 3, flags: [.write, .denyoom, .admin, .system], categories: .hyperloglog,
        keys: [.one(2, [.readWrite, .access])], group: .hyperloglog, since: "2.8.9",
        summary: "Looks into a HyperLogLog, or changes how it is kept.",
        complexity: "N/A",
        arguments: [.string("subcommand"), .key()]
    ) { (arguments, call) throws(CommandError) in
        let key = arguments[2]
        var slot = try call.locateString(key)
        guard let entry = slot.entry else { throw CommandError("ERR The specified key does not exist") }
        let isSparse = try entry.withString { (bytes) throws(CommandError) in try HyperLogLog(bytes).isSparse
        }
        entry.showAsRaw()
        if arguments.isWord(1, "getreg") {
            try call.makeDense(key, at: &slot)
            call.replyRegisters(of: slot)
        } else if arguments.isWord(1, "decode") {
            guard isSparse else { throw CommandError("ERR HLL encoding is not sparse") }
            call.reply.bulk(
                try entry.withString { (bytes) throws(CommandError) in try HyperLogLog(bytes).describeRuns() }
            )
        } else if arguments.isWord(1, "encoding") {
            call.reply.simple(isSparse ? "sparse" : "dense")
        } else if arguments.isWord(1, "todense") {
            try call.makeDense(key, at: &slot)
            call.reply.integer(isSparse ? 1 : 0)
        } else {
            throw CommandError(
                bytes: Array("ERR Unknown PFDEBUG subcommand '".utf8) + arguments[1].untilNUL
                    + Array("'".utf8))
        }
    }

    static let pfselftest = DataCommand(
        "pfselftest", arity: 1, flags: [.admin, .system], categories: .hyperloglog, group: .hyperloglog,
        since: "2.8.9",
        summary: "Checks that HyperLogLogs keep their registers and estimate well.",
        complexity: "N/A"
    ) { (_, call) throws(CommandError) in
        let limit = call.dataset.settings.collections.sparseHyperLogLog
        try HyperLogLogSelfTest.checkRegisters(&call.dataset.random)
        try HyperLogLogSelfTest.checkEstimates(seed: call.dataset.random.next(), sparseLimit: limit)
        call.reply.ok()
    }
}

extension Call {
    /// Changes a HyperLogLog to the dense encoding.
    fileprivate mutating func makeDense(_ key: RawSpan, at slot: inout KeySlot) throws(CommandError) {
        var string = try hyperLogLog(at: slot)
        if string.isDense { return }
        try string.makeDense()
        store(string, key, at: &slot)
    }

    fileprivate mutating func replyRegisters(of slot: KeySlot) {
        reply.array(HyperLogLog.registerCount)
        guard let raw = slot.entry?.rawString else { return }
        for register in 0..<HyperLogLog.registerCount {
            reply.integer(Int(HyperLogLog.denseRegister(register, in: raw.bytes)))
        }
    }
}

/// What PFSELFTEST tries: the tests, figures and words of Redis.
enum HyperLogLogSelfTest {
    private static var cycles: Int { 1000 }
    private static var elements: Int { 10_000_000 }

    /// Whether registers of a dense one keep what they are given.
    static func checkRegisters(_ random: inout RandomSource) throws(CommandError) {
        let dense = RawString(zeros: HyperLogLog.denseCount)
        var values = [UInt8](repeating: 0, count: HyperLogLog.registerCount)
        for _ in 0..<cycles {
            dense.mutate { bytes in
                for register in 0..<values.count {
                    values[register] = UInt8(truncatingIfNeeded: random.next() & 63)
                    HyperLogLog.setDense(register, to: values[register], in: &bytes)
                }
            }
            for register in 0..<values.count {
                let found = HyperLogLog.denseRegister(register, in: dense.bytes)
                guard found != values[register] else { continue }
                throw CommandError(
                    text: "ERR TESTFAILED Register \(register) should be \(values[register]) but is \(found)")
            }
        }
    }

    /// Whether both encodings agree, and estimate as well as they should.
    static func checkEstimates(seed: UInt64, sparseLimit: Int) throws(CommandError) {
        var dense = HyperLogLogString(sparseLimit: sparseLimit)
        try dense.makeDense()
        var other = HyperLogLogString(sparseLimit: sparseLimit)
        var checkpoint = 1
        for number in 1...elements {
            let element = UInt64(number) ^ seed
            // The number is a local that outlives the span.
            try unsafe withUnsafeBytes(of: element) { bytes throws(CommandError) in
                let span = unsafe RawSpan(_unsafeBytes: bytes)
                _ = try dense.add(span)
                _ = try other.add(span)
            }
            guard number == checkpoint else { continue }
            if number < sparseLimit / 2, other.isDense {
                throw CommandError("ERR TESTFAILED sparse encoding not used")
            }
            let estimate = try HyperLogLog(dense.raw.bytes).cardinality()
            guard estimate == (try HyperLogLog(other.raw.bytes).cardinality()) else {
                throw CommandError("ERR TESTFAILED dense/sparse disagree")
            }
            let error = Double(checkpoint) - Double(estimate)
            // Among ten elements two in one register are likely enough to be seen now and then.
            let most = number == 10 ? 1 : (standardError * 6 * Double(checkpoint)).rounded(.up)
            guard error.magnitude <= most else {
                throw CommandError(
                    text: "ERR TESTFAILED Too big error. card:\(checkpoint) abserr:\(Int(error.magnitude))")
            }
            checkpoint *= 10
        }
    }

    /// Of estimates with so many registers.
    private static var standardError: Double { 1.04 / Double(HyperLogLog.registerCount).squareRoot() }
}
