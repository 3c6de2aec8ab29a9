import CLinux
import Glibc

/// What a process may want to know of itself.
package enum ThisProcess {
    package static var id: Int32 { getpid() }

    /// How many processors the machine lets run at present; at least one.
    package static var processors: Int { max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1) }

    /// The program's own file; `nil` where `/proc` can't be read.
    package static var executablePath: String? {
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        // The kernel writes at most the array's bytes, and no closing zero.
        let count = unsafe bytes.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return 0 }
            // As above.
            return unsafe readlink("/proc/self/exe", start, bytes.count)
        }
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }

    /// Bytes that nobody can guess, from the kernel (`getrandom`).
    package static func randomBytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let used = filled
            // The kernel writes at most what is left of the array.
            let got = unsafe bytes.withUnsafeMutableBytes { bytes in
                // As above.
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[used...])
                // As above.
                return uninterrupted { unsafe getrandom(rest.baseAddress, rest.count, 0) }
            }
            precondition(got > 0, "getrandom fails only on a wrong argument")
            filled += got
        }
        return bytes
    }
}
