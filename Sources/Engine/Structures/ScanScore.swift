import Glibc
import RESP

/// The text of a score in the reply of ZSCAN, which in big sorted sets is another than everywhere else: the
/// 17 digits of C's `%.17g`.
enum ScanScore {
    /// Lends the text.
    static func withText<Answer>(of score: Double, _ body: (RawSpan) -> Answer) -> Answer {
        if let integer = DoubleText.integer(score), integer.magnitude < longestPlain,
            integer != 0 || score.sign == .plus
        {
            return Decimal.withText(of: integer, body)
        }
        if score.isInfinite { return DoubleText.with(score, body) }
        // The buffer has room for the longest text, and C writes no more than it is told of.
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
            // As above.
            let written = unsafe withVaList([score]) {
                unsafe vsnprintf(buffer.baseAddress, buffer.count, "%.17g", $0)
            }
            let count = min(max(Int(written), 0), buffer.count - 1)
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
            // The bytes written, lent for the call.
            return unsafe body(RawSpan(_unsafeBytes: bytes))
        }
    }

    /// Whole numbers from here on have an exponent.
    private static var longestPlain: UInt64 { 100_000_000_000_000_000 }
}
