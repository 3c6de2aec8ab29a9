import CLinux
import Glibc

/// Blocking calls on files; off the loop, in `BlockingWork`, unless the server is only starting.
package enum Files {
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
}
