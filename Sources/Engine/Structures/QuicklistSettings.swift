/// What configuration says about the nodes of a list.
struct QuicklistSettings: Sendable {
    /// `list-max-listpack-size`: how many elements a node may have, or from -1 to -5 4 to 64 KiB.
    var limit = -2
    /// `list-compress-depth`: how many nodes at each end stay as they are; with 0 all do.
    var compressDepth = 0
    /// An element of so many bytes has a node of its own; with 0, unless DEBUG sets it, the limit decides.
    var plainThreshold = 0

    /// Where elements are counted, a node has no more bytes than this.
    private static let safeByteCount = 8192
    private static let byteCounts = [4096, 8192, 16384, 32768, 65536]

    private var byteLimit: Int? {
        limit < 0 ? Self.byteCounts[min(max(-1 - limit, 0), Self.byteCounts.count - 1)] : nil
    }

    /// Whether a listpack with so many bytes and elements would be beyond the limit.
    func isExceeded(byteCount: Int, count: Int) -> Bool {
        if let byteLimit { return byteCount > byteLimit }
        return byteCount > Self.safeByteCount || count > max(limit, 1)
    }

    /// Whether an element of so many bytes has a node of its own.
    func isLarge(_ byteCount: Int) -> Bool {
        if plainThreshold > 0 { return byteCount >= plainThreshold }
        return byteCount > byteLimit ?? Self.safeByteCount
    }

    /// Whether a list that is a single listpack, of so many bytes and elements, is to be kept as one.
    ///
    /// A list that shrinks must have shrunk to half the limit, so that it does not change to and fro.
    func fitsListpack(byteCount: Int, count: Int, shrinking: Bool) -> Bool {
        let share = shrinking ? 2 : 1
        if let byteLimit { return byteCount <= byteLimit / share }
        return count <= max(limit, 1) / share
    }
}
