import Engine

extension TableSpread {
    /// The text of DEBUG HTSTATS: a bucket holds several entries, and `full` tells how many do how often.
    func report(full: Bool) -> String {
        let filled = max(buckets - emptyBuckets, 1)
        var text =
            "Hash table 0 stats (main hash table):\n table size: \(buckets)\n number of elements: \(entries)\n"
        text += " different slots: \(buckets - emptyBuckets)\n max chain length: \(longestChain)\n"
        text += " avg chain length (counted): \(DecimalText.fixed(Double(entries) / Double(filled), 2))\n"
        text += " avg chain length (computed): \(DecimalText.fixed(Double(entries) / Double(filled), 2))\n"
        guard full else { return text }
        text += " Chain length distribution:\n"
        for (length, count) in chains.enumerated() where count > 0 {
            text +=
                "   \(length): \(count) (\(DecimalText.fixed(100 * Double(count) / Double(max(buckets, 1)), 2))%)\n"
        }
        return text
    }
}
