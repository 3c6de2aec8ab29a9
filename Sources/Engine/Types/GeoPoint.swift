/// A place on earth in degrees.
struct GeoPoint: Equatable, Sendable {
    var longitude: Double
    var latitude: Double

    static var longitudes: ClosedRange<Double> { @inline(__always) get { -180...180 } }
    /// What the web's maps show; there is nothing nearer to the poles.
    static var latitudes: ClosedRange<Double> { @inline(__always) get { -85.05112878...85.05112878 } }

    /// Whether a sorted set can keep the place.
    var isValid: Bool {
        GeoPoint.longitudes.contains(longitude) && GeoPoint.latitudes.contains(latitude)
    }

    /// Of the globe that distances are measured on, in metres.
    static var earthRadius: Double { @inline(__always) get { 6372797.560856 } }

    /// Metres to another place along the great circle, by the haversine formula.
    func distance(to other: GeoPoint) -> Double {
        let v = Trigonometry.sine((GeoPoint.radians(other.longitude) - GeoPoint.radians(longitude)) / 2)
        // On one meridian the formula comes down to this.
        if v == 0 { return distance(toLatitude: other.latitude) }
        let (from, to) = (GeoPoint.radians(latitude), GeoPoint.radians(other.latitude))
        let u = Trigonometry.sine((to - from) / 2)
        let a = u * u + Trigonometry.cosine(from) * Trigonometry.cosine(to) * v * v
        // Rounding may bring it above what is farthest.
        return 2 * GeoPoint.earthRadius * Trigonometry.arcSine(min(a.squareRoot(), 1))
    }

    /// Metres to a latitude.
    func distance(toLatitude latitude: Double) -> Double {
        GeoPoint.earthRadius * (GeoPoint.radians(latitude) - GeoPoint.radians(self.latitude)).magnitude
    }

    @inline(__always)
    static func radians(_ degrees: Double) -> Double { degrees * (.pi / 180) }

    @inline(__always)
    static func degrees(_ radians: Double) -> Double { radians / (.pi / 180) }
}

/// A unit in which distances are given and answered.
enum GeoUnit {
    case metres
    case kilometres
    case feet
    case miles

    /// The unit of this name (`m`, `km`, `ft`, `mi`), in either case.
    init?(_ word: RawSpan) {
        if word.isWord("m") {
            self = .metres
        } else if word.isWord("km") {
            self = .kilometres
        } else if word.isWord("ft") {
            self = .feet
        } else if word.isWord("mi") {
            self = .miles
        } else {
            return nil
        }
    }

    /// How many metres the unit has.
    var inMetres: Double {
        switch self {
        case .metres: 1
        case .kilometres: 1000
        case .feet: 0.3048
        case .miles: 1609.34
        }
    }
}

extension GeoPoint {
    /// Lends a distance as replies show it: four decimals, always.
    static func withText<Answer>(ofDistance distance: Double, _ body: (RawSpan) -> Answer) -> Answer {
        let scaled = (distance * 10_000).rounded(.toNearestOrEven)
        // Nothing on earth is as far; a C program would see the lowest number there.
        let number = scaled.magnitude < 0x1p63 ? Int64(scaled) : Int64.min
        // A sign, 19 digits and a point.
        var text = InlineArray<21, UInt8>(repeating: UInt8(ascii: "0"))
        var at = 21
        var rest = number.magnitude
        for place in 0... where place < 5 || rest > 0 {
            if place == 4 {
                at &-= 1
                text[at] = UInt8(ascii: ".")
            }
            at &-= 1
            text[at] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
            if place >= 4, rest == 0 { break }
        }
        if number < 0 {
            at &-= 1
            text[at] = UInt8(ascii: "-")
        }
        // The array lives until the body has returned.
        return body(unsafe text.span.bytes.extracting(at..<21))
    }
}
