import Engine
import RESP

extension MemoryFigures {
    /// MEMORY STATS: Redis's fields; what does not exist here is zero.
    func write(to reply: inout ReplyWriter) {
        let before: [(StaticString, Int)] = [
            ("peak.allocated", peak), ("total.allocated", used), ("startup.allocated", startup),
            ("replication.backlog", 0), ("clients.slaves", 0), ("clients.normal", clients),
            ("cluster.links", 0),
            ("aof.buffer", 0), ("lua.caches", 0), ("functions.caches", 0),
        ]
        let between: [(StaticString, Int)] = [
            ("overhead.db.hashtable.lut", buckets), ("overhead.db.hashtable.rehashing", 0),
            ("overhead.total", overhead), ("db.dict.rehashing.count", 0), ("keys.count", keys),
            ("keys.bytes-per-key", keys == 0 ? 0 : max(used - startup, 0) / keys), ("dataset.bytes", dataset),
        ]
        let allocator: [(StaticString, Int)] = [
            ("allocator.allocated", used), ("allocator.active", held), ("allocator.resident", resident),
            ("allocator.muzzy", 0),
        ]
        let ratios: [(StaticString, Double, StaticString, Int)] = [
            (
                "allocator-fragmentation.ratio", allocatorFragmentation, "allocator-fragmentation.bytes",
                held - used
            ),
            ("allocator-rss.ratio", allocatorResident, "allocator-rss.bytes", resident - held),
            ("rss-overhead.ratio", 1, "rss-overhead.bytes", 0),
            ("fragmentation", fragmentation, "fragmentation.bytes", resident - used),
        ]
        reply.map(before.count + keyspaces.count + between.count + 2 + allocator.count + ratios.count * 2)
        reply.fields(before)
        for keyspace in keyspaces {
            reply.bulk(text: "db.\(keyspace.number)")
            reply.map(2)
            reply.fields([
                ("overhead.hashtable.main", keyspace.tableBytes),
                ("overhead.hashtable.expires", keyspace.deadlineBytes),
            ])
        }
        reply.fields(between)
        reply.field("dataset.percentage", datasetShare)
        reply.field("peak.percentage", peakShare)
        reply.fields(allocator)
        for (ratio, value, bytes, count) in ratios {
            reply.field(ratio, value)
            reply.fields([(bytes, count)])
        }
    }

    /// Bytes below which a verdict would mean nothing.
    private static let leastMemory = 5 << 20
    /// Waste below which nobody need care.
    private static let leastWaste = 10 << 20
    /// A client's buffers above this are worth a word.
    private static let largeClient = 200 << 10

    /// MEMORY DOCTOR: what exceeds the bounds that Redis has for the same.
    func diagnosis(clients count: Int) -> String {
        if used < Self.leastMemory { return "There is too little data here to judge by.\n" }
        var findings: [String] = []
        if Double(peak) > 1.5 * Double(used) {
            findings.append(
                "Peak: the server once used \(DecimalText.bytes(peak)), now \(DecimalText.bytes(used));"
                    + " some of the difference may still be held.")
        }
        if fragmentation > 1.4, resident - used > Self.leastWaste {
            findings.append(
                "Resident: the process holds \(DecimalText.bytes(resident - used)) more than is in use."
                    + " MEMORY PURGE may return some of it.")
        }
        if allocatorFragmentation > 1.1, held - used > Self.leastWaste {
            findings.append(
                "Fragmentation: \(DecimalText.bytes(held - used)) lie unused between blocks in use.")
        }
        if count > 0, clients / count > Self.largeClient {
            findings.append(
                "Clients: their buffers take \(DecimalText.bytes(clients / count)) each."
                    + " CLIENT LIST shows who does not read what it asked for.")
        }
        if findings.isEmpty { return "Nothing looks wrong with the memory.\n" }
        return findings.map { " * \($0)\n" }.joined()
    }
}

extension ReplyWriter {
    fileprivate mutating func fields(_ fields: [(StaticString, Int)]) {
        for (name, value) in fields {
            bulk(name)
            integer(value)
        }
    }

    fileprivate mutating func field(_ name: StaticString, _ value: Double) {
        bulk(name)
        double(text: DecimalText.shortest(value))
    }
}
