/// Why a client's conversation ended, as far as its connection knows.
enum Departure: Sendable {
    /// The client left, or the server had it closed.
    case peer
    /// Its input was malformed.
    case protocolError
    /// It sent more than `client-query-buffer-limit` without a complete request.
    case queryBufferLimit
}
