/// A shape with everything worked out that is the same for all places that are looked at.
///
/// Distances are those of `GeoShape.distance`, to the last bit.
struct GeoMeasure {
    private enum Extent {
        /// Metres from the centre.
        case circle(Double)
        /// Metres from the centre, to either side.
        case box(across: Double, up: Double)
        case polygon(GeoPolygon)
    }

    private let extent: Extent
    private let longitude: Double
    private let latitude: Double
    private let cosine: Double

    init(_ shape: GeoShape) {
        longitude = GeoPoint.radians(shape.centre.longitude)
        latitude = GeoPoint.radians(shape.centre.latitude)
        cosine = Trigonometry.cosine(latitude)
        let metres = shape.unit.inMetres
        extent =
            switch shape.extent {
            case .circle(let radius): .circle(radius * metres)
            case .box(let width, let height): .box(across: width * metres / 2, up: height * metres / 2)
            case .polygon(let polygon): .polygon(polygon)
            }
    }

    /// Metres from the centre to a place, if it lies inside and no farther than `most`.
    @inline(__always)
    func distance(to point: GeoPoint, most: Double) -> Double? {
        let to = GeoPoint.radians(point.latitude)
        let along = GeoPoint.earthRadius * (to - latitude).magnitude
        // No place is nearer than its latitude, but for rounding.
        if along > most * 1.000001 { return nil }
        let v = Trigonometry.sine((GeoPoint.radians(point.longitude) - longitude) / 2)
        switch extent {
        case .circle(let radius):
            let distance = distance(to: to, along: along, v, Trigonometry.cosine(to))
            return distance > radius ? nil : distance
        case .box(let across, let up):
            if along > up { return nil }
            let cosine = Trigonometry.cosine(to)
            // On one circle of latitude only the longitude counts.
            if v != 0, Self.metres(cosine * cosine * v * v) > across { return nil }
            return distance(to: to, along: along, v, cosine)
        case .polygon(let polygon):
            guard polygon.contains(point) else { return nil }
            return distance(to: to, along: along, v, Trigonometry.cosine(to))
        }
    }

    /// The haversine formula, which on one meridian comes down to the latitudes.
    @inline(__always)
    private func distance(to: Double, along: Double, _ v: Double, _ cosine: Double) -> Double {
        if v == 0 { return along }
        let u = Trigonometry.sine((to - latitude) / 2)
        return Self.metres(u * u + self.cosine * cosine * v * v)
    }

    @inline(__always)
    private static func metres(_ haversine: Double) -> Double {
        // Rounding may bring it above what is farthest.
        2 * GeoPoint.earthRadius * Trigonometry.arcSine(min(haversine.squareRoot(), 1))
    }
}
