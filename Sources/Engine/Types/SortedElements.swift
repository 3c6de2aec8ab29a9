import RESP

/// Elements beside what they are sorted by, so that sorting looks at one row of memory.
enum SortedElements {
    /// An element with its number.
    struct Number: BitwiseCopyable {
        let weight: Double
        let element: PackedElement

        /// By number, then by text, so that the order is always the same.
        @inline(__always)
        static func precedes(_ left: Number, _ right: Number) -> Bool {
            left.weight != right.weight
                ? left.weight < right.weight : left.element.order(right.element) < 0
        }
    }

    /// An element with its text, or with none, which comes first.
    struct Text: BitwiseCopyable {
        /// The first bytes of the text, which decide most comparisons.
        fileprivate let start: UInt64
        fileprivate let text: PackedElement
        fileprivate let isThere: Bool
        let element: PackedElement

        /// With `wholly`, bytes count behind a zero byte too.
        @inline(__always)
        init(_ element: PackedElement, by text: PackedElement?, wholly: Bool) {
            self.element = element
            self.text = text ?? PackedElement(0)
            isThere = text != nil
            start = text?.withText { Text.start(of: $0, wholly: wholly) } ?? 0
        }

        private static func start(of text: RawSpan, wholly: Bool) -> UInt64 {
            var start: UInt64 = 0
            for index in 0..<min(text.byteCount, 8) {
                let byte = text[byte: index]
                if byte == 0, !wholly { break }
                start |= UInt64(byte) << UInt64(56 - index * 8)
            }
            return start
        }

        /// Below zero, zero or above as the left one comes first, both are the same, or the right one does.
        @inline(__always)
        static func order(_ left: Text, _ right: Text, wholly: Bool) -> Int {
            if left.start != right.start, left.isThere, right.isThere {
                return left.start < right.start ? -1 : 1
            }
            return orderFurther(left, right, wholly: wholly)
        }

        @inline(never)
        private static func orderFurther(_ left: Text, _ right: Text, wholly: Bool) -> Int {
            guard left.isThere, right.isThere else { return (left.isThere ? 1 : 0) - (right.isThere ? 1 : 0) }
            if wholly { return left.text.order(right.text) }
            return left.text.withText { text in right.text.withText { orderUntilZero(text, $0) } }
        }

        /// Compares as C does, for which a zero byte ends a text.
        private static func orderUntilZero(_ left: RawSpan, _ right: RawSpan) -> Int {
            var index = 0
            while true {
                // Beyond the end it reads zero.
                let (a, b) = (left[byte: index], right[byte: index])
                if a != b { return a < b ? -1 : 1 }
                if a == 0 { return 0 }
                index &+= 1
            }
        }
    }

    /// Sorts by numbers; `range` says which of the sorted ones are wanted.
    static func sort(_ items: inout [Number], descending: Bool, range: Range<Int>) -> [PackedElement] {
        guard descending else {
            return sort(&items, range: range) { Number.precedes($0, $1) }
        }
        return sort(&items, range: range) { Number.precedes($1, $0) }
    }

    @inline(__always)
    private static func sort(
        _ items: inout [Number], range: Range<Int>, _ precedes: (Number, Number) -> Bool
    ) -> [PackedElement] {
        if range.isEmpty { return [] }
        // Few of the first are found without sorting all.
        if range.upperBound <= items.count / 4 {
            items = first(range.upperBound, of: items, precedes)
        } else {
            items.sort(by: precedes)
        }
        return items[range].map(\.element)
    }

    /// So many that come first, in order.
    @inline(__always)
    private static func first(
        _ count: Int, of items: [Number], _ precedes: (Number, Number) -> Bool
    ) -> [Number] {
        var found: [Number] = []
        found.reserveCapacity(count * 2)
        var bound: Number?
        for item in items {
            if let bound, !precedes(item, bound) { continue }
            found.append(item)
            guard found.count == count * 2 else { continue }
            found.sort(by: precedes)
            found.removeLast(count)
            bound = found.last
        }
        found.sort(by: precedes)
        return Array(found.prefix(count))
    }

    /// Sorts by texts, those without one first; equal ones keep their order.
    static func sort(_ items: inout [Text], descending: Bool, wholly: Bool, range: Range<Int>)
        -> [PackedElement]
    {
        if descending {
            items.sort { Text.order($0, $1, wholly: wholly) > 0 }
        } else {
            items.sort { Text.order($0, $1, wholly: wholly) < 0 }
        }
        return items[range].map(\.element)
    }
}
