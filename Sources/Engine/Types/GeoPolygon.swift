/// An area between vertices that are joined in turn, the last with the first; straight on a flat map.
struct GeoPolygon: Equatable, Sendable {
    let vertices: [GeoPoint]
    /// The direction in which the vertices lie on average.
    let centre: GeoPoint
    /// The coordinates that the area lies between.
    let bounds: GeoHash.Area

    /// An area between at least three vertices, which have to be valid.
    init(_ vertices: [GeoPoint]) {
        self.vertices = vertices
        var (x, y, z) = (0.0, 0.0, 0.0)
        var longitudes = (low: GeoPoint.longitudes.upperBound, high: GeoPoint.longitudes.lowerBound)
        var latitudes = (low: GeoPoint.latitudes.upperBound, high: GeoPoint.latitudes.lowerBound)
        for vertex in vertices {
            longitudes = (min(longitudes.low, vertex.longitude), max(longitudes.high, vertex.longitude))
            latitudes = (min(latitudes.low, vertex.latitude), max(latitudes.high, vertex.latitude))
            let longitude = GeoPoint.radians(vertex.longitude)
            let latitude = GeoPoint.radians(vertex.latitude)
            x += Trigonometry.cosine(latitude) * Trigonometry.cosine(longitude)
            y += Trigonometry.cosine(latitude) * Trigonometry.sine(longitude)
            z += Trigonometry.sine(latitude)
        }
        bounds = GeoHash.Area(longitudes: longitudes, latitudes: latitudes)
        centre = GeoPoint(
            longitude: GeoPoint.degrees(Trigonometry.angle(y: y, x: x)),
            latitude: GeoPoint.degrees(Trigonometry.angle(y: z, x: (x * x + y * y).squareRoot())))
    }

    /// Whether a line from the place to the east crosses an odd number of sides.
    func contains(_ point: GeoPoint) -> Bool {
        guard var previous = vertices.last else { return false }
        var isInside = false
        for vertex in vertices {
            if (vertex.latitude > point.latitude) != (previous.latitude > point.latitude) {
                let crossing =
                    (previous.longitude - vertex.longitude) * (point.latitude - vertex.latitude)
                    / (previous.latitude - vertex.latitude) + vertex.longitude
                if point.longitude < crossing { isInside.toggle() }
            }
            previous = vertex
        }
        return isInside
    }

    /// Metres from the centre to the farthest corner of the bounds.
    var reach: Double {
        var reach = 0.0
        for longitude in [bounds.longitudes.low, bounds.longitudes.high] {
            for latitude in [bounds.latitudes.low, bounds.latitudes.high] {
                reach = max(reach, centre.distance(to: GeoPoint(longitude: longitude, latitude: latitude)))
            }
        }
        return reach
    }
}
