/// A request's words, kept beyond the batch that they came with.
///
/// Short arguments are copied behind each other; long ones lie in blocks of their own and are shared.
public struct KeptRequest: Sendable {
    private var bytes: [UInt8] = []
    private var ranges: [ArgumentRange] = []
    private var blocks: [BulkBlock] = []

    /// Copies a request, with the words at some positions replaced by others.
    public init(_ arguments: Arguments, replacing replacements: [Int: [UInt8]] = [:]) {
        ranges.reserveCapacity(arguments.count)
        for index in 0..<arguments.count {
            if let replacement = replacements[index] {
                // The array lives until it is copied.
                unsafe append(replacement.span.bytes)
            } else if let block = arguments.block(index) {
                ranges.append(ArgumentRange(block: blocks.count))
                blocks.append(block)
            } else {
                append(arguments[index])
            }
        }
    }

    private mutating func append(_ argument: RawSpan) {
        ranges.append(ArgumentRange(start: bytes.count, count: argument.byteCount))
        // The bytes are copied while the view lives.
        unsafe argument.withUnsafeBytes { bytes in unsafe self.bytes.append(contentsOf: bytes) }
    }

    /// The words, valid while the request is held.
    public var arguments: Arguments {
        @_lifetime(borrow self)
        get {
            // All three spans borrow from self, as do those made of them.
            let arguments = unsafe Arguments(
                bytes: bytes.span.bytes, ranges: ranges.span, blocks: blocks.span)
            return unsafe _overrideLifetime(arguments, borrowing: self)
        }
    }

    /// Bytes of the words.
    public var count: Int { blocks.reduce(bytes.count) { $0 + $1.count } }
}
