/// The value area: numbers, bytes and references.
extension Entry {
    /// The number of an entry of kind `int`.
    var integer: Int64 {
        @inline(__always) get {
            assert(kind == .int)
            return load(valueOffset, Int64.self)
        }
        @inline(__always) nonmutating set {
            assert(kind == .int)
            store(newValue, at: valueOffset)
        }
    }

    /// How many bytes the value of an entry of kind `embedded` or `raw` has.
    var embeddedCount: Int {
        @inline(__always) get {
            assert(kind.holdsBytes)
            return Int(load(valueOffset, UInt8.self))
        }
    }

    /// The value's bytes, for kinds `embedded` and `raw`.
    var embedded: RawSpan {
        @_lifetime(borrow self) @inline(__always) get {
            assert(kind.holdsBytes)
            return span(valueOffset &+ 1, embeddedCount)
        }
    }

    /// Lends the bytes of an embedded value for writing in place; their count stays.
    @inline(__always)
    func mutateEmbedded<R>(_ body: (inout MutableRawSpan) -> R) -> R {
        assert(kind.holdsBytes)
        let offset = valueOffset
        let count = Int(load(offset, UInt8.self))
        // The value's bytes end where the entry ends.
        let bytes = unsafe UnsafeMutableRawBufferPointer(start: pointer + offset + 1, count: count)
        // The span does not leave `body`.
        var span = unsafe MutableRawSpan(_unsafeBytes: bytes)
        return body(&span)
    }

    /// The listpack of an entry of a packed kind; the setter tells where a change has moved it.
    var listpack: Listpack {
        @inline(__always) get {
            assert(kind.holdsBlock && kind != .integerSet)
            // The entry owns the block, which is one of this kind.
            return unsafe Listpack(pointer: block)
        }
        @inline(__always) nonmutating set {
            assert(kind.holdsBlock && kind != .integerSet)
            // Only the address is stored.
            unsafe store(UInt(bitPattern: newValue.pointer), at: valueOffset)
        }
    }

    /// The numbers of an entry of kind `integerSet`; the setter tells where a change has moved them.
    var integerSet: IntSet {
        @inline(__always) get {
            assert(kind == .integerSet)
            // As in `listpack`.
            return unsafe IntSet(pointer: block)
        }
        @inline(__always) nonmutating set {
            assert(kind == .integerSet)
            // As in `listpack`.
            unsafe store(UInt(bitPattern: newValue.pointer), at: valueOffset)
        }
    }

    /// The address that an entry of a kind with a block holds.
    @unsafe @inline(__always)
    private var block: UnsafeMutableRawPointer {
        // Stored by `storeBlock` or a setter, so never zero.
        unsafe UnsafeMutableRawPointer(bitPattern: load(valueOffset, UInt.self)).unsafelyUnwrapped
    }

    /// The bytes that the block or the object takes which the entry refers to.
    var outsideMemoryUse: Int {
        if kind.holdsObject { return withObject(\.memoryUse) }
        guard kind.holdsBlock else { return 0 }
        return kind == .integerSet ? integerSet.memoryUse : listpack.memoryUse
    }

    /// The object that the entry refers to; only with `kind.holdsObject`.
    var object: Value {
        // An entry of such a kind holds a reference that it retains.
        @inline(__always) get { unsafe unmanaged.takeUnretainedValue() }
    }

    /// Lends the object without retaining it: `body` must not free the entry or change its value.
    @inline(__always)
    func withObject<R>(_ body: (Value) -> R) -> R {
        // The entry retains the object and stays as it is meanwhile.
        unsafe unmanaged._withUnsafeGuaranteedRef { body($0) }
    }

    /// The reference of an entry of an object kind.
    @unsafe @inline(__always)
    var unmanaged: Unmanaged<Value> {
        assert(kind.holdsObject)
        // Stored by `storeObject`, so never zero.
        let address = unsafe UnsafeRawPointer(bitPattern: load(valueOffset, UInt.self)).unsafelyUnwrapped
        // Made by `passRetained` from a `Value`.
        return unsafe Unmanaged<Value>.fromOpaque(address)
    }
}
