import RESP

/// Something that can be a word of a command: text, bytes, a number.
public protocol RedisArgument: Sendable {
    /// Adds itself as one word.
    func append(to words: inout RedisWords)
}

extension String: RedisArgument {
    /// Adds the text as UTF-8.
    public func append(to words: inout RedisWords) {
        // The text's own storage, borrowed for the call.
        unsafe words.append(word: utf8Span.span.bytes)
    }
}

extension Substring: RedisArgument {
    /// Adds the text as UTF-8.
    public func append(to words: inout RedisWords) {
        // The text's own storage, borrowed for the call.
        unsafe words.append(word: utf8Span.span.bytes)
    }
}

extension Array: RedisArgument where Element == UInt8 {
    /// Adds the bytes as they are.
    public func append(to words: inout RedisWords) {
        // The array's own storage, borrowed for the call.
        unsafe words.append(word: span.bytes)
    }
}

extension ArraySlice: RedisArgument where Element == UInt8 {
    /// Adds the bytes as they are.
    public func append(to words: inout RedisWords) {
        // The slice's own storage, borrowed for the call.
        unsafe words.append(word: span.bytes)
    }
}

extension Int: RedisArgument {
    /// Adds the number in decimal.
    public func append(to words: inout RedisWords) {
        Decimal.withText(of: Int64(self)) { words.append(word: $0) }
    }
}

extension Int64: RedisArgument {
    /// Adds the number in decimal.
    public func append(to words: inout RedisWords) {
        Decimal.withText(of: self) { words.append(word: $0) }
    }
}

extension Double: RedisArgument {
    /// Adds the shortest text that reads back as the same number.
    public func append(to words: inout RedisWords) { description.append(to: &words) }
}
