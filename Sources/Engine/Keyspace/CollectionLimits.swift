/// Up to which sizes collections are kept in their compact encodings; Redis's directives and defaults.
public struct CollectionLimits: Sendable, BitwiseCopyable {
    /// `hash-max-listpack-entries`: fields of a packed hash.
    public var hashEntries = 512
    /// `hash-max-listpack-value`: bytes of a field or value in it.
    public var hashValue = 64
    /// `list-max-listpack-size`: elements of a node, or with -1 to -5 its bytes, 4 to 64 KiB.
    public var listNode = -2
    /// `list-compress-depth`: nodes at either end that are not compressed; 0 compresses none.
    public var listCompressDepth = 0
    /// Bytes from which an element has a node of its own, if DEBUG sets it; else 0, and the node's limit
    /// decides.
    public var listPlainElement = 0
    /// `set-max-intset-entries`: members of a set of whole numbers.
    public var setIntegers = 512
    /// `set-max-listpack-entries`: members of a packed set.
    public var setEntries = 128
    /// `set-max-listpack-value`: bytes of a member of it.
    public var setValue = 64
    /// `zset-max-listpack-entries`: members of a packed sorted set.
    public var sortedSetEntries = 128
    /// `zset-max-listpack-value`: bytes of a member of it.
    public var sortedSetValue = 64
    /// `hll-sparse-max-bytes`: bytes of a sparse HyperLogLog.
    public var sparseHyperLogLog = 3000
    /// `stream-node-max-bytes`: bytes of a node; 0 is no limit.
    public var streamNodeBytes = 4096
    /// `stream-node-max-entries`: entries of a node; 0 is no limit.
    public var streamNodeEntries = 100

    /// What concerns lists.
    var list: QuicklistSettings {
        QuicklistSettings(
            limit: listNode, compressDepth: listCompressDepth, plainThreshold: listPlainElement)
    }

    /// Redis's defaults.
    public init() {}
}
