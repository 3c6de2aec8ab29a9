import MiniRedisClient

extension Sample {
    private static let towns: [(member: String, place: RedisPlace)] = [
        ("palermo", RedisPlace(longitude: 13.361389, latitude: 38.115556)),
        ("catania", RedisPlace(longitude: 15.087269, latitude: 37.502669)),
    ]

    private static let here = RedisArea.circle(
        around: .place(longitude: 15, latitude: 37), radius: 200, .kilometres)

    private static let triangle = RedisArea.polygon(
        [(13, 38), (14, 38), (13.5, 39)].map { RedisPlace(longitude: $0, latitude: $1) })

    static let places: [Sample] =
        [
            Sample(.geoadd("g", towns)), Sample(.geoadd("g", towns, if: .absent, countingChanged: true)),
            Sample(.geoadd("g", towns, if: .present)), Sample(.geopos("g", ["palermo", "none"])),
            Sample(.geohash("g", ["palermo", "none"])), Sample(.geodist("g", "palermo", "none")),
            Sample(.geosearch("g", here)), Sample(.geosearch("g", triangle)),
            Sample(.geosearchWithPlaces("g", here, .nearest(limit: 1))),
            Sample(.geosearchstore("g", triangle, into: "h")),
            Sample(.geosearchstore("g", here, .any(limit: 1), storingDistances: true, into: "h")),
        ]
        + [RedisLengthUnit.metres, .kilometres, .feet, .miles].flatMap { unit in
            let circle = RedisArea.circle(around: .member("palermo"), radius: 1, unit)
            let box = RedisArea.box(
                around: .place(longitude: 15, latitude: 37), width: 400, height: 400, unit)
            return [
                Sample(.geodist("g", "palermo", "catania", in: unit)),
                Sample(.geosearch("g", circle, .farthest(), as: String.self)),
                Sample(.geosearchWithPlaces("g", box, .any(limit: 2), as: String.self)),
                Sample(.geosearchstore("g", circle, .nearest(), into: "h")),
                Sample(.geosearchstore("g", box, .farthest(limit: 5), into: "h")),
            ]
        }
}
