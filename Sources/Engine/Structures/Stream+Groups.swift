/// The groups that read a stream.
extension Stream {
    /// The group of this name.
    @inline(__always)
    func group(_ name: RawSpan) -> ConsumerGroup? {
        let index = groups.place(of: name)
        guard index < groups.count, groups[index].isNamed(name) else { return nil }
        return groups[index]
    }

    /// Makes a group of a name that none has.
    func makeGroup(_ name: RawSpan, lastID: StreamID, entriesRead: Int64?) {
        let group = ConsumerGroup(name: [UInt8](name), lastID: lastID, entriesRead: entriesRead, in: arena)
        state.groupBytes += group.memoryUse
        groups.insert(group, at: groups.place(of: name))
    }

    /// Deletes a group with all that is pending.
    func delete(_ group: ConsumerGroup) {
        state.groupBytes -= group.memoryUse
        groups.removeAll { $0 === group }
        DroppedValues.drop(group, into: arena.dropped)
    }

    /// Lets `body` change a group.
    @inline(__always)
    func change<R>(_ group: ConsumerGroup, _ body: (ConsumerGroup) -> R) -> R {
        let before = group.memoryUse
        defer { state.groupBytes &+= group.memoryUse &- before }
        return body(group)
    }

    /// Whether some group has yet to read or to acknowledge an entry.
    func isReferenced(_ id: StreamID) -> Bool {
        groups.contains { $0.lastID < id || $0.find(id) != nil }
    }

    /// Takes an entry from what is pending in any group; false if it was in none.
    @discardableResult
    func dropReferences(to id: StreamID) -> Bool {
        var dropped = false
        for group in groups {
            if change(group, { $0.acknowledge(id) }) { dropped = true }
        }
        return dropped
    }

    // MARK: How far a group has read

    /// Whether an entry above `id` was deleted by name.
    private func hasGaps(above id: StreamID) -> Bool {
        state.count > 0 && state.maxDeletedID != .zero && id <= state.maxDeletedID
    }

    /// How many entries were added up to `id`, as far as that can be told without counting.
    private func entriesAdded(through id: StreamID) -> Int64? {
        let added = Int64(bitPattern: state.entriesAdded)
        if added == 0 { return 0 }
        if state.count == 0, id <= state.lastID { return added }
        if id != .zero, id < state.maxDeletedID { return nil }
        if id == state.lastID { return added }
        if id > state.lastID { return nil }
        if state.maxDeletedID == .zero || state.maxDeletedID < state.firstID {
            if id < state.firstID { return added &- Int64(state.count) }
            if id == state.firstID { return added &- Int64(state.count) &+ 1 }
        }
        return nil
    }

    /// Notes that a group gets an entry behind its last.
    @inline(__always)
    func advance(_ group: ConsumerGroup, to id: StreamID) {
        if let read = group.entriesRead, !hasGaps(above: group.lastID) {
            group.entriesRead = read &+ 1
        } else if state.entriesAdded > 0 {
            group.entriesRead = entriesAdded(through: id)
        }
        group.lastID = id
    }

    /// How many entries a group has yet to read; nil if that is not known.
    func lag(of group: ConsumerGroup) -> Int64? {
        let added = Int64(bitPattern: state.entriesAdded)
        if added == 0 || state.count == 0 { return 0 }
        if group.lastID < state.firstID, state.maxDeletedID < state.firstID { return Int64(state.count) }
        if let read = group.entriesRead, !hasGaps(above: group.lastID) { return added &- read }
        return entriesAdded(through: group.lastID).map { added &- $0 }
    }
}
