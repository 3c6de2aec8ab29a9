// Compiled together with Sources/RESP by `run-fuzzer`, not a target of the package: libFuzzer brings
// its own main function.

/// Feeds one input to the request parser, whole and in two pieces, and compares what comes out.
///
/// libFuzzer calls it with ever new inputs; a trap or a difference is a finding.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRequest(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // libFuzzer lends `count` bytes for the length of the call.
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let whole = frames(in: [input])
    let cut = (input.first.map(Int.init) ?? 0) * count / 256
    precondition(whole == frames(in: [Array(input[..<cut]), Array(input[cut...])]), "pieces parse differently")
    return 0
}

/// What the parser makes of the pieces: all arguments of all frames, and the error that ended it.
private func frames(in pieces: [[UInt8]]) -> [[[UInt8]]] {
    var reader = RequestReader()
    var limits = RequestLimits()
    limits.bulkLength = 1 << 20
    var found: [[[UInt8]]] = []
    for piece in pieces {
        var rest = piece[...]
        while !rest.isEmpty, reader.failure == nil {
            let taken = reader.fill { span in
                let count = min(span.byteCount, rest.count)
                for index in 0..<count { span.storeBytes(of: rest[rest.startIndex + index], toByteOffset: index, as: UInt8.self) }
                return count
            }
            rest = rest.dropFirst(taken)
            reader.parse(limits)
            while reader.frameCount > 0 {
                for index in 0..<reader.frameCount { found.append(copies(reader.frame(index))) }
                reader.finishBatch()
                reader.parse(limits)
            }
        }
    }
    if let failure = reader.failure { found.append([failure.bytes]) }
    return found
}

private func copies(_ arguments: Arguments) -> [[UInt8]] {
    (0..<arguments.count).map { index in
        let span = arguments[index]
        return (0..<span.byteCount).map { span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }
}
