import Engine
import RESP

/// How CLIENT LIST and CLIENT INFO show a client.
extension Session {
    /// Every letter that `flags` may show, in any server of the family.
    static let allFlagLetters = Array("OSMPxbtRBdcuAUreTIN".utf8)

    /// The letters of what is special about the client, in Redis's order; `N` for nothing.
    var flagLetters: [UInt8] {
        var letters: [UInt8] = []
        if options.contains(.monitor) { letters.append(UInt8(ascii: "O")) }
        if isSubscriber { letters.append(UInt8(ascii: "P")) }
        if transaction != nil { letters.append(UInt8(ascii: "x")) }
        if isPostponed || blocked != nil { letters.append(UInt8(ascii: "b")) }
        if let tracking {
            letters.append(UInt8(ascii: "t"))
            if tracking.isRedirectionBroken { letters.append(UInt8(ascii: "R")) }
            if tracking.options.contains(.broadcast) { letters.append(UInt8(ascii: "B")) }
        }
        if isOutdated { letters.append(UInt8(ascii: "d")) }
        if closing == .afterFlush { letters.append(UInt8(ascii: "c")) }
        if closing == .now { letters.append(UInt8(ascii: "A")) }
        if options.contains(.unixSocket) { letters.append(UInt8(ascii: "U")) }
        if options.contains(.noEvict) { letters.append(UInt8(ascii: "e")) }
        if options.contains(.noTouch) { letters.append(UInt8(ascii: "T")) }
        return letters.isEmpty ? [UInt8(ascii: "N")] : letters
    }

    /// The user that the client acts as.
    var userName: String { "default" }

    /// Whole seconds of the clock since the client came.
    func age(_ now: Int64) -> Int64 { now / 1000 - since / 1000 }

    /// Whole seconds of the clock since the client's last request.
    func idle(_ now: Int64) -> Int64 { now / 1000 - lastInteraction / 1000 }

    /// Bytes that a client occupies besides its buffers and names, about.
    private static let ownSize = 1500

    /// Bytes that a subscription or a tracked prefix occupies on the client's side, about.
    private static let subscriptionSize = 40

    /// Bytes that the client occupies, buffers and all, by Redis's measure.
    var memoryUse: Int {
        let names = name.count + libraryName.count + libraryVersion.count
        let topics = subscriptionCount + shardChannels.count + (tracking?.prefixes.count ?? 0)
        return Self.ownSize + names + topics * Self.subscriptionSize + bufferMemory
    }

    /// The client's line for the log.
    func line(_ now: Int64) -> String {
        var line = ByteBuffer()
        describe(into: &line, running: nil, now: now)
        return line.bytes.text
    }

    /// Appends the client's line, without its end.
    ///
    /// `running` is the length of the arguments of the request that asks, when it is the client's own.
    func describe(into line: inout ByteBuffer, running: Int?, now: Int64) {
        let unsent = outbox.held
        let queryUsed = outbox.figures.queryUsed
        let queryFree = outbox.figures.queryFree
        line.field("id", id)
        line.field("addr", address)
        line.field("laddr", localAddress)
        line.field("fd", Int64(descriptor))
        line.field("name", name)
        line.field("age", age(now))
        line.field("idle", idle(now))
        line.field("flags", flagLetters)
        line.field("db", Int64(database))
        line.field("sub", Int64(channels.count))
        line.field("psub", Int64(patterns.count))
        line.field("ssub", Int64(shardChannels.count))
        line.field("multi", Int64(transaction?.count ?? -1))
        line.field("watch", Int64(watched.count))
        line.field("qbuf", Int64(queryUsed))
        line.field("qbuf-free", Int64(queryFree))
        line.field("argv-mem", Int64(running ?? outbox.figures.pendingArguments))
        line.field("multi-mem", Int64(transaction?.bytes ?? 0))
        line.field("rbs", Int64(outbox.figures.replyCapacity))
        line.field("rbp", Int64(outbox.figures.replyPeak))
        line.field("obl", Int64(min(unsent, OutputMemory.ownBytes)))
        line.field("oll", unsent > OutputMemory.ownBytes ? 1 : 0)
        line.field("omem", Int64(OutputMemory.bytes(held: unsent, bulk: longestUnread)))
        line.field("tot-mem", Int64(memoryUse))
        line.field("events", unsent > 0 ? "rw" : "r")
        line.field("cmd", lastCommand?.fullName ?? "NULL")
        line.field("user", userName)
        line.field("redir", redirectionNumber)
        line.field("resp", Int64(protocolVersion.rawValue))
        line.field("lib-name", libraryName)
        line.field("lib-ver", libraryVersion)
        line.field("io-thread", 0)
        line.field("tot-net-in", Int64(outbox.figures.bytesIn))
        line.field("tot-net-out", Int64(outbox.figures.bytesOut))
        line.field("tot-cmds", Int64(clamping: commandCount))
    }
}

extension ByteBuffer {
    /// Begins a field; all but a line's first have a space in front.
    private mutating func begin(_ name: StaticString) {
        if !isEmpty, bytes[byte: count - 1] != UInt8(ascii: "\n") { append(UInt8(ascii: " ")) }
        append(name)
        append(UInt8(ascii: "="))
    }

    fileprivate mutating func field(_ name: StaticString, _ value: Int64) {
        begin(name)
        append(decimal: value)
    }

    fileprivate mutating func field(_ name: StaticString, _ value: [UInt8]) {
        begin(name)
        append(value)
    }

    fileprivate mutating func field(_ name: StaticString, _ value: String) {
        begin(name)
        append(text: value)
    }
}
