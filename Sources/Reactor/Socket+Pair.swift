import CLinux
import Glibc

extension Socket {
    /// Gives the socket's descriptor to somebody who closes it by its number.
    package consuming func release() -> Int32 { descriptor.release() }

    /// Makes two sockets that are each other's peer, gives one away, and returns the other.
    ///
    /// Nobody else can reach them: they have no address, and no listener is involved.
    package static func pair(
        giving giveAway: (consuming Socket) throws(SystemError) -> Void
    ) throws(SystemError) -> Socket {
        var numbers: InlineArray<2, Int32> = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        var span = numbers.mutableSpan
        // The call fills an array of two.
        let answer = unsafe span.withUnsafeMutableBufferPointer { buffer in
            // As above.
            unsafe socketpair(AF_UNIX, type, 0, buffer.baseAddress)
        }
        guard answer == 0 else { throw .last("socketpair") }
        let kept = Socket(owning: Descriptor(owning: numbers[0]))
        try giveAway(Socket(owning: Descriptor(owning: numbers[1])))
        return kept
    }
}
