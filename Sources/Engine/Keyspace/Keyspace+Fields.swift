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
        var removed = 0
        switch edit.value {
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
        put(edit, at: &slot, key: key)
        guard removed > 0 else { return 0 }
        dataset.statistics.expiredFields &+= UInt64(removed)
        dataset.effects.changedByServer(key, .hexpired, in: number)
        if slot.entry?.isEmptyCollection == true {
            remove(&slot)
            dataset.effects.changedByServer(key, .del, in: number)
        }
        return removed
    }
}
