import Testing

@testable import Engine

/// Searches against a plain look at every member.
@Suite struct GeoSearchTests {
    /// A sorted set of random places, most of them near each other.
    private struct Subject {
        let dataset = Dataset(databases: 1, seed: (1, 2))
        var set: SortedSetValue
        var places: [(name: [UInt8], score: Double)] = []

        init(count: Int, around centre: GeoPoint, using random: inout SeededGenerator) {
            let limits = CollectionLimits()
            set = SortedSetValue(expecting: count, in: dataset.keyspaces[0], limits)
            for number in 0..<count {
                let spread = ([0.001, 0.1, 2, 40] as [Double]).randomElement(using: &random) ?? 1
                let x = centre.longitude + Double.random(in: -spread...spread, using: &random)
                let y = centre.latitude + Double.random(in: -spread...spread, using: &random)
                let point = GeoPoint(longitude: min(max(x, -180), 180), latitude: min(max(y, -85), 85))
                let (name, score) = (Array("m\(number)".utf8), GeoHash(point).score)
                // The array lives until the member is copied.
                let member = unsafe PackedElement(packing: name.span.bytes)
                _ = set.set(member, score, in: dataset.keyspaces[0], limits)
                places.append((name, score))
            }
            places.sort {
                $0.score != $1.score ? $0.score < $1.score : $0.name.lexicographicallyPrecedes($1.name)
            }
        }

        /// What the shape's cells have, one after the other, as far as it lies inside.
        func expected(_ shape: GeoShape) -> [(name: [UInt8], distance: Double)] {
            shape.cells.flatMap { cell in
                places.filter { cell.scores.contains($0.score) }.compactMap { place in
                    shape.distance(to: GeoHash(score: place.score).point).map { (place.name, $0) }
                }
            }
        }
    }

    private static let centres = [(15.0, 37.0), (179.9, 0), (-179.9, 66), (0.001, -84), (-70, 80.5)]
        .map { GeoPoint(longitude: $0, latitude: $1) }

    private static func shape(around centre: GeoPoint, using random: inout SeededGenerator) -> GeoShape {
        func length() -> Double { Double.random(in: -1...1, using: &random) }
        let reach = ([100.0, 10_000, 300_000, 6_000_000] as [Double]).randomElement(using: &random) ?? 1
        let extent: GeoShape.Extent
        switch Int.random(in: 0..<3, using: &random) {
        case 0: extent = .circle(radius: reach * length().magnitude)
        case 1: extent = .box(width: reach * length().magnitude, height: reach * length().magnitude)
        default:
            let spread = reach / 100_000
            let vertices = (0..<Int.random(in: 3...9, using: &random)).map { _ in
                GeoPoint(
                    longitude: min(max(centre.longitude + spread * length(), -180), 180),
                    latitude: min(max(centre.latitude + spread * length(), -85), 85))
            }
            let polygon = GeoPolygon(vertices)
            return GeoShape(centre: polygon.centre, extent: .polygon(polygon), unit: .metres)
        }
        let place = GeoPoint(
            longitude: min(max(centre.longitude + length(), -180), 180), latitude: centre.latitude)
        return GeoShape(centre: place, extent: extent, unit: .metres)
    }

    @Test(arguments: [5, 100, 3000], [1, 2, 3] as [UInt64])
    func findsWhatLiesInside(count: Int, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var found = 0
        for centre in Self.centres {
            let subject = Subject(count: count, around: centre, using: &random)
            for _ in 0..<40 {
                let shape = Self.shape(around: centre, using: &random)
                let expected = subject.expected(shape)
                let all = GeoSearch(shape, in: subject.set, .all).matches
                #expect(all.map(\.member.copy) == expected.map(\.name))
                #expect(all.map(\.distance) == expected.map(\.distance))
                let some = Int.random(in: 1...20, using: &random)
                let any = GeoSearch(shape, in: subject.set, .any(some)).matches
                #expect(any.map(\.member.copy) == expected.prefix(some).map(\.name))
                let distances = expected.map(\.distance).sorted()
                let nearest = GeoSearch(shape, in: subject.set, .nearest(some)).matches
                #expect(nearest.map(\.distance).sorted() == Array(distances.prefix(some)))
                let farthest = GeoSearch(shape, in: subject.set, .farthest(some)).matches
                #expect(farthest.map(\.distance).sorted() == Array(distances.suffix(some)))
                found += expected.count
            }
        }
        #expect(found > count * 10)
    }

    /// A polygon's cells cover it wherever it lies.
    @Test(arguments: [1, 2, 3] as [UInt64]) func polygonsAreCovered(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let centre = GeoPoint(
                longitude: Double.random(in: -180...180, using: &random),
                latitude: Double.random(in: -85...85, using: &random))
            let spread = ([0.01, 1, 30, 200] as [Double]).randomElement(using: &random) ?? 1
            func near() -> GeoPoint {
                let x = centre.longitude + Double.random(in: -spread...spread, using: &random)
                let y = centre.latitude + Double.random(in: -spread...spread, using: &random)
                // A place at 180 degrees east has a score beyond all cells, as in Redis.
                return GeoPoint(longitude: min(max(x, -180), 179.999), latitude: min(max(y, -85), 85))
            }
            let polygon = GeoPolygon((0..<Int.random(in: 3...6, using: &random)).map { _ in near() })
            let shape = GeoShape(centre: polygon.centre, extent: .polygon(polygon), unit: .metres)
            let cells = shape.cells
            for _ in 0..<50 {
                let hash = GeoHash(near())
                if polygon.contains(hash.point) {
                    #expect(cells.count { $0.scores.contains(hash.score) } == 1)
                }
            }
        }
    }

    /// What scores beyond all cells mean is found nowhere, and stops nothing.
    @Test func strangeScoresAreNoPlaces() {
        let dataset = Dataset(databases: 1, seed: (1, 2))
        for count in [7, 200] {
            var set = SortedSetValue(expecting: count, in: dataset.keyspaces[0], CollectionLimits())
            for number in 0..<count {
                let scores: [Double] = [-1, 1e300, -1e300, .infinity, -.infinity, 0x1p63, -0.5]
                _ = set.set(
                    PackedElement(Int64(number)), scores[number % 7], in: dataset.keyspaces[0],
                    CollectionLimits())
            }
            let shape = GeoShape(
                centre: GeoPoint(longitude: 0, latitude: 0), extent: .circle(radius: .infinity), unit: .miles)
            #expect(GeoSearch(shape, in: set, .all).matches.isEmpty)
        }
    }
}
