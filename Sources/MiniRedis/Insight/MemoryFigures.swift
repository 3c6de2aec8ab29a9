import Engine
import Reactor

/// Where the server's memory is, in bytes.
struct MemoryFigures {
    /// In use: by `malloc`'s blocks and the keys' own.
    let used: Int
    let peak: Int
    let startup: Int
    /// Held by both allocators, whether in use or not.
    let held: Int
    /// What the kernel has given the process.
    let resident: Int
    /// Buffers of clients.
    let clients: Int
    /// Those with a hash table, be it empty, as in Redis 8.
    let keyspaces: [KeyspaceFigures]

    /// Hash tables, their entries aside, and deadline indexes.
    var tables: Int { keyspaces.reduce(0) { $0 + $1.tableBytes } }
    var buckets: Int { keyspaces.reduce(0) { $0 + $1.bucketBytes } }
    var deadlines: Int { keyspaces.reduce(0) { $0 + $1.deadlineBytes } }
    var keys: Int { keyspaces.reduce(0) { $0 + $1.keys } }

    /// All that is not keys and values.
    var overhead: Int { startup + clients + tables + deadlines }
    var dataset: Int { max(used - overhead, 0) }
    /// The share of keys and values in what was added since the start.
    var datasetShare: Double { 100 * Double(dataset) / Double(max(used - startup, 1)) }
    var peakShare: Double { 100 * Double(used) / Double(max(peak, 1)) }

    var fragmentation: Double { Double(resident) / Double(max(used, 1)) }
    var allocatorFragmentation: Double { Double(held) / Double(max(used, 1)) }
    var allocatorResident: Double { Double(resident) / Double(max(held, 1)) }
}

extension Database {
    /// Fresh figures.
    func memoryFigures(now: Int64) -> MemoryFigures {
        let used = usedMemory
        let mapped = dataset.mappedMemory
        insight.peakMemory = max(insight.peakMemory, used)
        return MemoryFigures(
            used: used, peak: insight.peakMemory,
            startup: environment.sharesProcess ? 0 : insight.startupMemory,
            held: used + memoryMeter.idle + max(mapped.held - mapped.used, 0),
            resident: ProcessMemory.resident(), clients: memoryMeter.clients,
            keyspaces: dataset.keyspaces.map { $0.figures(now: now) }.filter { $0.bucketBytes > 0 })
    }
}
