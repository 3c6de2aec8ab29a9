import TestSupport
import Testing

@testable import MiniRedis

/// LATENCY's account of what held the server up.
@Suite struct LatencyMonitorTests {
    private func monitor(_ samples: [(second: Int64, milliseconds: Int64)]) -> LatencyMonitor {
        var monitor = LatencyMonitor()
        for sample in samples {
            monitor.add(.command, milliseconds: sample.milliseconds, second: sample.second)
        }
        return monitor
    }

    @Test func onlyTheWorstOfASecondIsKept() throws {
        let series = try #require(monitor([(1, 5), (1, 9), (1, 7), (2, 3)])[.command])
        #expect(series.samples.map(\.milliseconds) == [9, 3])
        #expect(series.worst == 9)
        #expect(
            series.summary(now: 5) == .init(lowest: 3, highest: 9, mean: 6, deviation: 3, period: 4))
    }

    @Test func oldSamplesMakeRoomButTheWorstIsRemembered() throws {
        let all = (1...200).map { (second: Int64($0), milliseconds: Int64(1000 - $0)) }
        let series = try #require(monitor(all)[.command])
        #expect(series.samples.count == LatencyMonitor.Series.longest)
        #expect(series.samples.first?.second == 41)
        #expect(series.worst == 999)
    }

    @Test func theGraphIsRediss() throws {
        let series = try #require(monitor([(10, 300), (40, 400), (65, 500)])[.command])
        let lines = [
            "command - high 500 ms, low 300 ms (all time high 500 ms)", String(repeating: "-", count: 80),
            "  #", " _|", " ||", "_||", "   ", "131", "m50", " ss", "",
        ]
        #expect(LatencyGraph.text(.command, series, now: 75) == lines.joined(separator: "\n"))
    }

    @Test func theDiagnosisNamesEventsAndRemedies() {
        func text(_ monitor: LatencyMonitor, threshold: Int64, slowLog: Int64) -> String {
            LatencyDiagnosis(
                monitor: monitor, threshold: threshold, slowLogThreshold: slowLog, slowLogCapacity: 128,
                now: 9
            ).text
        }
        #expect(text(LatencyMonitor(), threshold: 0, slowLog: 0).contains("latency-monitor-threshold"))
        #expect(text(LatencyMonitor(), threshold: 5, slowLog: 0).hasPrefix("Nothing has taken 5 "))
        let busy = monitor([(1, 50)])
        #expect(text(busy, threshold: 5, slowLog: 0).contains("1. command: 1 latency spikes (average 50ms"))
        #expect(!text(busy, threshold: 5, slowLog: 0).contains("slowlog-log-slower-than"))
        #expect(text(busy, threshold: 5, slowLog: -1).contains("slowlog-log-slower-than 5000"))
        #expect(text(busy, threshold: 5, slowLog: 10_000).contains("slowlog-log-slower-than 5000"))
    }

    @Test func slowCommandsAreEvents() async throws {
        try await withServer({ $0.enableDebugCommand = .yes }) { server in
            let client = try server.connect()
            try client.command("DEBUG", "SLEEP", "0.03")
            #expect(try client.command("LATENCY", "LATEST") == .array([]))
            try client.command("CONFIG", "SET", "latency-monitor-threshold", "20")
            try client.command("DEBUG", "SLEEP", "0.03")
            let latest = try client.command("LATENCY", "LATEST").elements
            #expect(latest.count == 1)
            let event = try #require(latest.first?.elements)
            #expect(event[0] == .text("command"))
            guard case .integer(let milliseconds) = event[2] else { throw TestFailure("no duration") }
            #expect((30...9_000).contains(milliseconds))
            #expect(event[3] == event[2])
            let history = try client.command("LATENCY", "HISTORY", "command")
            #expect(history == .array([.array([event[1], event[2]])]))
            #expect(try client.command("LATENCY", "HISTORY", "COMMAND") == .array([]))
            let graph = try client.command("LATENCY", "GRAPH", "command").string ?? ""
            #expect(graph.hasPrefix("command - high \(milliseconds) ms, low \(milliseconds) ms"))
            #expect(try client.command("LATENCY", "DOCTOR").string?.contains("command") == true)
            #expect(try client.command("LATENCY", "RESET", "fork", "expire-cycle") == .integer(0))
            #expect(try client.command("LATENCY", "RESET", "COMMAND") == .integer(1))
            #expect(try client.command("LATENCY", "LATEST") == .array([]))
            #expect(try client.command("LATENCY", "RESET") == .integer(0))
            #expect(
                try client.command("LATENCY", "GRAPH", "command")
                    == .error("ERR No samples available for event 'command'"))
        }
    }
}
