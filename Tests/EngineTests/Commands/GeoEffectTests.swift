import Testing

/// What commands on places tell others: events in order, and words that repeat the change.
@Suite struct GeoEffectTests {
    private let runner = EngineRunner()

    init() {
        runner.run("GEOADD", "g", "13.361389", "38.115556", "palermo", "15.087269", "37.502669", "catania")
    }

    @Test func additionsAreToldAsScores() {
        #expect(runner.propagated == ["ZADD g 3479099956230698 palermo 3479447370796909 catania"])
        #expect(runner.events == ["new g", "zadd g"])
        runner.run("GEOADD", "g", "CH", "nx", "1", "1", "palermo", "0", "0", "here")
        #expect(runner.propagated == ["ZADD g CH nx 3377822707026402 palermo 3377699720527872 here"])
        runner.run("GEOADD", "g", "NX", "1", "1", "palermo")
        #expect(runner.propagated == [] && runner.events == [])
    }

    @Test func storingTellsItsOwnWords() {
        runner.run("GEOSEARCHSTORE", "d", "g", "FROMLONLAT", "15", "37", "BYRADIUS", "100", "km")
        #expect(runner.propagated == ["GEOSEARCHSTORE d g FROMLONLAT 15 37 BYRADIUS 100 km"])
        #expect(runner.events == ["new d", "geosearchstore d"])
        runner.run("GEORADIUS", "g", "15", "37", "200", "km", "STOREDIST", "d")
        #expect(runner.events == ["georadiusstore d"])
        runner.run("GEORADIUSBYMEMBER", "none", "x", "1", "m", "STORE", "d")
        #expect(runner.events == ["del d"])
        #expect(runner.propagated == ["GEORADIUSBYMEMBER none x 1 m STORE d"])
        runner.run("GEORADIUS", "g", "15", "37", "200", "km")
        #expect(runner.propagated == [] && runner.events == [])
    }
}
