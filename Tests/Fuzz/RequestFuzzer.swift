// Compiled together with Sources/RESP by `run-fuzzer`, not a target of the package: libFuzzer brings
// its own main function.

/// Feeds one input to the request parser, whole and in pieces, and compares what comes out.
///
/// libFuzzer calls it with ever new inputs; a trap or a difference is a finding. The first byte
/// says how long the pieces are, and by its lowest bit whether the client has authenticated.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRequest(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // libFuzzer lends `count` bytes for the length of the call.
    let input = unsafe UnsafeBufferPointer(start: start, count: count)
    guard let mode = unsafe input.first else { return 0 }
    var limits = RequestLimits()
    limits.bulkLength = 1 << 20
    limits.authenticated = mode & 1 == 0
    // As above.
    let bytes = unsafe Array(input.dropFirst())
    // Few pieces for long inputs, as every unfinished line is read anew with each piece.
    let length = max(Int(mode >> 1) + 1, bytes.count / 32)
    let whole = frames(in: bytes, pieces: bytes.count, limits)
    precondition(whole == frames(in: bytes, pieces: length, limits), "pieces parse differently")
    return 0
}

/// What the parser makes of input in pieces of this length: all frames, and the error that ended it.
private func frames(in bytes: [UInt8], pieces length: Int, _ limits: RequestLimits) -> [[[UInt8]]] {
    var reader = RequestReader()
    var found: [[[UInt8]]] = []
    var at = 0
    while at < bytes.count, reader.failure == nil {
        let end = min(at + length, bytes.count)
        while at < end, reader.failure == nil {
            at += reader.fill { span in
                let piece = bytes[at..<min(at + span.byteCount, end)]
                // The span is at least as long as the piece.
                unsafe span.withUnsafeMutableBytes { unsafe $0.copyBytes(from: piece) }
                return piece.count
            }
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
        // The buffer does not leave the closure.
        unsafe arguments[index].withUnsafeBytes { unsafe [UInt8]($0) }
    }
}
