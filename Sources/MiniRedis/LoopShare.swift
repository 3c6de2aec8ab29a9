import RESP
import Reactor
import Synchronization

/// What the connections of one loop share: where they count, and the buffers they pass around.
final class LoopShare: Sendable {
    let traffic = Traffic()
    private let spares: LoopBound<LoopBuffers.Spares>

    /// The room of a reply buffer that is passed around.
    static let outputCapacity = 64 << 10

    init(_ buffers: LoopBuffers) {
        spares = buffers.spares
    }

    /// Lends buffers for a batch; on the loop's thread.
    @inline(__always)
    func lend(_ exchange: inout Exchange) {
        spares.withState { spares in
            exchange.reader.borrowBuffer(from: &spares.input)
            Self.lendOutput(&exchange, &spares)
        }
    }

    /// Lends a buffer for what others want the client to get; on the loop's thread.
    @inline(__always)
    func lendOutput(_ exchange: inout Exchange) {
        spares.withState { Self.lendOutput(&exchange, &$0) }
    }

    @inline(__always)
    private static func lendOutput(_ exchange: inout Exchange, _ spares: inout LoopBuffers.Spares) {
        if exchange.reply.buffer.capacity == 0 { swap(&exchange.reply.buffer, &spares.output) }
        exchange.reply.buffer.reserve(outputCapacity)
    }

    /// Takes back what a connection has no use for while it waits; on the loop's thread.
    @inline(__always)
    func takeBack(_ exchange: inout Exchange) {
        spares.withState { spares in
            exchange.reader.returnBuffer(to: &spares.input)
            guard exchange.reply.buffer.isEmpty, exchange.reply.buffer.capacity > 0 else { return }
            if exchange.reply.buffer.capacity == Self.outputCapacity, spares.output.capacity == 0 {
                swap(&exchange.reply.buffer, &spares.output)
            } else {
                exchange.reply.buffer.shrink(to: 0)
            }
        }
    }
}

/// The buffers that the connections of one loop pass around, whichever server they belong to.
struct LoopBuffers: Sendable {
    let loop: EventLoop
    fileprivate let spares: LoopBound<Spares>

    /// Empty buffers with room, or without any while some connection has them.
    fileprivate struct Spares: ~Copyable, Sendable {
        var input = ByteBuffer()
        var output = ByteBuffer()
    }

    init(on loop: EventLoop) {
        self.loop = loop
        spares = LoopBound(Spares(), on: loop)
    }
}

/// The shares of all loops.
final class LoopShareTable: Sendable {
    private let byLoop = Guarded<[ObjectIdentifier: LoopShare]>([:])
    private let common: LoopBuffers?

    /// Shares that have their own buffers, but on the loop of `common`, if there are such.
    init(_ common: LoopBuffers?) {
        self.common = common
    }

    /// What the connections of `loop` share.
    func share(of loop: EventLoop) -> LoopShare {
        byLoop.withLock { table in
            if let known = table[ObjectIdentifier(loop)] { return known }
            let buffers = common.flatMap { $0.loop === loop ? $0 : nil } ?? LoopBuffers(on: loop)
            let fresh = LoopShare(buffers)
            table[ObjectIdentifier(loop)] = fresh
            return fresh
        }
    }

    /// The present traffic of all loops together.
    var traffic: Traffic.Totals {
        byLoop.withLock { table in table.values.reduce(Traffic.Totals()) { $0 + $1.traffic.totals } }
    }
}
