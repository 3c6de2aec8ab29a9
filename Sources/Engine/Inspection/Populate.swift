import RESP

extension Call {
    /// Makes keys `prefix:0`, `prefix:1`, … with values `value:0`, … unless they exist.
    ///
    /// With `size` above zero each value has so many bytes, cut off or filled with zeros. For tests
    /// and benchmarks: it stays on this server and blocks it meanwhile.
    public mutating func populate(_ count: Int, prefix: RawSpan, size: Int) {
        let prefix = [UInt8](prefix)
        for number in 0..<count {
            let suffix = ":\(number)".utf8
            let key = prefix + suffix
            var value = Array("value".utf8) + suffix
            if size > 0 {
                value.removeLast(max(value.count - size, 0))
                value += [UInt8](repeating: 0, count: size - value.count)
            }
            // Both arrays live until the key is made.
            unsafe populate(key.span.bytes, value.span.bytes)
        }
        effects.doNotPropagate()
    }

    private mutating func populate(_ key: RawSpan, _ value: RawSpan) {
        var slot = locate(key)
        guard slot.entry == nil else { return }
        keyspace.put(value, at: &slot, key: key)
        if let entry = slot.entry { start(entry) }
        effects.changed(key, .new, in: keyspace.number)
    }
}
