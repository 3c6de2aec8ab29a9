import RESP

/// Adding entries to streams from the words of a command.
extension Stream {
    /// Adds an entry whose ID is above all before; the arguments from `first` on are its fields and values.
    ///
    /// `textBytes` is the length of them all.
    @inline(__always)
    func append(
        _ id: StreamID, _ arguments: Arguments, from first: Int, textBytes: Int, _ limits: CollectionLimits
    ) {
        assert(id > state.lastID)
        let arena = arena
        if let path = state.nodes.last, !state.nodes[path].isFull(for: textBytes, limits) {
            change(path) { $0.append(id, arguments, from: first, textBytes: textBytes, in: arena) }
        } else {
            if let path = state.nodes.last { change(path) { $0.trimRoom(in: arena) } }
            append(StreamNode(id, arguments, from: first, textBytes: textBytes, in: arena))
        }
        state.count &+= 1
        state.entriesAdded &+= 1
        state.lastID = id
        if state.count == 1 { state.firstID = id }
    }
}

extension StreamNode {
    /// A node with its first entry, whose fields are those of the master.
    fileprivate init(
        _ id: StreamID, _ arguments: Arguments, from first: Int, textBytes: Int, in arena: Arena
    ) {
        let texts = arguments.count - first
        self.init(id, room: Self.room(texts: texts * 2, textBytes: textBytes * 2), in: arena)
        var writer = Writer(listpack, at: listpack.start)
        writer.write(1)
        writer.write(0)
        writer.write(Int64(texts / 2))
        for index in stride(from: first, to: arguments.count, by: 2) { writer.write(arguments[index]) }
        writer.write(0)
        writer.finish()
        write(id, arguments, from: first, hasSameFields: true)
        countFirst()
    }

    /// Adds an entry behind all others.
    @inline(__always)
    fileprivate mutating func append(
        _ id: StreamID, _ arguments: Arguments, from first: Int, textBytes: Int, in arena: Arena
    ) {
        beginEntry(texts: arguments.count - first, textBytes: textBytes, in: arena)
        write(id, arguments, from: first, hasSameFields: hasMasterFields(arguments, from: first))
    }

    /// Whether every second argument from `first` on is a field of the master, in order.
    @inline(__always)
    private func hasMasterFields(_ arguments: Arguments, from first: Int) -> Bool {
        let (count, start) = masterFields
        guard (arguments.count - first) / 2 == count else { return false }
        let list = listpack
        var offset = start
        for index in stride(from: first, to: arguments.count, by: 2) {
            if !list.element(at: offset).equals(arguments[index]) { return false }
            offset = list.index(after: offset)
        }
        return true
    }

    /// Writes an entry where there is room.
    @inline(__always)
    private func write(_ id: StreamID, _ arguments: Arguments, from first: Int, hasSameFields: Bool) {
        var writer = Writer(listpack, at: listpack.end)
        writer.write(hasSameFields ? Self.sameFieldsFlag : 0)
        writer.write(Int64(bitPattern: id.milliseconds &- self.id.milliseconds))
        writer.write(Int64(bitPattern: id.sequence &- self.id.sequence))
        let fields = (arguments.count - first) / 2
        if hasSameFields {
            for index in stride(from: first + 1, to: arguments.count, by: 2) {
                writer.write(arguments[index])
            }
            writer.write(Int64(fields + 3))
        } else {
            writer.write(Int64(fields))
            for index in first..<arguments.count { writer.write(arguments[index]) }
            writer.write(Int64(fields * 2 + 4))
        }
        writer.finish()
    }
}
