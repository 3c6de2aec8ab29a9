import CLinux

/// The C library's allocator, whose defaults suit batch programs.
package enum MemoryAllocator {
    /// Has freed blocks merged with their neighbours at once, one by one.
    ///
    /// By default small ones are collected in "fastbins" and merged all together when a big block is
    /// wanted: after a million small values were freed that takes a tenth of a second.
    package static func boundPauses() {
        _ = mallopt(M_MXFAST, 0)
    }
}
