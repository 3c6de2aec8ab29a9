import Glibc

/// The text of a double with six decimals, as C's `%f` writes it, whatever its size.
enum FixedText {
    /// A sign, the digits of the largest number, a point, the decimals and a zero byte.
    private static var longest: Int { 320 }

    /// The text.
    static func bytes(_ value: Double) -> [UInt8] {
        // The buffer has room for the longest text, and C writes no more than it is told of.
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: longest) { buffer in
            // As above.
            let written = unsafe withVaList([value]) {
                unsafe vsnprintf(buffer.baseAddress, buffer.count, "%f", $0)
            }
            let count = min(max(Int(written), 0), buffer.count - 1)
            // The bytes written.
            return unsafe buffer[..<count].map { UInt8(bitPattern: $0) }
        }
    }
}
