import Testing

@testable import MiniRedis

/// The pure parts behind INFO.
@Suite struct FigureTests {
    @Test func histogramBucketsCoverAllTicksWithoutGaps() {
        for value in [
            0, 1, 127, 128, 255, 256, 257, 511, 512, 1000, 65535, 65536, 1 << 30, (1 << 40) + 12345,
        ] as [UInt64] {
            let bucket = LatencyHistogram.bucket(of: value)
            #expect(
                LatencyHistogram.low(bucket) <= value && value <= LatencyHistogram.high(bucket), "\(value)")
            #expect(LatencyHistogram.high(bucket) - LatencyHistogram.low(bucket) <= value / 128)
        }
        #expect(LatencyHistogram.bucket(of: .max) == LatencyHistogram.bucket(of: (1 << 41) - 1))
    }

    @Test func histogramCountsAndResets() {
        let histogram = LatencyHistogram()
        #expect(histogram.cumulative().isEmpty)
        for _ in 0..<99 { histogram.record(1000) }
        histogram.record(1_000_000_000)
        #expect(histogram.total == 100)
        let median = histogram.nanoseconds(atPercentile: 50)
        #expect(histogram.nanoseconds(atPercentile: 0) <= median)
        #expect(median == histogram.nanoseconds(atPercentile: 99))
        #expect(histogram.nanoseconds(atPercentile: 100) > median * 1000)
        #expect(histogram.cumulative().map(\.count) == [99, 100])
        histogram.reset()
        #expect(histogram.total == 0 && histogram.cumulative().isEmpty)
    }

    @Test func errorKindsAreBounded() {
        var errors = ErrorCounters()
        for number in 0..<ErrorCounters.mostKinds {
            let isTooMany = errors.count("E\(number)")
            #expect(!isTooMany)
        }
        errors.count("E0")
        #expect(errors.kinds["E0"] == 2)
        let isTooMany = errors.count("ONEMORE")
        #expect(isTooMany)
        #expect(errors.kinds == ["ERRORSTATS_DISABLED": 1])
        errors.count("ERR")
        #expect(errors.kinds == ["ERRORSTATS_DISABLED": 1])
        #expect(errors.total == UInt64(ErrorCounters.mostKinds) + 3)
    }

    @Test func errorsWithoutAKindAreERR() {
        var errors = ErrorCounters()
        errors.count("")
        errors.count(String(repeating: "x", count: 100))
        #expect(errors.kinds == ["ERR": 2])
    }

    @Test func ratesAreMeansOfSamples() {
        var meter = RateMeter()
        meter.start(total: 0, at: 1000)
        for step in 1...16 as ClosedRange<UInt64> { meter.sample(total: step * 50, at: 1000 + step * 100) }
        #expect(meter.mean == 500)
        // A total that was put back counts from zero.
        meter.sample(total: 0, at: 2700)
        #expect(meter.mean == 500 * 15 / 16)
    }

    @Test func decimalTexts() {
        #expect(DecimalText.fixed(1.005, 2) == "1.00")
        #expect(DecimalText.fixed(99.999, 2) == "100.00")
        #expect(DecimalText.fixed(-0.001, 2) == "0.00")
        #expect(DecimalText.fixed(-2.5, 1) == "-2.5")
        #expect(DecimalText.fixed(.nan, 2) == "nan")
        #expect(DecimalText.shortest(50) == "50")
        #expect(DecimalText.shortest(99.9) == "99.9")
        #expect(DecimalText.bytes(0) == "0B")
        #expect(DecimalText.bytes(1023) == "1023B")
        #expect(DecimalText.bytes(1_006_248) == "982.66K")
        #expect(DecimalText.bytes(25_276_502_016) == "23.54G")
        #expect(DecimalText.seconds(7_010) == "0.007010")
    }

    @Test func infoSections() {
        #expect(InfoSelection([]).contains("cpu") && !InfoSelection([]).contains("commandstats"))
        #expect(InfoSelection(["CPU"]).contains("cpu") && !InfoSelection(["CPU"]).contains("server"))
        #expect(InfoSelection(["cpu", "default"]).contains("server"))
        #expect(InfoSelection(["all"]).contains("latencystats"))
        #expect(!InfoSelection(["everything"]).contains("debug", hidden: true))
        #expect(InfoSelection(["module_list"]).contains("modules"))
    }
}
