/// A cell of a grid over the earth: `step` times each side was halved, and two bits tell which quarter was kept.
///
/// Bits of the latitude lie at even places, bits of the longitude at odd ones. With 26 steps the number is exact in a
/// double: the score of a place in a sorted set.
struct GeoHash: Equatable, Sendable {
    var bits: UInt64
    var step: Int

    /// How often a place in a sorted set is halved: its cell is 60 centimetres wide at the equator.
    static var finestStep: Int { @inline(__always) get { 26 } }

    @inline(__always)
    init(bits: UInt64, step: Int) {
        self.bits = bits
        self.step = step
    }

    /// The cell around a place, which has to be valid.
    init(_ point: GeoPoint, step: Int = finestStep, latitudes: ClosedRange<Double> = GeoPoint.latitudes) {
        self.step = step
        bits = GeoHash.interleave(
            GeoHash.share(point.latitude, of: latitudes, step),
            GeoHash.share(point.longitude, of: GeoPoint.longitudes, step))
    }

    /// The cell that a score of a sorted set stands for, whatever number it is.
    init(score: Double) {
        bits = GeoHash.whole(score)
        step = GeoHash.finestStep
    }

    /// The score under which a sorted set keeps the cell; of a finest one.
    var score: Double { Double(bits) }

    /// The bits that a latitude has in a finest cell, alone; they compare as latitudes do.
    static func latitudeBits(of latitude: Double) -> UInt64 {
        spread(share(latitude, of: GeoPoint.latitudes, finestStep))
    }

    /// The bits that a longitude has in a finest cell, alone; they compare as longitudes do.
    static func longitudeBits(of longitude: Double) -> UInt64 {
        spread(share(longitude, of: GeoPoint.longitudes, finestStep)) << 1
    }

    /// Where in a range a coordinate lies, in steps from its start.
    private static func share(_ value: Double, of range: ClosedRange<Double>, _ step: Int) -> UInt32 {
        let offset = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        let steps = offset * Double(1 << step)
        return steps >= 0 && steps < 0x1p32 ? UInt32(steps) : 0
    }

    /// What C on this processor makes of a double as a number without sign.
    private static func whole(_ score: Double) -> UInt64 {
        if score >= 0x1p64 { return 0 }
        if score >= 0x1p63 { return UInt64(score) }
        return UInt64(bitPattern: score > -0x1p63 ? Int64(score) : .min)
    }

    // MARK: Area

    /// The coordinates that a cell covers.
    struct Area: Equatable {
        var longitudes: (low: Double, high: Double)
        var latitudes: (low: Double, high: Double)

        static func == (left: Area, right: Area) -> Bool {
            left.longitudes == right.longitudes && left.latitudes == right.latitudes
        }
    }

    var area: Area {
        @inline(__always) get {
            let (latitude, longitude) = GeoHash.deinterleave(bits)
            return Area(
                longitudes: edges(longitude, of: GeoPoint.longitudes),
                latitudes: edges(latitude, of: GeoPoint.latitudes))
        }
    }

    @inline(__always)
    private func edges(_ part: UInt32, of range: ClosedRange<Double>) -> (low: Double, high: Double) {
        let scale = range.upperBound - range.lowerBound
        let steps = Double(1 << step)
        return (
            range.lowerBound + (Double(part) / steps) * scale,
            range.lowerBound + (Double(part &+ 1) / steps) * scale
        )
    }

    /// The middle of the cell.
    var point: GeoPoint {
        @inline(__always) get {
            let area = area
            return GeoPoint(
                longitude: GeoHash.middle(area.longitudes, within: GeoPoint.longitudes),
                latitude: GeoHash.middle(area.latitudes, within: GeoPoint.latitudes))
        }
    }

    @inline(__always)
    private static func middle(_ edges: (low: Double, high: Double), within range: ClosedRange<Double>)
        -> Double
    {
        min(max((edges.low + edges.high) / 2, range.lowerBound), range.upperBound)
    }

    // MARK: Neighbours

    /// The places of a latitude's bits.
    static var latitudeBits: UInt64 { @inline(__always) get { 0x5555_5555_5555_5555 } }
    /// The places of a longitude's bits.
    static var longitudeBits: UInt64 { @inline(__always) get { 0xaaaa_aaaa_aaaa_aaaa } }

    /// The cell so many to the east and to the north (-1, 0 or 1), around the earth if need be.
    func neighbour(east: Int, north: Int) -> GeoHash {
        let unused = UInt64(64 - step * 2)
        let longitude = GeoHash.moved(
            bits & GeoHash.longitudeBits, east, across: GeoHash.latitudeBits >> unused,
            within: GeoHash.longitudeBits >> unused)
        let latitude = GeoHash.moved(
            bits & GeoHash.latitudeBits, north, across: GeoHash.longitudeBits >> unused,
            within: GeoHash.latitudeBits >> unused)
        return GeoHash(bits: longitude | latitude, step: step)
    }

    /// Counts in every other bit; the others are set meanwhile, so that carries run through them.
    private static func moved(_ part: UInt64, _ by: Int, across others: UInt64, within own: UInt64) -> UInt64
    {
        if by == 0 { return part }
        return (by > 0 ? part &+ (others &+ 1) : (part | others) &- (others &+ 1)) & own
    }

    /// The scores of all places inside the cell.
    var scores: ScoreRange {
        let shift = UInt64(52 - step * 2)
        return ScoreRange(
            low: Double(bits << shift), high: Double((bits &+ 1) << shift), excludesHigh: true)
    }

    // MARK: Text

    /// The geohash that other systems know, whose latitudes reach to the poles: ten characters, and a zero.
    var text: InlineArray<11, UInt8> {
        let standard = GeoHash(point, latitudes: -90...90)
        var text = InlineArray<11, UInt8>(repeating: UInt8(ascii: "0"))
        for index in 0..<10 {
            let digit = UInt8(truncatingIfNeeded: standard.bits >> UInt64(47 - index * 5) & 0x1f)
            text[index] = GeoHash.character(digit)
        }
        return text
    }

    /// Digits and small letters, without `a`, `i`, `l` and `o`.
    private static func character(_ digit: UInt8) -> UInt8 {
        if digit < 10 { return UInt8(ascii: "0") + digit }
        var letter = UInt8(ascii: "b") + (digit - 10)
        for skipped in [UInt8(ascii: "i"), UInt8(ascii: "l"), UInt8(ascii: "o")] where letter >= skipped {
            letter += 1
        }
        return letter
    }

    // MARK: Bits

    /// Spreads the bits of both numbers, those of the first to even places.
    static func interleave(_ even: UInt32, _ odd: UInt32) -> UInt64 { spread(even) | spread(odd) << 1 }

    /// The numbers whose bits lie at even and at odd places.
    @inline(__always)
    static func deinterleave(_ bits: UInt64) -> (even: UInt32, odd: UInt32) {
        (gather(bits), gather(bits >> 1))
    }

    private static func spread(_ word: UInt32) -> UInt64 {
        var bits = UInt64(word)
        bits = (bits | bits << 16) & 0x0000_ffff_0000_ffff
        bits = (bits | bits << 8) & 0x00ff_00ff_00ff_00ff
        bits = (bits | bits << 4) & 0x0f0f_0f0f_0f0f_0f0f
        bits = (bits | bits << 2) & 0x3333_3333_3333_3333
        return (bits | bits << 1) & 0x5555_5555_5555_5555
    }

    @inline(__always)
    private static func gather(_ word: UInt64) -> UInt32 {
        var bits = word & 0x5555_5555_5555_5555
        bits = (bits | bits >> 1) & 0x3333_3333_3333_3333
        bits = (bits | bits >> 2) & 0x0f0f_0f0f_0f0f_0f0f
        bits = (bits | bits >> 4) & 0x00ff_00ff_00ff_00ff
        bits = (bits | bits >> 8) & 0x0000_ffff_0000_ffff
        return UInt32(truncatingIfNeeded: bits | bits >> 16)
    }
}
