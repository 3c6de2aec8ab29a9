import CLinux
import Glibc

/// The process's memory as the C library and the kernel count it, in bytes.
package enum ProcessMemory {
    /// What `malloc` has handed out, and what it holds to hand out.
    package struct Heap: Sendable {
        package var used = 0
        package var held = 0
    }

    /// The first reading sets up what `malloc` has not yet where another allocator stands in for it, and must
    /// not be two threads' at once.
    private static let firstReading: Void = { _ = mallinfo2() }()

    /// A fresh reading; takes the locks of `malloc` for some microseconds.
    package static func heap() -> Heap {
        firstReading
        let info = mallinfo2()
        return Heap(used: Int(info.uordblks + info.hblkhd), held: Int(info.arena + info.hblkhd))
    }

    /// What is resident; 0 where `/proc` can't be read.
    package static func resident() -> Int {
        var text = [UInt8](repeating: 0, count: 256)
        // The path is a literal.
        let file = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { _ = close(file) }
        // The kernel writes at most the array's bytes.
        let count = unsafe text.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
        let fields = text.prefix(max(count, 0)).split(separator: UInt8(ascii: " "))
        guard fields.count > 1, let pages = Int(String(decoding: fields[1], as: UTF8.self)) else { return 0 }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    /// What the machine has.
    package static func machine() -> Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }

    /// Gives free pages of `malloc` back to the system.
    package static func trim() { _ = malloc_trim(0) }
}
