public import RESP

extension Keyspace {
    /// How many frames are warmed together: enough to hide the memory's latency, few enough to stay cached.
    public static let warmedFrames = 32

    /// Brings the entries of the next frames' keys into the processor's cache, all at once.
    ///
    /// A pipeline's keys lie far apart: looked up one after the other, each waits for the memory twice.
    /// Asked for together they arrive together. The first argument is taken for the key; where it is
    /// none, nothing is lost but the reading.
    public func warm(_ reader: borrowing RequestReader, _ frames: Range<Int>) {
        var hashes = InlineArray<32, UInt64>(repeating: 0)
        var count = 0
        for frame in frames where count < Self.warmedFrames {
            let arguments = reader.frame(frame)
            guard arguments.count > 1 else { continue }
            hashes[count] = hash(arguments[1].extracting(first: 64))
            table.touch(hashes[count])
            count += 1
        }
        for index in 0..<count { table.touchEntry(hashes[index]) }
    }
}
