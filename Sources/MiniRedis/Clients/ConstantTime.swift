import Engine

/// Comparison of secrets.
enum ConstantTime {
    /// Whether both are the same, in a time that depends on the length of `attempt` alone.
    ///
    /// What the attempt has in common with the secret thus can't be measured from outside.
    static func equal(secret: [UInt8], attempt: RawSpan) -> Bool {
        var difference = UInt(bitPattern: secret.count ^ attempt.byteCount)
        for index in 0..<attempt.byteCount {
            let expected = secret.isEmpty ? 0 : secret[index % secret.count]
            difference |= UInt(expected ^ attempt[byte: index])
        }
        return difference == 0
    }
}
