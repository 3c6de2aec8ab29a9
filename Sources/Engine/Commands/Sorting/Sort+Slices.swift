import RESP

/// The elements of a big value, read in slices as they are to be sorted, or as they are.
struct SortWalk {
    private enum Elements {
        case list(Quicklist)
        case set(SetWalk)
        case sortedSet(ScoreTable)
    }

    private var elements: Elements
    /// Which numbers are still to be read.
    private var left: Range<Int>
    private let isBackwards: Bool
    /// How many elements are read.
    let count: Int

    /// Nil for values that are small, or whose elements don't stay where they are read.
    init?(_ entry: Entry, _ request: SortRequest) {
        var range: Range<Int>
        var isBackwards = request.keepsOrder && request.isDescending
        switch entry.kind {
        case .list:
            guard case .nodes(let list) = ListValue(entry), list.settings.compressDepth == 0 else {
                return nil
            }
            elements = .list(list)
            range = 0..<list.count
        case .set:
            guard case .table(let table) = SetValue(entry) else { return nil }
            elements = .set(SetWalk(.table(table)))
            range = 0..<table.count
            isBackwards = false
        case .sortedSet:
            guard case .table(let table) = SortedSetValue(entry) else { return nil }
            elements = .sortedSet(table)
            range = 0..<table.count
        default: return nil
        }
        if request.keepsOrder, entry.kind != .set {
            let wanted = request.range(of: range.count)
            range =
                isBackwards ? range.count - wanted.upperBound..<range.count - wanted.lowerBound : wanted
        }
        left = range
        count = range.count
        self.isBackwards = isBackwards
    }

    /// Whether all elements were read where only some are wanted.
    var isWhole: Bool { if case .set = elements { true } else { false } }

    /// Adds about so many elements more; false if those were the last.
    mutating func read(_ most: Int, into found: inout [PackedElement]) -> Bool {
        found.reserveCapacity(count)
        let some = isBackwards ? left.suffix(most) : left.prefix(most)
        switch elements {
        case .set(var walk):
            let goesOn = walk.advance(most) { found.append($0) }
            elements = .set(walk)
            return goesOn
        case .list(let list):
            list.visit(
                from: isBackwards ? some.upperBound - 1 : some.lowerBound, count: some.count,
                backwards: isBackwards
            ) { element in
                found.append(element)
                return true
            }
        case .sortedSet(let table):
            table.order.visit(some, backwards: isBackwards) { (entry, _) in
                // The entry stays where it is while the sorted set does not change.
                found.append(unsafe PackedElement(packing: entry.key))
            }
        }
        left = isBackwards ? left.dropLast(some.count) : left.dropFirst(some.count)
        return !left.isEmpty
    }
}

/// A long SORT: elements are read, weighed and brought into order in slices.
private final class LongSort {
    let request: SortRequest
    private var walk: SortWalk
    private var elements: [PackedElement] = []
    private var numbers: [SortedElements.Number] = []
    private var texts: [SortedElements.Text] = []
    private var numberSort: SlicedSort<SortedElements.Number>?
    private var textSort: SlicedSort<SortedElements.Text>?
    private var weighed = 0
    private var isNumeric = true
    private var name: [UInt8] = []
    /// Which of the sorted elements are wanted.
    private(set) var range = 0..<0

    init(_ walk: SortWalk, _ request: SortRequest) {
        self.walk = walk
        self.request = request
    }

    /// Others that store the same must not depend on a language.
    private var isWholly: Bool { request.destination != nil }

    func read(_ most: Int) -> Bool {
        if walk.read(most, into: &elements) { return true }
        range =
            request.keepsOrder && !walk.isWhole ? 0..<elements.count : request.range(of: elements.count)
        return false
    }

    /// Looks for what about so many elements more are compared by; false if those were the last.
    func weigh(_ most: Int, _ arguments: Arguments, _ call: inout Call) throws(CommandError) -> Bool {
        if request.keepsOrder { return false }
        let end = min(weighed + most, elements.count)
        if request.isAlphabetic { texts.reserveCapacity(elements.count) }
        if !request.isAlphabetic { numbers.reserveCapacity(elements.count) }
        for index in weighed..<end {
            let element = elements[index]
            let text = request.by.map { $0.value(of: element, arguments, &call, name: &name) } ?? element
            if request.isAlphabetic {
                texts.append(SortedElements.Text(element, by: text, wholly: isWholly))
            } else {
                numbers.append(SortedElements.Number(element, by: text, isNumeric: &isNumeric))
            }
        }
        weighed = end
        if weighed < elements.count { return true }
        guard isNumeric else { throw .notNumeric }
        elements = []
        if request.isAlphabetic {
            textSort = SlicedSort(texts)
            texts = []
        } else {
            numberSort = SlicedSort(numbers)
            numbers = []
        }
        return false
    }

    /// Brings some elements more into order; false when all are.
    func order(_ budget: Int) -> Bool {
        let (isDescending, isWholly) = (request.isDescending, isWholly)
        if numberSort != nil {
            return isDescending
                ? numberSort?.advance(budget) { SortedElements.Number.precedes($1, $0) } ?? false
                : numberSort?.advance(budget) { SortedElements.Number.precedes($0, $1) } ?? false
        }
        return isDescending
            ? textSort?.advance(budget) { SortedElements.Text.order($0, $1, wholly: isWholly) > 0 } ?? false
            : textSort?.advance(budget) { SortedElements.Text.order($0, $1, wholly: isWholly) < 0 } ?? false
    }

    /// An element of the result.
    func element(_ number: Int) -> PackedElement {
        let index = range.lowerBound + number
        if let numberSort { return numberSort.items[index].element }
        if let textSort { return textSort.items[index].element }
        return elements[index]
    }
}

extension Call {
    /// Sorts a big value while others have their turns.
    mutating func sortInSlices(_ walk: SortWalk, _ request: SortRequest, _ arguments: Arguments)
        throws(CommandError)
    {
        let sort = LongSort(walk, request)
        let gets = request.gets
        // Patterns may lead to any key.
        let readsOthers = !gets.isEmpty || !request.keepsOrder && request.by != nil
        let keys = readsOthers ? nil : 1..<2
        let steps = [
            LongCommand.Step { (_, _, slice) throws(CommandError) in sort.read(slice.elements) },
            LongCommand.Step { (call, arguments, slice) throws(CommandError) in
                try sort.weigh(slice.elements, arguments, &call)
            },
            LongCommand.Step { (_, _, slice) throws(CommandError) in sort.order(slice.elements) },
        ]
        var next = 0
        var name: [UInt8] = []
        guard let destination = request.destination else {
            let answer = LongCommand.Step { (call, arguments, slice) throws(CommandError) in
                if next == 0 { call.reply.array(sort.range.count * max(gets.count, 1)) }
                let end = min(next + slice.elements, sort.range.count)
                while next < end, !slice.isFull(call.reply) {
                    call.answer(sort.element(next), gets, arguments, &name)
                    next += 1
                }
                return next < sort.range.count
            }
            return try proceed(arguments, reading: keys, steps + [answer])
        }
        let made = Unfinished(Quicklist(dataset.settings.collections.list, in: keyspace.elements), dataset)
        let fill = LongCommand.Step { (call, arguments, slice) throws(CommandError) in
            let end = min(next + slice.elements, sort.range.count)
            while next < end {
                call.append(sort.element(next), gets, to: made.value, arguments, &name)
                next += 1
            }
            return next < sort.range.count
        }
        try proceed(
            arguments, reading: keys, writing: destination, steps + [fill],
            finish: LongCommand.Finish { (call, arguments) throws(CommandError) in
                call.storeSorted(made.take(), arguments[destination])
            })
    }
}

extension SortedElements.Number {
    /// An element with the number that a text is; without a text it is zero.
    @inline(__always)
    init(_ element: PackedElement, by text: PackedElement?, isNumeric: inout Bool) {
        var weight = 0.0
        if let text {
            if let integer = text.integer {
                weight = Double(integer)
            } else if let number = Double(bound: text.bytes) {
                weight = number
            } else {
                isNumeric = false
            }
        }
        self.init(weight: weight, element: element)
    }
}

extension CommandError {
    static let notNumeric = CommandError("ERR One or more scores can't be converted into double")
}
