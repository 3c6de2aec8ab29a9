import RESP
import Synchronization

/// What a connection's task tells of its buffers, for CLIENT LIST and the limits.
///
/// Its task alone writes, plainly; anybody reads, at any time, so that the figures of an idle or
/// stalled client are as true as those of a busy one. Figures that are read together may be of
/// different moments.
struct ConnectionFigures: ~Copyable, Sendable {
    private let _unsent = Atomic(0)
    private let _bytesIn = Atomic(0)
    private let _bytesOut = Atomic(0)
    private let _queryUsed = Atomic(0)
    private let _queryFree = Atomic(0)
    private let _pendingArguments = Atomic(0)
    private let _replyCapacity = Atomic(0)
    private let _replyPeak = Atomic(0)

    /// Bytes that the task holds and could not send yet.
    var unsent: Int { _unsent.load(ordering: .relaxed) }
    /// Bytes received and sent since the client came.
    var bytesIn: Int { _bytesIn.load(ordering: .relaxed) }
    var bytesOut: Int { _bytesOut.load(ordering: .relaxed) }
    /// Bytes for reading, in use and free.
    var queryUsed: Int { _queryUsed.load(ordering: .relaxed) }
    var queryFree: Int { _queryFree.load(ordering: .relaxed) }
    /// Bytes of the arguments of a request that is not complete.
    var pendingArguments: Int { _pendingArguments.load(ordering: .relaxed) }
    /// Bytes allocated for replies.
    var replyCapacity: Int { _replyCapacity.load(ordering: .relaxed) }
    /// Most bytes of replies that were held at once since memory was last given back.
    var replyPeak: Int { _replyPeak.load(ordering: .relaxed) }

    /// Bytes that the task could give back while the client is idle.
    ///
    /// What a request in progress may need for its next piece is not among them.
    var releasable: Int {
        let free = queryUsed == 0 ? queryFree : max(queryFree - RequestReader.keptFree, 0)
        return free + max(replyCapacity - unsent, 0)
    }

    /// Notes what was read, and what is held of it.
    @inline(__always)
    func noteInput(total: Int, used: Int, free: Int, arguments: Int) {
        _bytesIn.store(total, ordering: .relaxed)
        _queryUsed.store(used, ordering: .relaxed)
        _queryFree.store(free, ordering: .relaxed)
        _pendingArguments.store(arguments, ordering: .relaxed)
    }

    /// Notes what was written, and what is held to be.
    @inline(__always)
    func noteOutput(total: Int, unsent: Int, capacity: Int, peak: Int) {
        _bytesOut.store(total, ordering: .relaxed)
        _unsent.store(unsent, ordering: .relaxed)
        _replyCapacity.store(capacity, ordering: .relaxed)
        _replyPeak.store(peak, ordering: .relaxed)
    }
}
