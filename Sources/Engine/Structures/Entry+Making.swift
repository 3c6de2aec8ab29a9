/// Making, reshaping and freeing entries.
///
/// A function that reshapes may move the entry: it frees the old block and returns the new handle,
/// which differs from the old one if and only if it moved. The caller then tells the table
/// (`replace`) and, with a deadline, the index (`entryMoved`).
extension Entry {
    /// The bytes of an entry before its value.
    @inline(__always)
    private static func prefixSize(keyCount: Int, hasDeadline: Bool) -> Int {
        5 &+ (keyCount > 255 ? 3 : 0) &+ (hasDeadline ? 4 : 0) &+ keyCount
    }

    /// A block with header and key written; the value area is still undefined.
    @inline(__always)
    private static func make(
        key: borrowing RawSpan, valueSize: Int, kind: Kind, hasDeadline: Bool, clock: UInt32, in arena: Arena
    ) -> Entry {
        let keyCount = key.byteCount
        let size = prefixSize(keyCount: keyCount, hasDeadline: hasDeadline) &+ valueSize
        // The block is as large as the layout of `Entry` asks for.
        let entry = unsafe Entry(pointer: arena.allocate(size))
        let flags = (hasDeadline ? deadlineFlag : 0) | (keyCount > 255 ? wideKeyFlag : 0)
        entry.store(clock & clockMask | UInt32(kind.rawValue | flags) &<< 24, at: 0)
        if keyCount > 255 {
            entry.store(UInt32(truncatingIfNeeded: keyCount), at: 4)
        } else {
            entry.store(UInt8(truncatingIfNeeded: keyCount), at: 4)
        }
        // As above.
        unsafe Bytes.copy(key, to: entry.pointer + entry.keyOffset)
        return entry
    }

    /// A new entry with a number.
    @inline(__always)
    static func make(
        key: borrowing RawSpan, integer: Int64, hasDeadline: Bool = false, clock: UInt32 = 0, in arena: Arena
    ) -> Entry {
        let entry = make(
            key: key, valueSize: 8, kind: .int, hasDeadline: hasDeadline, clock: clock, in: arena)
        entry.store(integer, at: entry.valueOffset)
        return entry
    }

    /// A new entry with a copy of at most `largestEmbeddedValue` bytes; the kind is `embedded` or `raw`.
    @inline(__always)
    static func make(
        key: borrowing RawSpan, embedding bytes: borrowing RawSpan, kind: Kind = .embedded,
        hasDeadline: Bool = false, clock: UInt32 = 0, in arena: Arena
    ) -> Entry {
        let count = bytes.byteCount
        precondition(count <= largestEmbeddedValue && kind.holdsBytes)
        let entry = make(
            key: key, valueSize: 1 &+ count, kind: kind, hasDeadline: hasDeadline, clock: clock, in: arena)
        entry.storeEmbedded(bytes)
        return entry
    }

    /// A new entry that retains an object.
    static func make(
        key: borrowing RawSpan, object: Value, kind: Kind, hasDeadline: Bool = false, clock: UInt32 = 0,
        in arena: Arena
    ) -> Entry {
        precondition(kind.holdsObject && kind.rawValue <= Kind.last)
        let entry = make(
            key: key, valueSize: 8, kind: kind, hasDeadline: hasDeadline, clock: clock, in: arena)
        entry.storeObject(object, in: arena)
        return entry
    }

    /// A new entry that owns a listpack of the same arena.
    static func make(
        key: borrowing RawSpan, listpack: Listpack, kind: Kind, hasDeadline: Bool = false,
        clock: UInt32 = 0, in arena: Arena
    ) -> Entry {
        let entry = make(
            key: key, valueSize: 8, kind: kind, hasDeadline: hasDeadline, clock: clock, in: arena)
        entry.listpack = listpack
        return entry
    }

    /// A new entry that owns a set of numbers of the same arena.
    static func make(
        key: borrowing RawSpan, integerSet: IntSet, hasDeadline: Bool = false, clock: UInt32 = 0,
        in arena: Arena
    ) -> Entry {
        let entry = make(
            key: key, valueSize: 8, kind: .integerSet, hasDeadline: hasDeadline, clock: clock, in: arena)
        entry.integerSet = integerSet
        return entry
    }

    /// Frees what the entry refers to, if anything, and gives the block back.
    @inline(__always)
    func free(in arena: Arena) {
        let size = self.size
        if kind.rawValue >= Kind.firstBlock { releaseValue(in: arena) }
        // The block has this size by construction, and the caller gives the handle up.
        unsafe arena.deallocate(pointer, size)
    }

    // MARK: Exchanging blocks

    /// Takes a listpack of the same arena in the place of a block that the caller has freed or changed.
    @inline(__always)
    func exchangeBlock(for listpack: Listpack, kind: Kind) {
        assert(self.kind.holdsBlock && kind.holdsBlock)
        tagByte = tagByte & ~Entry.kindMask | kind.rawValue
        self.listpack = listpack
    }

    /// Takes a set of numbers of the same arena in the place of a block that the caller has freed or changed.
    @inline(__always)
    func exchangeBlock(for integerSet: IntSet) {
        assert(kind.holdsBlock)
        tagByte = tagByte & ~Entry.kindMask | Kind.integerSet.rawValue
        self.integerSet = integerSet
    }

    /// Takes an object in the place of a block that the caller has freed.
    func exchangeBlock(for object: Value, kind: Kind, in arena: Arena) {
        assert(self.kind.holdsBlock && kind.holdsObject)
        tagByte = tagByte & ~Entry.kindMask | kind.rawValue
        storeObject(object, in: arena)
    }

    // MARK: Reshaping

    /// Gives the entry another value, a number.
    @inline(__always)
    func replaceValue(integer: Int64, in arena: Arena) -> Entry {
        let entry = reshaped(valueSize: 8, kind: .int, in: arena)
        entry.store(integer, at: entry.valueOffset)
        return entry
    }

    /// Gives the entry another value, a copy of some bytes, which must not be the entry's own.
    @inline(__always)
    func replaceValue(
        embedding bytes: borrowing RawSpan, kind: Kind = .embedded, in arena: Arena
    ) -> Entry {
        precondition(bytes.byteCount <= Entry.largestEmbeddedValue && kind.holdsBytes)
        let entry = reshaped(valueSize: 1 &+ bytes.byteCount, kind: kind, in: arena)
        entry.storeEmbedded(bytes)
        return entry
    }

    /// Gives the entry another value, an object.
    func replaceValue(object: Value, kind: Kind, in arena: Arena) -> Entry {
        precondition(kind.holdsObject && kind.rawValue <= Kind.last)
        let entry = reshaped(valueSize: 8, kind: kind, in: arena)
        entry.storeObject(object, in: arena)
        return entry
    }

    /// Gives the entry another value, a listpack of the same arena.
    func replaceValue(listpack: Listpack, kind: Kind, in arena: Arena) -> Entry {
        precondition(kind.holdsBlock)
        let entry = reshaped(valueSize: 8, kind: kind, in: arena)
        entry.listpack = listpack
        return entry
    }

    /// Lengthens an embedded value to `count` bytes (the new ones zero), or shortens it.
    func resizeEmbedded(to count: Int, kind: Kind = .raw, in arena: Arena) -> Entry {
        precondition(count <= Entry.largestEmbeddedValue && kind.holdsBytes)
        let old = size
        let kept = embeddedCount
        let new = valueOffset &+ 1 &+ count
        var entry = self
        if Arena.roundedSize(old) != Arena.roundedSize(new) {
            // The new block has room for `new` bytes, and the old one for `old`.
            entry = unsafe Entry(pointer: arena.allocate(new))
            // As above.
            unsafe entry.pointer.copyMemory(from: pointer, byteCount: min(old, new))
            // As above; the old handle is given up.
            unsafe arena.deallocate(pointer, old)
        }
        entry.tagByte = entry.tagByte & ~Entry.kindMask | kind.rawValue
        entry.store(UInt8(count), at: entry.valueOffset)
        if count > kept {
            entry.mutateEmbedded { bytes in
                for index in kept..<count { bytes.storeBytes(of: 0, toByteOffset: index, as: UInt8.self) }
            }
        }
        return entry
    }

    /// Makes or removes the room for a position in the deadline index; the value stays.
    func setHasDeadline(_ hasDeadline: Bool, in arena: Arena) -> Entry {
        if hasDeadline == self.hasDeadline { return self }
        let old = size
        let oldKeyOffset = keyOffset
        let new = hasDeadline ? old &+ 4 : old &- 4
        var entry = self
        if Arena.roundedSize(old) != Arena.roundedSize(new) {
            // Header and length are at most eight bytes, and every block has eight.
            entry = unsafe Entry(pointer: arena.allocate(new))
            entry.store(load(0, UInt64.self), at: 0)
        }
        entry.tagByte = entry.tagByte & ~Entry.deadlineFlag | (hasDeadline ? Entry.deadlineFlag : 0)
        let length = old &- oldKeyOffset
        // From the key on everything moves by four bytes; both blocks have room for their layout.
        unsafe entry.pointer.advanced(by: entry.keyOffset)
            .copyMemory(from: pointer + oldKeyOffset, byteCount: length)
        // The old handle is given up.
        if entry != self { unsafe arena.deallocate(pointer, old) }
        return entry
    }

    /// An entry with this one's header and key, and room for another value; the old value is gone.
    @inline(__always)
    private func reshaped(valueSize: Int, kind: Kind, in arena: Arena) -> Entry {
        let old = size
        let new = valueOffset &+ valueSize
        if self.kind.rawValue >= Kind.firstBlock { releaseValue(in: arena) }
        var entry = self
        if Arena.roundedSize(old) != Arena.roundedSize(new) {
            // Both blocks hold everything before the value.
            entry = unsafe Entry(pointer: arena.allocate(new))
            // As above.
            unsafe entry.pointer.copyMemory(from: pointer, byteCount: valueOffset)
            // The old handle is given up.
            unsafe arena.deallocate(pointer, old)
        }
        entry.tagByte = entry.tagByte & ~Entry.kindMask | kind.rawValue
        return entry
    }

    // MARK: Parts

    @inline(__always)
    private func storeEmbedded(_ bytes: borrowing RawSpan) {
        let offset = valueOffset
        store(UInt8(truncatingIfNeeded: bytes.byteCount), at: offset)
        // The block was made for this many bytes.
        unsafe Bytes.copy(bytes, to: pointer + offset + 1)
    }

    private func storeObject(_ object: Value, in arena: Arena) {
        arena.state.objectCount += 1
        arena.state.objectBytes += object.memoryUse
        object.isCounted = true
        // Released again by `free` or by the next value.
        unsafe store(UInt(bitPattern: Unmanaged.passRetained(object).toOpaque()), at: valueOffset)
    }

    @inline(never)
    private func releaseValue(in arena: Arena) {
        if kind.holdsObject {
            arena.state.objectCount -= 1
            abandon(in: arena)
        } else if kind == .integerSet {
            integerSet.free(in: arena)
        } else {
            listpack.free(in: arena)
        }
    }

    /// Releases the object of an entry whose block will be dropped with its arena.
    func abandon(in arena: Arena) {
        guard kind.holdsObject else { return }
        arena.state.objectBytes -= withObject(\.memoryUse)
        // The entry retained it and gives it up now.
        DroppedValues.drop(unsafe unmanaged.takeRetainedValue(), into: arena.dropped)
    }
}
