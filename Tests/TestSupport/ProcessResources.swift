import Glibc
import Reactor

/// What this process holds of the system's: for tests of what is given back.
public struct ProcessResources: Equatable, Sendable, CustomStringConvertible {
    /// What its descriptors stand for: paths, and kinds with a number for those that have none.
    public var descriptors: [String]
    /// The names of its threads.
    public var threads: [String]

    /// A fresh reading.
    public static func now() -> ProcessResources {
        // The listing itself is one descriptor, which is gone when its target is read.
        let descriptors = list("/proc/self/fd").compactMap { link("/proc/self/fd/\($0)") }
        let threads = list("/proc/self/task").compactMap { number -> String? in
            guard let bytes = try? Files.read("/proc/self/task/\(number)/comm") else { return nil }
            return String(decoding: bytes.filter { $0 != 10 }, as: UTF8.self)
        }
        return ProcessResources(descriptors: descriptors.sorted(), threads: threads.sorted())
    }

    /// Bytes that `malloc` has handed out and not got back.
    public static func heapBytes() -> Int { ProcessMemory.heap().used }

    /// Bytes of the process that are resident.
    public static func residentBytes() -> Int { ProcessMemory.resident() }

    public var description: String { "descriptors \(descriptors), threads \(threads)" }

    private static func list(_ directory: String) -> [String] {
        // The stream is closed below, and an entry lives until the next is read.
        guard let stream = unsafe opendir(directory) else { return [] }
        defer { _ = unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            // The name ends with a zero within its array.
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    private static func link(_ path: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: 512)
        // The kernel writes at most the array's bytes, and no closing zero.
        let count = unsafe bytes.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return 0 }
            // As above.
            return unsafe readlink(path, start, bytes.count)
        }
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
