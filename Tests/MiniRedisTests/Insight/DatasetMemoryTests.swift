import RESP
import Reactor
import Testing

@testable import Engine

/// What the dataset says it occupies, beside what the process got for it.
///
/// Each test measures in a process of its own, where nobody else allocates.
@Suite struct DatasetMemoryTests {
    @Test(.besideMalloc) func smallValues() async {
        await #expect(processExitsWith: .success) {
            compareMemory { dataset in
                fill(dataset, keys: 100_000) { _ in 16 }
            }
        }
    }

    @Test(.besideMalloc) func smallValuesWithDeadlines() async {
        await #expect(processExitsWith: .success) {
            compareMemory { dataset in
                fill(dataset, keys: 100_000, hasDeadlines: true) { $0 % 40 }
            }
        }
    }

    @Test(.besideMalloc) func valuesOfTheirOwn() async {
        await #expect(processExitsWith: .success) {
            compareMemory { dataset in
                fill(dataset, keys: 20_000, hasDeadlines: true) { 256 + $0 * 7 % 3000 }
            }
        }
    }

    @Test(.besideMalloc) func bigValues() async {
        await #expect(processExitsWith: .success) {
            compareMemory { dataset in
                fill(dataset, keys: 300) { 50_000 + $0 * 1000 }
            }
        }
    }

    /// Values that are overwritten, appended to, deleted, copied, renamed and moved are counted once.
    @Test(.besideMalloc) func changedValues() async {
        await #expect(processExitsWith: .success) {
            // Nobody has touched the room to spare.
            compareMemory(isResident: false) { dataset in
                fill(dataset, keys: 4_000) { $0 % 7 * 900 }
                var call = Call(dataset, now: 1)
                for number in 0..<4_000 {
                    let (key, other) = (Array("key:\(number)".utf8), Array("other:\(number)".utf8))
                    // The arrays live until the end of the turn.
                    let (name, newName) = unsafe (key.span.bytes, other.span.bytes)
                    var slot = call.locate(name)
                    guard let entry = slot.entry else { continue }
                    switch number % 5 {
                    case 0: _ = call.appendString(name, at: &slot, newName, event: .append)
                    case 1: call.mutateString(name, at: &slot, count: 9_000, event: .setrange) { _ in }
                    case 2: call.remove(name, at: &slot)
                    case 3:
                        var target = call.locate(newName)
                        call.copy(entry, to: newName, at: &target, in: call.keyspace)
                    default:
                        var target = dataset.keyspaces[1].locate(name)
                        call.move(name, at: &slot, to: dataset.keyspaces[1], at: &target)
                    }
                }
            }
        }
    }

    /// Nothing is left of it in the account when all is gone, whichever way it went.
    @Test(arguments: [false, true]) func nothingIsLeft(flushes: Bool) {
        let dataset = Dataset(databases: 2, seed: (1, 2))
        let empty = dataset.memoryUse
        fill(dataset, keys: 3_000, hasDeadlines: true) { $0 % 1_000 }
        #expect(dataset.memoryUse > empty + 1 << 20)
        if flushes {
            _ = dataset.keyspaces[0].flush(into: dataset.discarded)
            while !dataset.discarded.releaseSome(blocks: 100) {}
            #expect(dataset.discarded.memoryUse == 0)
        } else {
            var call = Call(dataset, now: 1)
            for number in 0..<3_000 {
                let key = Array("key:\(number)".utf8)
                // The array lives until the end of the turn.
                let name = unsafe key.span.bytes
                var slot = call.locate(name)
                call.remove(name, at: &slot)
            }
        }
        #expect(dataset.keyspaces[0].arena.objectBytes == 0)
        // Pages are kept for the next need, and so are the table's first bucket and longer lists.
        #expect(dataset.memoryUse <= empty + (Arena.reservedPages + 1) * Page.byteCount + 4096)
    }
}

extension Trait where Self == ConditionTrait {
    /// Only where the C library's allocator is in use, which tells what it has handed out.
    fileprivate static var besideMalloc: Self {
        .enabled(if: ProcessMemory.heap().used > 0, "a sanitizer's allocator tells nothing")
    }
}

/// Stores keys with values of bytes that are no number.
private func fill(
    _ dataset: Dataset, keys: Int, hasDeadlines: Bool = false, size: (Int) -> Int
) {
    var call = Call(dataset, now: 1)
    for number in 0..<keys {
        let key = Array("key:\(number)".utf8)
        let value = [UInt8](repeating: 120, count: size(number))
        // Both arrays live until the end of the turn.
        let (name, bytes) = unsafe (key.span.bytes, value.span.bytes)
        var slot = call.locate(name)
        call.store(name, at: &slot, string: bytes, event: .set)
        if hasDeadlines { call.setDeadline(name, at: &slot, to: Int64(number) + 1000, event: .expire) }
    }
}

/// Compares the dataset's growth with that of `malloc`'s blocks and of what is resident.
private func compareMemory(isResident: Bool = true, _ build: (Dataset) -> Void) {
    let dataset = Dataset(databases: 2, seed: (1, 2))
    let before = (own: dataset.memoryUse, heap: ProcessMemory.heap().used, resident: ProcessMemory.resident())
    build(dataset)
    ProcessMemory.trim()
    let told = Double(dataset.memoryUse - before.own)
    let pages = dataset.keyspaces.reduce(0) { $0 + $1.arena.bytesReserved - $1.arena.state.largeBytes }
    // Segments of a table from 64 KiB on are mapped, like pages; all else is from `malloc`.
    let mapped = Double(pages + dataset.keyspaces.reduce(0) { $0 + $1.table.mappedBytes })
    let heap = Double(ProcessMemory.heap().used - before.heap)
    let resident = Double(ProcessMemory.resident() - before.resident)
    // Both sides in case of failure, and the slack of a page's end for the few that there are.
    let slack = Double(4 * Page.byteCount)
    #expect(abs(told - mapped - heap) < 0.02 * heap + slack, "told \(told), mapped \(mapped), heap \(heap)")
    guard isResident else { return }
    #expect(abs(told - resident) < 0.04 * resident + 2 * slack, "told \(told), resident \(resident)")
}
