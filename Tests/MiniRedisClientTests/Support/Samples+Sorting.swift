import MiniRedisClient

extension Sample {
    static let sorting: [Sample] =
        [RedisSortOrder.ascending, .descending, .alphabetic, .reverseAlphabetic].flatMap { order in
            let byWeight = RedisSorting(order, by: "w*", values: ["#", "h*->f"], offset: 1, limit: 2)
            return [
                Sample(.sort("list", RedisSorting(order))), Sample(.sort("list", byWeight, as: String.self)),
                Sample(.sortReadOnly("list", RedisSorting(order, offset: 1))),
                Sample(.sortReadOnly("list", byWeight, as: String.self)),
                Sample(.sort("list", byWeight, into: "sorted")),
            ]
        }
}
