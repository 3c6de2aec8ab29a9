/// Numbers in the forms in which INFO and MEMORY show them.
enum DecimalText {
    /// A number with a fixed count of digits behind the point.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
        var scale: Int64 = 1
        for _ in 0..<digits { scale *= 10 }
        guard abs(value) < Double(Int64.max / scale / 2) else { return "\(value)" }
        let scaled = Int64((abs(value) * Double(scale)).rounded(.toNearestOrEven))
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return digits == 0
            ? "\(sign)\(scaled)" : "\(sign)\(scaled / scale).\(padded(scaled % scale, to: digits))"
    }

    /// The shortest text that reads back as the same number, without a fraction that is zero.
    static func shortest(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Bytes with a unit: `512B`, `1.50K`.
    static func bytes(_ count: some BinaryInteger) -> String {
        if count < 1024 { return "\(count)B" }
        var value = Double(count) / 1024
        for unit in ["K", "M", "G", "T"] {
            if value < 1024 { return fixed(value, 2) + unit }
            value /= 1024
        }
        return fixed(value, 2) + "P"
    }

    /// Microseconds as seconds.
    static func seconds(_ microseconds: Int64) -> String {
        "\(microseconds / 1_000_000).\(padded(microseconds % 1_000_000, to: 6))"
    }

    private static func padded(_ number: Int64, to digits: Int) -> String {
        let text = "\(number)"
        return String(repeating: "0", count: max(digits - text.utf8.count, 0)) + text
    }
}
