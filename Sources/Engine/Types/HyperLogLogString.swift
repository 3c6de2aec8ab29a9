/// A HyperLogLog's string while its registers are raised.
///
/// Either a key's own string, which is changed in place, or one that becomes a key's afterwards.
struct HyperLogLogString {
    private(set) var raw: RawString
    private(set) var isDense: Bool
    /// The arena whose entry refers to `raw` and that accounts for its size; nil while no key has it.
    private var arena: Arena?
    /// How many bytes a sparse one may have (`hll-sparse-max-bytes`).
    private let sparseLimit: Int

    /// One that nothing was added to.
    init(sparseLimit: Int) {
        let empty = HyperLogLog.empty
        // The array is a local that outlives its being copied.
        raw = RawString(unsafe empty.span.bytes)
        isDense = false
        self.sparseLimit = sparseLimit
    }

    /// The one that an entry holds; throws when it holds something else.
    init(_ entry: Entry, in arena: Arena, sparseLimit: Int) throws(CommandError) {
        isDense = try entry.withString { (bytes) throws(CommandError) in try !HyperLogLog(bytes).isSparse }
        if let own = entry.rawString {
            raw = own
            self.arena = arena
        } else {
            raw = RawString(entry.embedded)
        }
        self.sparseLimit = sparseLimit
    }

    /// Whether the string is the key's already, so that nothing has to be stored.
    var isStored: Bool { arena != nil }

    /// Lets a register have at least this value; tells whether it changed.
    mutating func raise(
        _ register: Int, to value: UInt8, _ cursor: inout HyperLogLog.SparseCursor
    ) throws(CommandError) -> Bool {
        if isDense { return raiseDense(register, to: value) }
        switch raiseSparse(register, to: value, &cursor) {
        case .kept: return false
        case .changed: return true
        case .corrupt: throw .corruptHyperLogLog
        case .needsDense:
            try makeDense()
            return raiseDense(register, to: value)
        }
    }

    /// Counts an element; tells whether a register changed.
    mutating func add(_ element: borrowing RawSpan) throws(CommandError) -> Bool {
        let place = HyperLogLog.place(of: element)
        var cursor = HyperLogLog.SparseCursor()
        return try raise(place.register, to: place.value, &cursor)
    }

    private func raiseDense(_ register: Int, to value: UInt8) -> Bool {
        raw.mutate { HyperLogLog.raiseDense(register, to: value, in: &$0) }
    }

    private func raiseSparse(
        _ register: Int, to value: UInt8, _ cursor: inout HyperLogLog.SparseCursor
    ) -> HyperLogLog.SparseChange {
        let count = raw.count
        var change = HyperLogLog.SparseChange.kept
        resize { raw in
            raw.ensureCount(count + HyperLogLog.sparseRoom)
            change = raw.mutate { bytes in
                HyperLogLog.raise(
                    register, to: value, in: &bytes, count: count, limit: sparseLimit, &cursor)
            }
            var kept = count
            if case .changed(let new) = change { kept = new }
            raw.truncate(to: kept)
        }
        return change
    }

    private func resize(_ body: (RawString) -> Void) {
        if let arena { arena.resize(raw, body) } else { body(raw) }
    }

    /// Changes to the dense encoding, in a string that no key has yet.
    mutating func makeDense() throws(CommandError) {
        if isDense { return }
        let dense = RawString(zeros: HyperLogLog.denseCount)
        let old = raw
        dense.mutate { $0.copy(old.bytes.extracting(0..<HyperLogLog.headerCount), at: 0) }
        dense.mutate { $0.storeBytes(of: 0, toByteOffset: 4, as: UInt8.self) }
        try HyperLogLog(old.bytes).forEachRun { first, run in
            if run.value == 0 { return }
            dense.mutate { bytes in
                for register in first..<first &+ run.length {
                    HyperLogLog.setDense(register, to: run.value, in: &bytes)
                }
            }
        }
        raw = dense
        isDense = true
        arena = nil
    }

    /// Raises all registers to those of `registers`, none of which is below this one's.
    mutating func raise(to registers: HyperLogLogRegisters) throws(CommandError) {
        var cursor = HyperLogLog.SparseCursor()
        var register = 0
        while !isDense, register < HyperLogLog.registerCount {
            let value = registers[register]
            if value > 0 { _ = try raise(register, to: value, &cursor) }
            register &+= 1
        }
        if isDense { raw.mutate { registers.store(in: &$0) } }
    }

    /// Marks the cardinality as out of date.
    func invalidateCardinality() {
        raw.mutate { HyperLogLog.invalidateCardinality(in: &$0) }
    }
}
