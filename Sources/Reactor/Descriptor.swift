import Glibc

/// A file descriptor with one owner, closed when that owner goes.
package struct Descriptor: ~Copyable, Sendable {
    package let number: Int32

    /// Takes over an open descriptor.
    package init(owning number: Int32) {
        self.number = number
    }

    deinit {
        // Linux frees the number even when close is interrupted: it must not be repeated.
        _ = close(number)
    }
}
