/// A value that a long command is making: if nobody takes it, its memory is given back, in slices if it is big.
final class Unfinished<Made: Value> {
    let value: Made
    private let dropped: DroppedValues
    private var isTaken = false

    /// Takes charge of a value that no key has.
    init(_ value: Made, _ dataset: Dataset) {
        self.value = value
        dropped = dataset.discarded.values
    }

    deinit {
        if !isTaken { dropped.add(value) }
    }

    /// Gives the value to somebody else.
    func take() -> Made {
        isTaken = true
        return value
    }
}

/// The same for a set in whichever encoding.
final class UnfinishedSet {
    var value: SetValue
    private let keyspace: Keyspace
    private let dropped: DroppedValues
    private var isTaken = false

    /// Takes charge of a set that no key has.
    init(_ value: SetValue, _ call: borrowing Call) {
        self.value = value
        keyspace = call.keyspace
        dropped = call.dataset.discarded.values
    }

    deinit {
        if isTaken { return }
        if case .table(let table) = value { dropped.add(table) } else { value.free(in: keyspace) }
    }

    /// Gives the set to somebody else.
    func take() -> SetValue {
        isTaken = true
        return value
    }
}

/// The same for a sorted set.
final class UnfinishedSortedSet {
    var builder: SortedSetBuilder
    private let keyspace: Keyspace
    private let dropped: DroppedValues
    private var isTaken = false

    /// Begins a sorted set of so many members, of which the longest is known to have so many bytes.
    init(count: Int, byteCount: Int = 0, _ call: borrowing Call) {
        builder = SortedSetBuilder(
            count: count, byteCount: byteCount, in: call.keyspace, call.dataset.settings.collections)
        keyspace = call.keyspace
        dropped = call.dataset.discarded.values
    }

    deinit {
        if isTaken { return }
        if case .table(let table) = builder.value {
            dropped.add(table)
        } else {
            builder.value.free(in: keyspace)
        }
    }

    /// Gives the sorted set to somebody else.
    func take() -> SortedSetValue {
        isTaken = true
        return builder.value
    }
}
