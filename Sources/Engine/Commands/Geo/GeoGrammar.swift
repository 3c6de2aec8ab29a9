/// What the commands that search share in their grammar.
extension GeoRequest {
    static let unitGrammar = ArgumentSpec.oneOf(
        "unit",
        [
            .token("m", name: "m"), .token("km", name: "km"), .token("ft", name: "ft"),
            .token("mi", name: "mi"),
        ])

    /// Around what, and how far; or between what.
    static let areaGrammar: ArgumentSpec = .oneOf(
        "search-type",
        [
            .block(
                "radius-or-box",
                [
                    .oneOf(
                        "from",
                        [
                            .string("member", token: "FROMMEMBER"),
                            .block(
                                "fromlonlat", [.double("longitude"), .double("latitude")], token: "FROMLONLAT"
                            ),
                        ]),
                    .oneOf(
                        "by",
                        [
                            .block("circle", [.double("radius", token: "BYRADIUS"), unitGrammar]),
                            .block(
                                "box", [.double("width", token: "BYBOX"), .double("height"), unitGrammar]),
                        ]),
                ]),
            .block(
                "polygon",
                [
                    .integer("num-vertices", token: "BYPOLYGON"),
                    .block("vertices", [.double("longitude"), .double("latitude")]).multiple,
                ]
            ).since("Valkey 9.0.0"),
        ])

    static let orderGrammar = ArgumentSpec.oneOf(
        "order", [.token("ASC", name: "asc"), .token("DESC", name: "desc")]
    ).optional

    /// How many; `since` says when ANY came where the command is older.
    static func countGrammar(anySince version: StaticString? = nil) -> ArgumentSpec {
        let any = ArgumentSpec.token("ANY", name: "any").optional
        return .block(
            "count-block",
            [.integer("count", token: "COUNT"), version.map { any.since($0) } ?? any]
        ).optional
    }

    static let replyGrammar: [ArgumentSpec] = [
        .token("WITHCOORD", name: "withcoord").optional, .token("WITHDIST", name: "withdist").optional,
        .token("WITHHASH", name: "withhash").optional,
    ]

    static let storeGrammar = ArgumentSpec.oneOf(
        "store",
        [
            ArgumentSpec("storekey", .key(spec: 1), token: "STORE"),
            ArgumentSpec("storedistkey", .key(spec: 2), token: "STOREDIST"),
        ]
    ).optional
}
