/// What an entry refers to when its value is not stored inside the entry itself.
///
/// Raw strings, lists, hashes and so on are subclasses; the entry's `Kind` tells which.
class Value {
    /// The bytes that this value occupies, itself included.
    var memoryUse: Int { 0 }

    /// Whether an arena counts the value among its objects, which it does once an entry has it.
    ///
    /// A type that is changed before an entry has it overrides this with a property of its own.
    var isCounted: Bool {
        get { true }
        set {}
    }

    /// Whether the value is a collection without elements.
    var isEmpty: Bool { false }

    /// The earliest deadline of any field, if this is a hash; the end of time if there is none.
    var earliestFieldDeadline: Int64 { .max }

    /// Mixes what the value holds into a digest; equal contents, however they are kept, mix equally.
    func mix(into digest: inout DatasetDigest) {}

    /// A value of its own with the same contents, as COPY makes it.
    func copy() -> Value {
        guard let copy = beginCopy() else { preconditionFailure("a value says itself how it is copied") }
        var next = 0
        while copySome(.max, from: &next, to: copy) {}
        return copy
    }

    /// How many elements, as `copySome` counts them, have to be copied.
    var copyCost: Int { releaseCost }

    /// An empty value that `copySome` is to fill; nil if it takes no time to copy this one at once.
    func beginCopy() -> Value? { nil }

    /// Copies about so many elements more, from `next` on, which is 0 at first, into what `beginCopy` made;
    /// false if those were the last.
    func copySome(_ elements: Int, from next: inout Int, to copy: Value) -> Bool { false }

    /// About how many blocks have to be freed to get rid of the value; a page of a long block counts as one.
    ///
    /// What costs more than `DroppedValues.threshold` is not freed at once when its key lets go.
    var releaseCost: Int { 1 }

    /// Frees about so many blocks of a value that nobody uses any more; true when little is left of it.
    ///
    /// Types whose `releaseCost` may be high override it. Afterwards the value is only released.
    func releaseSome(blocks budget: Int) -> Bool { true }

    init() {}
}

/// Type and encoding of an entry's value, in five bits.
///
/// Strings below `firstBlock` are stored inside the entry; from there on, small collections live in a block
/// of the entry's arena; from `firstObject` on, entries hold a reference to a `Value`.
struct Kind: Equatable, BitwiseCopyable, Sendable {
    let rawValue: UInt8

    @inline(__always)
    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// An integer of 64 bits; OBJECT ENCODING answers `int`.
    static var int: Kind { @inline(__always) get { Kind(rawValue: 0) } }
    /// A short string inside the entry; OBJECT ENCODING answers `embstr`.
    static var embedded: Kind { @inline(__always) get { Kind(rawValue: 1) } }
    /// A string inside the entry that is too long for `embstr`, or was written to: `raw`.
    static var raw: Kind { @inline(__always) get { Kind(rawValue: 2) } }
    /// A small list: a `Listpack`.
    static var packedList: Kind { @inline(__always) get { Kind(rawValue: 3) } }
    /// A small hash: a `Listpack` of fields, each with its value behind it.
    static var packedHash: Kind { @inline(__always) get { Kind(rawValue: 4) } }
    /// A small set: a `Listpack`.
    static var packedSet: Kind { @inline(__always) get { Kind(rawValue: 5) } }
    /// A small sorted set: a `Listpack` of members, each with its score behind it, in order.
    static var packedSortedSet: Kind { @inline(__always) get { Kind(rawValue: 6) } }
    /// A small set of whole numbers: an `IntSet`.
    static var integerSet: Kind { @inline(__always) get { Kind(rawValue: 7) } }
    /// A `RawString` of its own; OBJECT ENCODING answers `raw`.
    static var rawObject: Kind { @inline(__always) get { Kind(rawValue: 8) } }

    /// A `Quicklist`.
    static var list: Kind { @inline(__always) get { Kind(rawValue: 9) } }
    /// A hash's `FieldTable`.
    static var hash: Kind { @inline(__always) get { Kind(rawValue: 10) } }
    /// A small hash some of whose fields have deadlines.
    static var packedHashWithDeadlines: Kind { @inline(__always) get { Kind(rawValue: 11) } }
    /// A set's `MemberTable`.
    static var set: Kind { @inline(__always) get { Kind(rawValue: 12) } }
    /// A sorted set's table and order.
    static var sortedSet: Kind { @inline(__always) get { Kind(rawValue: 13) } }
    /// A stream.
    static var stream: Kind { @inline(__always) get { Kind(rawValue: 14) } }

    /// The first kind whose entries hold the address of a block.
    static var firstBlock: UInt8 { @inline(__always) get { 3 } }
    /// The first kind whose entries hold a reference; there are 24 of them.
    static var firstObject: UInt8 { @inline(__always) get { 8 } }
    /// The last kind that fits in the entry's five bits.
    static var last: UInt8 { @inline(__always) get { 31 } }

    /// Whether entries of this kind hold a reference to a `Value`.
    var holdsObject: Bool { @inline(__always) get { rawValue >= Kind.firstObject } }
    /// Whether entries of this kind hold the address of a block in their arena.
    var holdsBlock: Bool {
        @inline(__always) get { rawValue >= Kind.firstBlock && rawValue < Kind.firstObject }
    }
    /// Whether entries of this kind hold a string's bytes.
    var holdsBytes: Bool { @inline(__always) get { rawValue == 1 || rawValue == 2 } }
}
