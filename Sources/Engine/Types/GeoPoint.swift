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
        return 2 * GeoPoint.earthRadius * Trigonometry.arcSine(a.squareRoot())
    }

    /// Metres to a latitude.
    func distance(toLatitude latitude: Double) -> Double {
        GeoPoint.earthRadius * (GeoPoint.radians(latitude) - GeoPoint.radians(self.latitude)).magnitude
    }

    static func radians(_ degrees: Double) -> Double { degrees * (.pi / 180) }

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
    /// A distance as replies show it: four decimals, always.
    static func text(ofDistance distance: Double) -> [UInt8] {
        let scaled = (distance * 10_000).rounded(.toNearestOrEven)
        // Nothing on earth is as far; a C program would see the lowest number there.
        let number = scaled.magnitude < 0x1p63 ? Int64(scaled) : Int64.min
        var text: [UInt8] = []
        var rest = number.magnitude
        for place in 0... where place < 5 || rest > 0 {
            if place == 4 { text.append(UInt8(ascii: ".")) }
            text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
            if place >= 4, rest == 0 { break }
        }
        if number < 0 { text.append(UInt8(ascii: "-")) }
        return text.reversed()
    }

    /// Lends a coordinate as Redis 7 shows it: up to 17 decimals. (Since version 8 it is shown as any double.)
    static func withText<Answer>(ofCoordinate degrees: Double, _ body: (RawSpan) -> Answer) -> Answer {
        LongDouble(LongDouble.Value(degrees)).withText(body)
    }
}
