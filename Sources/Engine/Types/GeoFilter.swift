/// A quick look at a finest cell: whether it may lie in a shape, by the coordinates that this lies between.
///
/// Latitudes and longitudes are compared as they stand in the score, bit by bit in turn, so that what lies
/// outside is neither decoded nor measured. What passes need not lie inside.
struct GeoFilter: BitwiseCopyable {
    private let latitudes: (low: UInt64, high: UInt64)
    private let longitudes: (low: UInt64, high: UInt64)

    init(_ shape: GeoShape) {
        let limits = shape.limits
        latitudes = (
            GeoHash.latitudeBits(of: max(limits.latitudes.low, GeoPoint.latitudes.lowerBound)),
            GeoHash.latitudeBits(of: min(limits.latitudes.high, GeoPoint.latitudes.upperBound))
        )
        if limits.longitudes.low >= -180, limits.longitudes.high < 180 {
            longitudes = (
                GeoHash.longitudeBits(of: limits.longitudes.low),
                GeoHash.longitudeBits(of: limits.longitudes.high)
            )
        } else {
            longitudes = (0, .max)
        }
    }

    /// Whether the cell of these bits may lie in the shape.
    @inline(__always)
    func passes(_ bits: UInt64) -> Bool {
        let latitude = bits & GeoHash.latitudeBits
        let longitude = bits & GeoHash.longitudeBits
        return latitude >= latitudes.low && latitude <= latitudes.high
            && longitude >= longitudes.low && longitude <= longitudes.high
    }
}

extension GeoShape {
    /// Coordinates that surely nothing in the shape lies outside of; beyond the map's if it is not known.
    fileprivate var limits: GeoHash.Area {
        let area =
            switch extent {
            case .circle(let radius): circleLimits(radius * unit.inMetres / GeoPoint.earthRadius)
            case .box(let width, let height):
                boxLimits(
                    width * unit.inMetres / 2 / GeoPoint.earthRadius,
                    height * unit.inMetres / 2 / GeoPoint.earthRadius)
            case .polygon(let polygon): polygon.bounds
            }
        // Far more than what rounding may cost.
        let slackLatitude = (area.latitudes.high - area.latitudes.low) * 1e-6 + 1e-5
        let slackLongitude = (area.longitudes.high - area.longitudes.low) * 1e-6 + 1e-5
        return GeoHash.Area(
            longitudes: (area.longitudes.low - slackLongitude, area.longitudes.high + slackLongitude),
            latitudes: (area.latitudes.low - slackLatitude, area.latitudes.high + slackLatitude))
    }

    /// What lies within an angle around the centre.
    private func circleLimits(_ angle: Double) -> GeoHash.Area {
        let up = GeoPoint.degrees(angle)
        let cosine = Trigonometry.cosine(GeoPoint.radians(centre.latitude))
        // Around a pole there are all longitudes.
        guard centre.latitude.magnitude + up < 89 else { return around(up, across: 360) }
        return around(up, across: GeoPoint.degrees(Trigonometry.arcSine(Trigonometry.sine(angle) / cosine)))
    }

    /// What lies within one angle to the north or south, and another along its circle of latitude.
    private func boxLimits(_ across: Double, _ up: Double) -> GeoHash.Area {
        let up = GeoPoint.degrees(up)
        // The circle is shortest where it is nearest to a pole.
        let narrow = centre.latitude.magnitude + up
        guard narrow < 89, across < .pi else { return around(up, across: 360) }
        let part = Trigonometry.sine(across / 2) / Trigonometry.cosine(GeoPoint.radians(narrow))
        guard part < 1 else { return around(up, across: 360) }
        return around(up, across: GeoPoint.degrees(2 * Trigonometry.arcSine(part)))
    }

    private func around(_ up: Double, across: Double) -> GeoHash.Area {
        GeoHash.Area(
            longitudes: (centre.longitude - across, centre.longitude + across),
            latitudes: (centre.latitude - up, centre.latitude + up))
    }
}
