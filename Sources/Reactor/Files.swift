import CLinux
import Glibc

/// Small files and names in the file system.
///
/// All of it blocks: it is done in `BlockingWork`, unless the server is only starting.
package enum Files {
    /// Read into pieces of this size at first; most files here are smaller.
    private static let pieceSize = 16_384

    /// All that a file holds.
    package static func read(_ path: String) throws(SystemError) -> [UInt8] {
        let file = try open(path, O_RDONLY)
        var bytes = [UInt8](repeating: 0, count: pieceSize)
        var count = 0
        while true {
            let (number, used) = (file.number, count)
            let got = try checked("read") {
                // The kernel writes at most what is left of the array.
                unsafe bytes.withUnsafeMutableBytes { bytes in
                    // As above.
                    unsafe Glibc.read(number, bytes.baseAddress?.advanced(by: used), bytes.count - used)
                }
            }
            count += got
            if got == 0 { break }
            if count == bytes.count { bytes.append(contentsOf: repeatElement(0, count: count)) }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// Puts bytes into the place of a file's, which is open for all to see meanwhile: a pid file.
    package static func write(
        _ bytes: [UInt8], to path: String, permissions: UInt32 = 0o644
    ) throws(SystemError) {
        let file = try open(path, O_WRONLY | O_CREAT | O_TRUNC, permissions)
        try writeAll(bytes.span, to: file)
    }

    /// Replaces a file at once and for good: whoever reads it, even after a power cut, finds the old
    /// bytes or the new ones.
    ///
    /// The new file is written beside it, synchronised and renamed. It has these permissions less
    /// the umask.
    package static func replace(
        _ path: String, with bytes: [UInt8], permissions: UInt32 = 0o644
    ) throws(SystemError) {
        let temporary = "\(path).\(ThisProcess.id).\(UInt32.random(in: 0 ... .max))"
        do throws(SystemError) {
            let file = try open(temporary, O_WRONLY | O_CREAT | O_EXCL, permissions)
            try writeAll(bytes.span, to: file)
            try synchronize(file)
            try rename(temporary, to: path)
        } catch {
            // What is left of the attempt; the error that matters is the first one.
            try? remove(temporary)
            throw error
        }
        try synchronizeDirectory(of: path)
    }

    /// Gives a file another name, in the place of what had that name.
    package static func rename(_ path: String, to other: String) throws(SystemError) {
        // The paths are local copies that outlive the call.
        try checked("rename") { unsafe Glibc.rename(path, other) }
    }

    /// Removes a file; one that isn't there is fine.
    package static func remove(_ path: String) throws(SystemError) {
        // The path is a local copy that outlives the call.
        guard uninterrupted({ unsafe unlink(path) }) < 0, errno != ENOENT else { return }
        throw .last("unlink")
    }

    /// Whether there is a Unix socket of that name.
    package static func isSocket(_ path: String) -> Bool {
        var status = stat()
        // The pointers outlive the call.
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }

    /// Whether there is anything of that name.
    package static func exists(_ path: String) -> Bool {
        // The path is a local copy that outlives the call.
        unsafe access(path, F_OK) == 0
    }

    /// Opens a file, closed on exec.
    package static func open(
        _ path: String, _ flags: Int32, _ permissions: UInt32 = 0
    ) throws(SystemError) -> Descriptor {
        // The path is a local copy that outlives the call.
        let number = try checked("open") { unsafe Glibc.open(path, flags | O_CLOEXEC, permissions) }
        return Descriptor(owning: number)
    }

    /// Writes everything, however many calls that takes.
    package static func writeAll(
        _ bytes: Span<UInt8>, to file: borrowing Descriptor
    ) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let rest = bytes.extracting(written...)
            let number = file.number
            written += try checked("write") {
                // The kernel reads no more than the span has.
                unsafe rest.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) }
            }
        }
    }

    /// Returns once the file's bytes are on the disk.
    package static func synchronize(_ file: borrowing Descriptor) throws(SystemError) {
        let number = file.number
        try checked("fsync") { fsync(number) }
    }

    /// Returns once the names in the directory of a path are on the disk.
    package static func synchronizeDirectory(of path: String) throws(SystemError) {
        let directory: String
        switch path.utf8.lastIndex(of: UInt8(ascii: "/")) {
        case nil: directory = "."
        case path.startIndex?: directory = "/"
        case let slash?: directory = String(path[..<slash])
        }
        try synchronize(try open(directory, O_RDONLY | O_DIRECTORY))
    }
}
