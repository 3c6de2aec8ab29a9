import RESP

/// The end of fields of hashes whose time is over.
extension Keyspace {
    /// Deletes at most `most` fields of the hash at `slot` that are due before `now`, and tells so.
    ///
    /// The key goes with its last field. Returns how many fields were deleted.
    @inline(never)
    func expireFields(
        _ slot: inout KeySlot, _ key: RawSpan, before now: Int64, most: Int, _ dataset: Dataset
    ) -> Int {
        guard let entry = slot.entry, entry.mayHoldFieldDeadlines else {
            // Without such a hash nothing is due.
            fieldSchedule.set(key, hash: slot.hash, to: .max)
            return 0
        }
        let edit = editHash(slot)
        let removed = removeFirstFields(edit.value, key, before: now, most: most, dataset)
        put(edit, at: &slot, key: key)
        finishExpiry(of: removed, &slot, key, dataset)
        return removed
    }

    /// Deletes what is due of the hash at `slot` as far as a command needs it that will write.
    ///
    /// Besides at most `most` fields these are all that an argument names, whatever the argument means to
    /// the command: what is due may always go. So a command that is given its fields by name finds none
    /// that is due.
    @inline(never)
    func expireFields(
        _ slot: inout KeySlot, _ key: RawSpan, before now: Int64, most: Int, namedBy arguments: Arguments,
        _ dataset: Dataset
    ) {
        if expireWholeHash(&slot, key, before: now, largerThan: most, dataset) { return }
        var edit = editHash(slot)
        var removed = removeFirstFields(edit.value, key, before: now, most: most, dataset)
        if removed == most {
            for index in 2..<max(arguments.count, 2) {
                let field = arguments[index]
                guard let deadline = edit.value.deadline(of: field), deadline != 0, deadline < now else {
                    continue
                }
                dataset.effects.deletedField(key, field, in: number)
                removed += edit.value.remove(field, in: self) ? 1 : 0
            }
        }
        put(edit, at: &slot, key: key)
        finishExpiry(of: removed, &slot, key, dataset)
    }

    /// Deletes the key of `slot` at once if it is a hash of more than `limit` fields that are all due;
    /// others are told of the key alone.
    @inline(never)
    func expireWholeHash(
        _ slot: inout KeySlot, _ key: RawSpan, before now: Int64, largerThan limit: Int, _ dataset: Dataset
    ) -> Bool {
        guard let entry = slot.entry, entry.mayHoldFieldDeadlines else { return false }
        let hash = HashValue(entry)
        let count = hash.count()
        guard count > limit, hash.isDue(before: now) else { return false }
        remove(&slot)
        dataset.statistics.expiredFields &+= UInt64(count)
        dataset.effects.changedByServer(key, .hexpired, in: number)
        dataset.effects.deleted(key, .del, in: number, as: dataset.settings.wordForDueKeys)
        return true
    }

    /// Takes the fields that are due first out of a hash, and returns how many.
    private func removeFirstFields(
        _ hash: HashValue, _ key: RawSpan, before now: Int64, most: Int, _ dataset: Dataset
    ) -> Int {
        var removed = 0
        switch hash {
        case .packed: break
        case .packedWithDeadlines(let fields):
            while removed < most, fields.earliestFieldDeadline < now {
                fields.listpack.element(at: fields.listpack.start).withText {
                    dataset.effects.deletedField(key, $0, in: number)
                }
                fields.remove(at: fields.listpack.start)
                removed += 1
            }
        case .table(let table):
            while removed < most, table.earliestFieldDeadline < now, let first = table.firstDue {
                dataset.effects.deletedField(key, first.key, in: number)
                table.removeField(first, hash: table.table.hash(first.key))
                removed += 1
            }
        }
        return removed
    }

    /// Tells that so many fields are gone, and deletes the key if no other is left.
    private func finishExpiry(of removed: Int, _ slot: inout KeySlot, _ key: RawSpan, _ dataset: Dataset) {
        guard removed > 0 else { return }
        dataset.statistics.expiredFields &+= UInt64(removed)
        dataset.effects.changedByServer(key, .hexpired, in: number)
        if slot.entry?.isEmptyCollection == true {
            remove(&slot)
            dataset.effects.changedByServer(key, .del, in: number)
        }
    }
}
