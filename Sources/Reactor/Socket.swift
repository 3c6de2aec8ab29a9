import CLinux
import Glibc

/// What reading or writing came to.
package enum Transfer: Equatable, Sendable {
    /// So many bytes; none only where none were to be written.
    case bytes(Int)
    /// None at present.
    case wouldBlock
    /// None ever again: the peer has closed its side.
    case endOfFile
}

/// A connected stream socket that never blocks, closed when its owner lets go.
package struct Socket: ~Copyable, Sendable {
    package let descriptor: Descriptor

    /// Takes over a socket that is non-blocking and close-on-exec.
    package init(owning descriptor: consuming Descriptor) {
        self.descriptor = descriptor
    }

    /// Reads once into a buffer, which must have room.
    package func read(into buffer: inout MutableRawSpan) throws(SystemError) -> Transfer {
        precondition(!buffer.isEmpty, "reading into no room looks like the end")
        // The kernel writes at most as much as the span has.
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            // As above.
            uninterrupted { unsafe recv(descriptor.number, bytes.baseAddress, bytes.count, 0) }
        }
        if count > 0 { return .bytes(count) }
        if count == 0 { return .endOfFile }
        guard errno == EAGAIN else { throw .last("read") }
        return .wouldBlock
    }

    /// Reads once into bytes of an array, say.
    package func read(into buffer: inout MutableSpan<UInt8>) throws(SystemError) -> Transfer {
        // Any byte that is written is a good `UInt8`.
        var bytes = unsafe buffer.mutableBytes
        return try read(into: &bytes)
    }

    /// Reads once to the end of a buffer, which must have room.
    package func read(appendingTo buffer: inout OutputRawSpan) throws(SystemError) -> Transfer {
        precondition(!buffer.isFull, "reading into no room looks like the end")
        // The kernel writes at most the free capacity, and what it wrote is then initialised.
        let count = unsafe buffer.withUnsafeMutableBytes { bytes, initialized in
            let used = initialized
            let received = uninterrupted {
                // As above.
                unsafe recv(descriptor.number, bytes.baseAddress?.advanced(by: used), bytes.count - used, 0)
            }
            if received > 0 { initialized += received }
            return received
        }
        if count > 0 { return .bytes(count) }
        if count == 0 { return .endOfFile }
        guard errno == EAGAIN else { throw .last("read") }
        return .wouldBlock
    }

    /// Writes once; a peer that is gone is an error, never a signal.
    package func write(_ buffer: RawSpan) throws(SystemError) -> Transfer {
        try name.write(buffer)
    }

    /// What to write to it by while its owner is known to keep it.
    package var name: SocketName { SocketName(number: descriptor.number) }

    /// Writes bytes of an array, say.
    package func write(_ buffer: Span<UInt8>) throws(SystemError) -> Transfer {
        // A `UInt8` has no bytes that are not its value.
        try write(unsafe buffer.bytes)
    }

    /// Writes two pieces once, as if they were one.
    package func write(_ first: RawSpan, _ second: RawSpan) throws(SystemError) -> Transfer {
        // The vectors and the spans they point into outlive the call, which only reads them.
        let count = unsafe first.withUnsafeBytes { first in
            // As above.
            unsafe second.withUnsafeBytes { second in
                // As above.
                let vectors: InlineArray<2, iovec> = unsafe [Self.vector(first), Self.vector(second)]
                return unsafe Self.send(vectors.span, to: descriptor.number)
            }
        }
        return try Self.outcome(written: count)
    }

    private static func vector(_ bytes: UnsafeRawBufferPointer) -> iovec {
        // sendmsg only reads, though its structure can't say so.
        unsafe iovec(
            iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
    }

    private static func send(_ vectors: Span<iovec>, to descriptor: Int32) -> Int {
        // As in the caller.
        unsafe vectors.withUnsafeBufferPointer { vectors in
            // As above.
            var message = unsafe msghdr()
            // As above.
            unsafe message.msg_iov = UnsafeMutablePointer(mutating: vectors.baseAddress)
            // As above.
            unsafe message.msg_iovlen = vectors.count
            return uninterrupted {
                // As above.
                unsafe sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL))
            }
        }
    }

    fileprivate static func outcome(written count: Int) throws(SystemError) -> Transfer {
        if count >= 0 { return .bytes(count) }
        guard errno == EAGAIN else { throw .last("write") }
        return .wouldBlock
    }
}

/// A connected socket that another owns, who keeps it open as long as the name is used.
package struct SocketName: BitwiseCopyable, Sendable {
    fileprivate let number: Int32

    /// Writes once; a peer that is gone is an error, never a signal.
    package func write(_ buffer: RawSpan) throws(SystemError) -> Transfer {
        // The kernel reads no more than the span has.
        let count = unsafe buffer.withUnsafeBytes { bytes in
            uninterrupted {
                // As above.
                unsafe Glibc.send(number, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
        }
        return try Socket.outcome(written: count)
    }
}
