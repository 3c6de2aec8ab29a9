import TestSupport
import Testing

/// The commands on places through the wire: replies, encodings, errors and their order.
@Suite struct GeoCommandTests {
    /// Two towns on an island.
    private static let towns = "GEOADD g 13.361389 38.115556 palermo 15.087269 37.502669 catania -> :2\n"

    @Test func places() async throws {
        try await expectScript(
            Self.towns + """
                TYPE g -> zset
                OBJECT ENCODING g -> "listpack"
                ZSCORE g palermo -> "3479099956230698"
                GEOADD g CH 13.361389 38.115556 palermo 1 1 catania -> :1
                GEOADD g NX 2 2 catania 3 3 new -> :1
                GEOADD g XX CH 2 2 catania 3 3 newer -> :1
                GEOADD none XX 1 1 a -> :0
                EXISTS none -> :0
                GEOPOS g palermo nope -> [["13.361389338970184" "38.1155563954963"] nil]
                GEOPOS g -> []
                GEOPOS none a -> [nil]
                GEOHASH g palermo nope -> ["sqc8b49rny0" nil]
                GEOHASH none a -> [nil]
                GEODIST g palermo catania km -> "4180.7273"
                GEODIST g palermo palermo -> "0.0000"
                GEODIST g palermo nope -> nil
                GEODIST none a b -> nil
                HELLO 3
                GEOPOS g palermo nope -> [[,13.361389338970184 ,38.1155563954963] nil]
                GEODIST g palermo catania MI -> "2597.7899"
                """)
    }

    @Test func placesAreRefused() async throws {
        try await expectScript(
            """
            SET s x
            GEOADD s x y a -> -ERR value is not a valid float
            GEOADD s 181 0 a -> -ERR invalid longitude,latitude pair 181.000000,0.000000
            GEOADD g 1 1 a 0 1e20 b -> -ERR invalid longitude,latitude pair 0.000000,100000000000000000000.000000
            GEOADD g -inf 1 a -> -ERR invalid longitude,latitude pair -inf,1.000000
            GEOADD s 1 1 a -> -WRONGTYPE Operation against a key holding the wrong kind of value
            GEOADD g 1 1 -> -ERR wrong number of arguments for 'geoadd' command
            GEOADD g 1 1 a 2 -> -ERR syntax error
            GEOADD g NX CH CH -> -ERR syntax error
            GEOADD g NX XX 1 1 a -> -ERR syntax error
            EXISTS g -> :0
            GEOPOS s a -> -WRONGTYPE Operation against a key holding the wrong kind of value
            GEODIST s a b x -> -ERR unsupported unit provided. please use M, KM, FT, MI
            GEODIST s a b m m -> -ERR syntax error
            GEODIST s a b m -> -WRONGTYPE Operation against a key holding the wrong kind of value
            """)
    }

    @Test func searching() async throws {
        try await expectScript(
            Self.towns + """
                GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 200 km ASC -> ["catania" "palermo"]
                GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 200 km DESC -> ["palermo" "catania"]
                GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 200 km -> ["palermo" "catania"]
                GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 200 km COUNT 1 -> ["catania"]
                GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 200 km COUNT 1 DESC -> ["palermo"]
                GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 200 km COUNT 1 ANY -> ["palermo"]
                GEOSEARCH g FROMMEMBER palermo BYBOX 1 1 mi WITHDIST -> [["palermo" "0.0000"]]
                GEOSEARCH g BYBOX 400 400 km FROMLONLAT 15 37 COUNT 9 WITHDIST -> [["catania" "56.4413"] ["palermo" "190.4424"]]
                GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 100 km WITHCOORD WITHHASH WITHDIST -> [["catania" "56.4413" :3479447370796909 ["15.087267458438873" "37.50266842333162"]]]
                GEORADIUS g 15 37 100 km -> ["catania"]
                GEORADIUS_RO g 15 37 200 km DESC -> ["palermo" "catania"]
                GEORADIUSBYMEMBER g catania 200 km ASC WITHDIST -> [["catania" "0.0000"] ["palermo" "166.2742"]]
                GEORADIUSBYMEMBER_RO g palermo 0 m -> ["palermo"]
                GEOSEARCH none FROMLONLAT 15 37 BYRADIUS 200 km -> []
                GEOSEARCH none FROMMEMBER x BYRADIUS 200 km -> []
                GEORADIUSBYMEMBER none x not-read either -> []
                """)
    }

    @Test func polygons() async throws {
        try await expectScript(
            Self.towns + """
                GEOSEARCH g BYPOLYGON 3 13 38 14 38 13.5 39 -> ["palermo"]
                GEOSEARCH g BYPOLYGON 4 12 36 16 36 16 39 12 39 ASC WITHDIST -> [["palermo" "87079.3757"] ["catania" "95942.2984"]]
                GEOSEARCH g BYPOLYGON 4 12 36 16 36 16 39 12 39 COUNT 1 ANY -> ["palermo"]
                GEOSEARCHSTORE d g BYPOLYGON 3 13 38 14 38 13.5 39 -> :1
                ZRANGE d 0 -1 -> ["palermo"]
                GEOSEARCH g BYPOLYGON 2 13 38 14 38 ASC -> -ERR GEOSEARCH BYPOLYGON must have at least 3 vertices
                GEOSEARCH g BYPOLYGON 3 13 38 14 38 13.5 -> -ERR GEOSEARCH BYPOLYGON must have at least 3 vertices
                GEOSEARCH g BYPOLYGON x 13 38 14 38 13.5 39 -> -ERR invalid number of vertices
                GEOSEARCH g BYPOLYGON 3 13 38 14 38 13.5 99 -> -ERR invalid longitude,latitude pair 13.500000,99.000000
                GEOSEARCH g BYPOLYGON 3 13 38 14 38 13.5 39 BYRADIUS 1 m -> -ERR syntax error
                GEOSEARCH g FROMLONLAT 1 1 BYPOLYGON 3 13 38 14 38 13.5 39 -> -ERR syntax error
                GEORADIUS g 1 1 1 m BYPOLYGON 3 13 38 14 38 13.5 39 -> -ERR syntax error
                """)
    }

    /// The vertices and distances are those of Valkey's own test.
    @Test func polygonsThatAreNotConvex() async throws {
        let city = """
            11 151.21619137411474 -33.869643764947696 151.20408853981647 -33.87845382042545 \
            151.2123775086366 -33.87864711938855 151.21046943124387 -33.87588862400425 \
            151.21701035939626 -33.874286511854834 151.2239557405701 -33.8735722632175 \
            151.22495056246407 -33.87893571656996 151.2274447496748 -33.882307713036354 \
            151.23212935868654 -33.88136096120022 151.23097291274465 -33.87456240592362 \
            151.22475424781445 -33.87099633192101
            """
        let star = """
            5 151.2154285314146 -33.867438205607186 151.20024487595015 -33.88138572784347 \
            151.2374118848648 -33.87601765283626 151.19695829592922 -33.87272872054441 \
            151.2278336546125 -33.88345323146266
            """
        try await expectScript(
            """
            GEOADD g 151.20932132005692 -33.877723137822436 elizabeth
            GEOADD g 151.2119820713997 -33.87697539508043 connaught 151.2119820713997 -33.87156123068408 james
            GEOADD g 151.2229523062706 -33.883973760201364 oxford 151.22852593660355 -33.88116782387797 goodhope
            GEOADD g 151.2224105000496 -33.87544442350019 kings 151.22953444719315 -33.874838625143106 reg
            GEOSEARCH g BYPOLYGON \(city) -> ["goodhope" "reg" "elizabeth"]
            GEOSEARCH g BYPOLYGON \(city) WITHDIST DESC -> [["elizabeth" "1035.7735"] ["goodhope" "929.4979"] ["reg" "858.3013"]]
            GEOSEARCHSTORE d g BYPOLYGON \(city) ASC STOREDIST COUNT 2 -> :2
            ZRANGE d 0 -1 -> ["reg" "goodhope"]
            GEOSEARCH g BYPOLYGON \(star) -> ["elizabeth" "james" "kings"]
            """)
    }

    @Test func storing() async throws {
        try await expectScript(
            Self.towns + """
                GEOSEARCHSTORE d g FROMLONLAT 15 37 BYRADIUS 200 km -> :2
                ZRANGE d 0 -1 WITHSCORES -> ["palermo" "3479099956230698" "catania" "3479447370796909"]
                GEOSEARCHSTORE d g FROMLONLAT 15 37 BYRADIUS 200 km STOREDIST COUNT 1 -> :1
                ZRANGE d 0 -1 WITHSCORES -> ["catania" "56.4412578701582"]
                GEORADIUS g 15 37 200 km STORE d -> :2
                GEORADIUS g 15 37 200 m STOREDIST d -> :0
                EXISTS d -> :0
                GEOSEARCHSTORE g g FROMMEMBER catania BYRADIUS 1 km -> :1
                ZCARD g -> :1
                SET d x
                GEORADIUSBYMEMBER none x 1 m STORE d -> :0
                EXISTS d -> :0
                """)
    }

    @Test func searchesAreRefused() async throws {
        try await expectScript(
            Self.towns + """
                SET s x
                GEOSEARCH s FROMLONLAT x 1 BYRADIUS 1 m -> -WRONGTYPE Operation against a key holding the wrong kind of value
                GEOSEARCH g FROMMEMBER nope BYRADIUS x m -> -ERR could not decode requested zset member
                GEOSEARCH g FROMMEMBER palermo BYRADIUS x m -> -ERR need numeric radius
                GEOSEARCH g FROMMEMBER palermo BYRADIUS -1 m -> -ERR radius cannot be negative
                GEOSEARCH g FROMMEMBER palermo BYRADIUS 1 x -> -ERR unsupported unit provided. please use M, KM, FT, MI
                GEOSEARCH g FROMMEMBER palermo BYBOX x 1 m -> -ERR need numeric width
                GEOSEARCH g FROMMEMBER palermo BYBOX 1 x m -> -ERR need numeric height
                GEOSEARCH g FROMMEMBER palermo BYBOX 1 -1 m -> -ERR height or width cannot be negative
                GEOSEARCH g FROMMEMBER palermo BYBOX 1 1 m BYRADIUS 1 m -> -ERR syntax error
                GEOSEARCH g FROMMEMBER palermo FROMLONLAT 1 1 BYRADIUS 1 m -> -ERR syntax error
                GEOSEARCH g FROMMEMBER palermo BYRADIUS 1 m COUNT 0 -> -ERR COUNT must be > 0
                GEOSEARCH g FROMMEMBER palermo BYRADIUS 1 m COUNT x -> -ERR value is not an integer or out of range
                GEOSEARCH g FROMMEMBER palermo BYRADIUS 1 m ANY -> -ERR the ANY argument requires COUNT argument
                GEOSEARCH g FROMMEMBER palermo BYRADIUS 1 m STOREDIST -> -ERR syntax error
                geoSearch g WITHDIST BYRADIUS 1 m ASC -> -ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for geoSearch
                GEOSEARCH g FROMMEMBER palermo ASC DESC ASC -> -ERR exactly one of BYRADIUS and BYBOX can be specified for GEOSEARCH
                GEOSEARCHSTORE d g FROMMEMBER palermo BYRADIUS 1 m WITHDIST -> -ERR GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options
                GEORADIUS g 1 1 1 m WITHDIST STORE d -> -ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options
                GEORADIUS_RO g 1 1 1 m STORE d -> -ERR syntax error
                GEORADIUS g 999 1 x m -> -ERR invalid longitude,latitude pair 999.000000,1.000000
                """)
    }
}
