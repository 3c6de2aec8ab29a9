import Broadcasting
import Engine
import RESP

/// Names a session to the actor; late uses after the slot was given to another are noticed.
struct SessionHandle: Sendable, Hashable {
    let slot: Int
    let id: Int64
}

/// What the server knows of one client.
///
/// Lives in the `Database` actor and never leaves it.
final class Session {
    /// Unique for the life of the server, counted from 1.
    let id: Int64
    let handle: SessionHandle
    let outbox: Outbox
    /// The two ends, as CLIENT LIST shows them.
    let address: String
    let localAddress: String
    let descriptor: Int32
    /// Whether the client is on the server's own machine.
    let isLocal: Bool
    /// When the client came, in Unix milliseconds.
    let since: Int64

    /// The numbered keyspace that commands act on.
    var database = 0
    var name: [UInt8] = []
    var libraryName: [UInt8] = []
    var libraryVersion: [UInt8] = []

    // Small ones side by side, where they take no room from each other.
    /// What the client said it can do (CLIENT CAPA).
    var capabilities: Capabilities = []
    var protocolVersion = ProtocolVersion.resp2
    var isAuthenticated: Bool
    var options: Options = []
    var replyMode = ReplyMode.on
    /// Whether the connection ends with the current batch.
    var closing = Outbox.Closing.no

    /// The command that runs or ran last, and when.
    var lastCommand: RegisteredCommand?
    var lastInteraction: Int64
    /// The bytes received from the client as of the last sweep.
    var sweptInput = 0

    /// When the output passed its soft limit (Unix milliseconds); 0 while it has not.
    var overSoftLimitSince: Int64 = 0
    /// The longest bulk string in much unread output, as far as known; 0 while there is little.
    var longestUnread = 0

    /// Subscriptions.
    var channels: Set<[UInt8]> = [] { didSet { noteSubscriptions() } }
    var patterns: Set<[UInt8]> = [] { didSet { noteSubscriptions() } }
    var shardChannels: Set<[UInt8]> = [] { didSet { noteSubscriptions() } }
    /// Whether any kind of subscription is active.
    private(set) var isSubscriber = false

    /// What it has queued, between MULTI and EXEC.
    var transaction: Transaction?
    /// The keys that it watches, and whether they were there when it began to.
    var watched: [WatchedKey: Bool] = [:]
    /// Whether one of them has changed.
    var isOutdated = false

    /// How it is told of changes to what it has read, if it is.
    var tracking: ClientTracking?

    /// What it asked to happen when it reads too slowly; nil leaves that to the server.
    var overflow: Overflow?
    /// Whether more waits in the outbox than the last reply could take, so that replies have to queue up.
    var isBehind = false
    /// What the command that runs has sent to its own client, while its reply has to queue up first.
    var ownMessages: [SharedMessage]?

    /// Its connection, if that is on the database's own loop.
    var connection: Connection?
    /// Its request that waits, if one does.
    var blocked: BlockedRequest?
    /// The rest of a command that takes long.
    var longCommand: LongCommand?
    /// What the slow log is to know of it then, if it is on.
    var slicedRequest: SlicedRequest?

    /// Requests that ran.
    var commandCount: UInt64 = 0
    /// Whether a request of the client waits for the end of a pause.
    var isPostponed = false

    /// Client states that commands switch.
    struct Options: OptionSet {
        let rawValue: UInt16
        static let noEvict = Options(rawValue: 1 << 0)
        static let noTouch = Options(rawValue: 1 << 1)
        static let monitor = Options(rawValue: 1 << 2)
        static let unixSocket = Options(rawValue: 1 << 3)
    }

    /// CLIENT REPLY.
    enum ReplyMode {
        case on
        case off
        /// The next command's reply is dropped.
        case skipNext
        /// The current command's reply is dropped.
        case skip
    }

    /// Abilities of clients that the server makes use of.
    struct Capabilities: OptionSet {
        let rawValue: UInt8
        /// Follows redirections to a new primary.
        static let redirect = Capabilities(rawValue: 1 << 0)
    }

    /// What the accept loop knows of a new client.
    struct Origin: Sendable {
        /// Nil if it has not got a number yet.
        let id: Int64?
        let address: String
        let localAddress: String
        let descriptor: Int32
        let isUnixSocket: Bool
    }

    init(handle: SessionHandle, origin: Origin, outbox: Outbox, now: Int64, authenticated: Bool) {
        id = handle.id
        self.handle = handle
        self.outbox = outbox
        address = origin.address
        localAddress = origin.localAddress
        descriptor = origin.descriptor
        isLocal = origin.isLocal
        since = now
        lastInteraction = now
        isAuthenticated = authenticated
        if origin.isUnixSocket { options.insert(.unixSocket) }
    }

    /// How many channels and patterns the client listens to; in RESP2 that restricts its commands.
    var subscriptionCount: Int { channels.count + patterns.count }

    /// The class whose output limit holds for the client.
    var outputClass: OutputLimits.Class { isSubscriber ? .pubsub : .normal }

    /// Whether what takes long may be done bit by bit: nothing may come between the parts of a reply.
    var mayGetSlices: Bool {
        replyMode == .on && !isSubscriber && !isBehind && tracking == nil && !options.contains(.monitor)
    }

    private func noteSubscriptions() { isSubscriber = subscriptionCount + shardChannels.count > 0 }
}
