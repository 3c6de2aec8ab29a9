import Testing

@testable import Reactor

@Suite struct ModerationTests {
    private static let sample = Int(Moderation.arrivalsPerSample)

    /// The rest after a sample whose arrivals came so many nanoseconds after each other.
    private func rest(each nanoseconds: UInt64, repeated: Int = 0, perLook: Int = 1) -> UInt64 {
        var moderation = Moderation()
        moderation.stop(now: 1_000_000_000)
        var now: UInt64 = 1_000_000_000
        for number in 0..<Self.sample {
            moderation.note(isRepeated: number < repeated)
            now += nanoseconds
            if (number + 1) % perLook == 0 { moderation.endLook(now: now) }
        }
        return moderation.rest
    }

    @Test("is as long as some arrivals take, however many come at one look", arguments: [1, 2, 8, 24])
    func length(perLook: Int) {
        #expect(rest(each: 5_000, perLook: perLook) == 5_000 * Moderation.arrivalsPerRest)
        #expect(rest(each: 12_345, perLook: perLook) == 12_345 * Moderation.arrivalsPerRest)
    }

    @Test("there is none where requests are rare, or come faster than a thread can sleep")
    func bounds() {
        let most = Moderation.longestRest / Moderation.arrivalsPerRest
        let least = Moderation.shortestRest / Moderation.arrivalsPerRest + 1
        #expect(rest(each: most) > 0)
        #expect(rest(each: most + 1) == 0)
        #expect(rest(each: least) > 0)
        #expect(rest(each: least - 1) == 0)
        #expect(rest(each: 0) == 0)
    }

    @Test("there is none for few clients, who wait for their replies")
    func fewClients() {
        let most = Self.sample / 8
        #expect(rest(each: 5_000, repeated: most) > 0)
        #expect(rest(each: 5_000, repeated: most + 1) == 0)
        #expect(rest(each: 5_000, repeated: Self.sample) == 0)
    }

    @Test("a rest that gathered nothing is the last until a new sample asks for one")
    func stops() {
        var moderation = Moderation()
        var now: UInt64 = 1_000
        func arrive(_ count: Int) {
            for _ in 0..<count {
                moderation.note(isRepeated: false)
                now += 5_000
                moderation.endLook(now: now)
            }
        }
        moderation.stop(now: now)
        arrive(Self.sample)
        #expect(moderation.rest > 0)
        let sample = moderation.sample
        arrive(Self.sample - 1)
        moderation.stop(now: now)
        #expect(moderation.rest == 0)
        #expect(moderation.sample != sample)
        arrive(Self.sample - 1)
        #expect(moderation.rest == 0)
        arrive(1)
        #expect(moderation.rest > 0)
    }
}
