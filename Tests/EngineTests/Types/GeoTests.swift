import Testing

@testable import Engine

/// A place and what real Redis makes of it.
struct KnownPlace: Sendable {
    let name: String
    let point: GeoPoint
    let score: Double
    let text: String
    /// Where the cell's middle is.
    let middle: GeoPoint

    init(
        _ name: String, _ longitude: Double, _ latitude: Double, _ score: Double, _ text: String, _ x: Double,
        _ y: Double
    ) {
        self.name = name
        point = GeoPoint(longitude: longitude, latitude: latitude)
        self.score = score
        self.text = text
        middle = GeoPoint(longitude: x, latitude: y)
    }

    static let all: [KnownPlace] = [
        KnownPlace(
            "palermo", 13.361389, 38.115556, 3_479_099_956_230_698, "sqc8b49rny0", 13.361389338970184,
            38.1155563954963),
        KnownPlace(
            "catania", 15.087269, 37.502669, 3_479_447_370_796_909, "sqdtr74hyu0", 15.087267458438873,
            37.50266842333162),
        KnownPlace(
            "null", 0, 0, 3_377_699_720_527_872, "s0000000000", 2.682209014892578e-6, 1.2673605809254695e-6),
        KnownPlace("east", 180, 0, 10_133_099_161_583_616, "80000000000", 180, 1.2673605809254695e-6),
        KnownPlace(
            "west", -180, 0, 1_125_899_906_842_624, "80000000000", -179.99999731779099, 1.2673605809254695e-6),
        KnownPlace(
            "dateline-e", 179.9, -17.5, 3_355_429_480_323_325, "ruzumwppjg0", 179.89999920129776,
            -17.500000040206544),
        KnownPlace(
            "dateline-w", -179.9, -17.4, 353_034_240_587_335, "2hbj422vdh0", -179.89999920129776,
            -17.4000002210283),
        KnownPlace(
            "north", 20, 85.05112878, 6_766_947_132_407_976, "urn5z55d9z0", 20.00000149011612, 85.05112878),
        KnownPlace(
            "south", -20, -85.05112878, 739_052_246_542_850, "58cu0uumq00", -20.00000149011612,
            -85.05112751263943),
        KnownPlace(
            "svalbard", 15.6, 78.2, 3_757_806_250_084_189, "umghfgzs420", 15.599998533725739,
            78.19999927440826),
        KnownPlace(
            "alert", -62.3, 82.5, 2_099_693_087_135_036, "fwetq6dt2f0", -62.299998700618744, 82.49999910323606
        ),
        KnownPlace(
            "quito", -78.5, -0.18, 947_044_020_404_686, "6rbnvxnp3m0", -78.49999934434891,
            -0.1799994210487128),
        KnownPlace(
            "singapore", 103.8, 1.35, 3_949_901_637_531_596, "w21zdjbb760", 103.80000025033951,
            1.3499988262668197),
        KnownPlace(
            "auckland", 174.76, -36.85, 3_287_565_650_387_863, "rckq2g8m5n0", 174.76000159978867,
            -36.850000537292274),
        KnownPlace(
            "oslo", 10.75, 59.91, 3_684_363_709_426_071, "u4xsud7cj10", 10.75000137090683, 59.9099988883888),
    ]
}

@Suite struct GeoTests {
    private func text(_ hash: GeoHash) -> String {
        let text = hash.text
        return String(decoding: (0..<11).map { text[$0] }, as: UTF8.self)
    }

    private func middle(_ name: String) -> GeoPoint? {
        KnownPlace.all.first { $0.name == name }.map { GeoHash(score: $0.score).point }
    }

    @Test(arguments: KnownPlace.all)
    func placesAreThoseOfRedis(place: KnownPlace) {
        #expect(place.point.isValid)
        #expect(GeoHash(place.point).score == place.score)
        let hash = GeoHash(score: place.score)
        #expect(hash.point == place.middle)
        #expect(text(hash) == place.text)
    }

    @Test(
        arguments: [
            ("palermo", "catania", ["166274.1516", "166.2742", "545518.8700", "103.3182"]),
            ("dateline-e", "dateline-w", ["23959.7993", "23.9598", "78608.2654", "14.8880"]),
            ("north", "south", ["18986387.2146", "18986.3872", "62291296.6358", "11797.6234"]),
            ("null", "quito", ["8731271.1741", "8731.2712", "28645902.8021", "5425.3739"]),
            ("east", "west", ["0.2983", "0.0003", "0.9788", "0.0002"]),
            ("oslo", "oslo", ["0.0000", "0.0000", "0.0000", "0.0000"]),
            ("null", "east", ["20020733.6202", "20020.7336", "65684821.5884", "12440.3380"]),
        ] as [(String, String, [String])])
    func distancesAreThoseOfRedis(from: String, to: String, distances: [String]) throws {
        let (from, to) = (try #require(middle(from)), try #require(middle(to)))
        let units: [GeoUnit] = [.metres, .kilometres, .feet, .miles]
        for (unit, expected) in zip(units, distances) {
            let distance = from.distance(to: to) / unit.inMetres
            GeoPoint.withText(ofDistance: distance) { #expect($0.text == expected) }
        }
        #expect((from.distance(to: to) - to.distance(to: from)).magnitude < 1e-6)
    }

    @Test func distancesHaveFourDecimals() {
        let texts: [(Double, String)] = [
            (0, "0.0000"), (-0.0, "0.0000"), (0.00004, "0.0000"), (0.00006, "0.0001"), (0.775, "0.7750"),
            (9.99996, "10.0000"), (-1.5, "-1.5000"), (123_456_789, "123456789.0000"),
            (.infinity, "-922337203685477.5808"), (.nan, "-922337203685477.5808"),
        ]
        for (distance, text) in texts {
            GeoPoint.withText(ofDistance: distance) { #expect($0.text == text) }
        }
    }

    @Test func unitsHaveNames() {
        let names: [(String, GeoUnit?)] = [
            ("m", .metres), ("KM", .kilometres), ("Ft", .feet), ("mi", .miles), ("", nil), ("mm", nil),
            ("k", nil),
        ]
        for (name, unit) in names {
            let bytes = Array(name.utf8)
            let found = GeoUnit(bytes.raw)
            #expect(found == unit)
        }
    }

    // MARK: Searching

    /// What Redis finds among the places, in its order: cell by cell, and in a cell by score.
    @Test(
        arguments: [
            (15, 37, .circle(radius: 200), .kilometres, "palermo catania"),
            (15, 37, .box(width: 400, height: 400), .kilometres, "palermo catania"),
            (179.99, -17.5, .circle(radius: 30), .kilometres, "dateline-e dateline-w"),
            (-179.99, -17.5, .box(width: 60, height: 30), .kilometres, "dateline-w dateline-e"),
            (20, 85, .circle(radius: 10), .kilometres, ""),
            (0, 84, .circle(radius: 1500), .kilometres, "svalbard alert"),
            (0, 84, .box(width: 4000, height: 1500), .kilometres, "svalbard alert"),
            (-20, -85, .box(width: 100, height: 100), .miles, "south"),
            (
                0, 0, .circle(radius: 25000), .kilometres,
                "null palermo catania oslo svalbard singapore auckland dateline-e west alert dateline-w south quito"
            ),
            (
                0, 0, .box(width: 40000, height: 10000), .kilometres,
                "null palermo catania singapore auckland dateline-e dateline-w quito"
            ),
            (0, 0, .circle(radius: 0), .metres, ""),
            (15.6, 78.2, .circle(radius: 3_000_000), .feet, "svalbard"),
            (180, 0, .circle(radius: 1), .metres, "east"),
            (100, 0, .circle(radius: 9000), .kilometres, "singapore auckland dateline-e west dateline-w"),
        ] as [(Double, Double, GeoShape.Extent, GeoUnit, String)])
    func searchesAreThoseOfRedis(
        longitude: Double, latitude: Double, extent: GeoShape.Extent, unit: GeoUnit, expected: String
    ) {
        let shape = GeoShape(
            centre: GeoPoint(longitude: longitude, latitude: latitude), extent: extent, unit: unit)
        let places = KnownPlace.all.sorted { $0.score < $1.score }
        var found: [String] = []
        for cell in shape.cells {
            for place in places where cell.scores.contains(place.score) {
                if shape.distance(to: GeoHash(score: place.score).point) != nil { found.append(place.name) }
            }
        }
        #expect(found.joined(separator: " ") == expected)
    }

    /// Away from edges of the map nothing inside a shape is outside its cells.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func cellsCoverTheShape(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let centre = GeoPoint(
                longitude: Double.random(in: -120...120, using: &generator),
                latitude: Double.random(in: -60...60, using: &generator))
            let reach = Double.random(in: 1...500_000, using: &generator)
            let extent: GeoShape.Extent =
                Bool.random(using: &generator)
                ? .circle(radius: reach) : .box(width: reach, height: reach / 3)
            let shape = GeoShape(centre: centre, extent: extent, unit: .metres)
            let cells = shape.cells
            for _ in 0..<20 {
                let point = GeoPoint(
                    longitude: centre.longitude + Double.random(in: -5...5, using: &generator),
                    latitude: centre.latitude + Double.random(in: -5...5, using: &generator))
                let score = GeoHash(point).score
                if shape.distance(to: GeoHash(score: score).point) != nil {
                    #expect(cells.contains { $0.scores.contains(score) })
                }
            }
        }
    }

    @Test func anyScoreIsAPlace() {
        for score in [
            -1, 0, -0.0, 3.7, 0x1p52, 0x1p53, 0x1p63, 0x1p64, 1e300, -1e300, .infinity, -.infinity, .nan,
        ] {
            let hash = GeoHash(score: score)
            #expect(hash.point.isValid)
            #expect(text(hash).utf8.count == 11)
        }
    }

    @Test func bitsAreInterleaved() {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<1000 {
            let (even, odd) = (
                UInt32.random(in: 0 ... .max, using: &generator), UInt32(generator.next() >> 32)
            )
            let bits = GeoHash.interleave(even, odd)
            let parts = GeoHash.deinterleave(bits)
            #expect(parts.even == even && parts.odd == odd)
            for place in 0..<32 as Range<UInt64> {
                #expect(bits >> (2 * place) & 1 == UInt64(even) >> place & 1)
            }
        }
    }

    @Test func neighboursWrapAround() {
        let corner = GeoHash(bits: 0, step: 3)
        let west = corner.neighbour(east: -1, north: 0)
        #expect(west.bits == 0b101010 && west.neighbour(east: 1, north: 0) == corner)
        let south = corner.neighbour(east: 0, north: -1)
        #expect(south.bits == 0b010101 && south.neighbour(east: 0, north: 1) == corner)
        #expect(corner.neighbour(east: 1, north: 1).bits == 0b000011)
        #expect(corner.neighbour(east: -1, north: -1).neighbour(east: 1, north: 1) == corner)
        #expect(corner.neighbour(east: 0, north: 0) == corner)
    }
}
