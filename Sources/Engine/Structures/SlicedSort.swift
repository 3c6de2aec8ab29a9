/// A stable sort that can be broken off and gone on with: runs are sorted one by one, then merged by twos.
struct SlicedSort<Element: BitwiseCopyable> {
    /// The elements; in order when `advance` has returned false.
    private(set) var items: [Element]
    /// Where the pass under way puts them.
    private var merged: [Element] = []
    /// How long the sorted runs are; 0 while they are being made.
    private var width = 0
    /// Up to where the pass under way has come.
    private var next = 0
    /// Where the two runs that are being merged go on.
    private var left = 0
    private var right = 0

    /// So many are sorted at once: it takes a fraction of a millisecond.
    private static var run: Int { 1024 }

    init(_ items: consuming [Element]) { self.items = items }

    /// Sorts for about as long as `budget` comparisons take; false when all is in order.
    @inline(__always)
    mutating func advance(_ budget: Int, _ precedes: (Element, Element) -> Bool) -> Bool {
        if width == 0 {
            let end = min(next + Self.run, items.count)
            items[next..<end].sort(by: precedes)
            next = end
            if next == items.count { beginPass(Self.run) }
            return width < items.count
        }
        var left = budget
        while left > 0, next < items.count { mergeSome(&left, precedes) }
        if next == items.count {
            swap(&items, &merged)
            beginPass(width * 2)
        }
        return width < items.count
    }

    private mutating func beginPass(_ width: Int) {
        self.width = width
        next = 0
        left = 0
        right = min(width, items.count)
        merged.removeAll(keepingCapacity: true)
        merged.reserveCapacity(width < items.count ? items.count : 0)
    }

    /// Merges the two runs that are due, as far as the budget goes.
    @inline(__always)
    private mutating func mergeSome(_ budget: inout Int, _ precedes: (Element, Element) -> Bool) {
        // `next` lies between the start of the first run and the end of the second.
        let start = next / (2 * width) * (2 * width)
        let middle = min(start + width, items.count)
        let end = min(start + 2 * width, items.count)
        while budget > 0, next < end {
            let takesRight = left == middle || right < end && precedes(items[right], items[left])
            merged.append(items[takesRight ? right : left])
            if takesRight { right += 1 } else { left += 1 }
            next += 1
            budget -= 1
        }
        guard next == end else { return }
        left = end
        right = min(end + width, items.count)
    }
}
