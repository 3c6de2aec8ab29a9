/// What GEOSEARCH looks into: everything around a place as far as a radius or the sides of a box reach, or
/// what lies between vertices.
struct GeoShape: Sendable {
    enum Extent: Sendable {
        case circle(radius: Double)
        case box(width: Double, height: Double)
        case polygon(GeoPolygon)
    }

    let centre: GeoPoint
    /// Measures in `unit`.
    let extent: Extent
    let unit: GeoUnit

    /// Metres from the centre to a place, if it lies inside.
    @inline(__always)
    func distance(to point: GeoPoint) -> Double? {
        switch extent {
        case .circle(let radius):
            let distance = centre.distance(to: point)
            return distance > radius * unit.inMetres ? nil : distance
        case .box(let width, let height):
            // The latitude's distance is the cheaper one.
            if point.distance(toLatitude: centre.latitude) > height * unit.inMetres / 2 { return nil }
            let across = point.distance(
                to: GeoPoint(longitude: centre.longitude, latitude: point.latitude))
            return across > width * unit.inMetres / 2 ? nil : centre.distance(to: point)
        case .polygon(let polygon):
            return polygon.contains(point) ? centre.distance(to: point) : nil
        }
    }

    /// Cells that cover the shape together, in the order in which Redis looks into them.
    ///
    /// A cell may come twice where Redis visits it twice, and then gives its members twice.
    var cells: [GeoHash] {
        let bounds = bounds
        var step = GeoShape.step(reach: reach, latitude: centre.latitude)
        var cell = GeoHash(middle, step: step)
        // Near an edge of its cell the centre's neighbours may not reach far enough.
        if case .polygon = extent {
            while step > 1, !GeoShape.surroundings(of: cell, cover: bounds) {
                step -= 1
                cell = GeoHash(middle, step: step)
            }
        } else if step > 1, !GeoShape.neighbours(of: cell, cover: bounds) {
            step -= 1
            cell = GeoHash(middle, step: step)
        }
        let area = cell.area
        // Those that the shape does not touch are left out, unless cells are so large that they wrap around.
        let mayOmit = step >= 2
        let omitsSouth = mayOmit && area.latitudes.low < bounds.latitudes.low
        let omitsNorth = mayOmit && area.latitudes.high > bounds.latitudes.high
        let omitsWest = mayOmit && area.longitudes.low < bounds.longitudes.low
        let omitsEast = mayOmit && area.longitudes.high > bounds.longitudes.high
        var cells = [cell]
        for (east, north) in GeoShape.directions {
            if north < 0 && omitsSouth || north > 0 && omitsNorth { continue }
            if east < 0 && omitsWest || east > 0 && omitsEast { continue }
            let next = cell.neighbour(east: east, north: north)
            // Of huge shapes neighbours may be the same cell; Redis compares with all but the first.
            if cells.count > 1, cells.last == next { continue }
            cells.append(next)
        }
        return cells
    }

    /// The centre; a polygon's is brought to where the map has cells, which is not at its upper ends.
    private var middle: GeoPoint {
        guard case .polygon = extent else { return centre }
        let (longitudes, latitudes) = (GeoPoint.longitudes, GeoPoint.latitudes)
        return GeoPoint(
            longitude: min(centre.longitude, longitudes.upperBound - 1e-9),
            latitude: min(max(centre.latitude, latitudes.lowerBound), latitudes.upperBound - 1e-9))
    }

    private static let directions: [(east: Int, north: Int)] = [
        (0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1),
    ]

    /// Metres from the centre to the farthest point.
    private var reach: Double {
        switch extent {
        case .circle(let radius): radius * unit.inMetres
        case .box(let width, let height):
            ((width / 2) * (width / 2) + (height / 2) * (height / 2)).squareRoot() * unit.inMetres
        case .polygon(let polygon): polygon.reach
        }
    }

    /// The coordinates that the shape lies between.
    private var bounds: GeoHash.Area {
        let (width, height): (Double, Double)
        switch extent {
        case .circle(let radius): (width, height) = (unit.inMetres * radius, unit.inMetres * radius)
        case .box(let across, let up):
            (width, height) = (unit.inMetres * (across / 2), unit.inMetres * (up / 2))
        case .polygon(let polygon): return polygon.bounds
        }
        let up = GeoPoint.degrees(height / GeoPoint.earthRadius)
        // Towards the poles meridians are closer, so the side that is nearer to one spans more of them.
        let narrow = centre.latitude < 0 ? centre.latitude - up : centre.latitude + up
        let across = GeoPoint.degrees(
            width / GeoPoint.earthRadius / Trigonometry.cosine(GeoPoint.radians(narrow)))
        return GeoHash.Area(
            longitudes: (centre.longitude - across, centre.longitude + across),
            latitudes: (centre.latitude - up, centre.latitude + up))
    }

    /// How fine the grid may be for a cell and its neighbours to cover a circle.
    private static func step(reach: Double, latitude: Double) -> Int {
        if reach == 0 { return GeoHash.finestStep }
        var step = 1
        var reach = reach
        while reach < halfEquator {
            reach *= 2
            step += 1
        }
        // So that most places in the cell have room around them.
        step -= 2
        // Towards the poles cells are narrower.
        if latitude.magnitude > 66 { step -= latitude.magnitude > 80 ? 2 : 1 }
        return min(max(step, 1), GeoHash.finestStep)
    }

    /// Metres from the middle of a map of the earth to its edge.
    private static var halfEquator: Double { 20037726.37 }

    /// Whether a cell and as much around it on every side contain some coordinates, or end with the map.
    private static func surroundings(of cell: GeoHash, cover bounds: GeoHash.Area) -> Bool {
        let area = cell.area
        let width = area.longitudes.high - area.longitudes.low
        let height = area.latitudes.high - area.latitudes.low
        return area.longitudes.high + width >= bounds.longitudes.high
            && area.longitudes.low - width <= bounds.longitudes.low
            && area.latitudes.high + height >= bounds.latitudes.high
            && area.latitudes.low - height <= bounds.latitudes.low
    }

    /// Whether the cells around one reach as far as some coordinates.
    private static func neighbours(of cell: GeoHash, cover bounds: GeoHash.Area) -> Bool {
        !(cell.neighbour(east: 0, north: 1).area.latitudes.high < bounds.latitudes.high)
            && !(cell.neighbour(east: 0, north: -1).area.latitudes.low > bounds.latitudes.low)
            && !(cell.neighbour(east: 1, north: 0).area.longitudes.high < bounds.longitudes.high)
            && !(cell.neighbour(east: -1, north: 0).area.longitudes.low > bounds.longitudes.low)
    }
}
