import Glibc

/// A file descriptor with one owner, closed when that owner goes.
package struct Descriptor: ~Copyable, Sendable {
    package let number: Int32

    /// Takes over an open descriptor.
    package init(owning number: Int32) {
        self.number = number
    }

    /// Gives the descriptor to somebody who closes it by its number.
    package consuming func release() -> Int32 {
        let number = number
        discard self
        return number
    }

    deinit {
        // Linux frees the number even when close is interrupted: it must not be repeated.
        _ = close(number)
    }
}
