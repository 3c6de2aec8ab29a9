/// LATENCY DOCTOR: what was noted, and what to do about it, in words.
struct LatencyDiagnosis {
    let monitor: LatencyMonitor
    /// Milliseconds from which on an event is noted; 0 is never.
    let threshold: Int64
    /// The same for the slow log, in microseconds; negative is never.
    let slowLogThreshold: Int64
    let slowLogCapacity: Int
    /// Unix seconds.
    let now: Int64

    /// The whole text.
    var text: String {
        let events = monitor.all
        guard !events.isEmpty else {
            return threshold == 0
                ? "Latency is not being monitored. CONFIG SET latency-monitor-threshold <milliseconds> begins it.\n"
                : "Nothing has taken \(threshold) milliseconds or more so far.\n"
        }
        var text = "The server was held up at times:\n\n"
        for (index, (event, series)) in events.enumerated() {
            let summary = series.summary(now: now)
            let period = Double(summary.period) / Double(series.samples.count)
            text +=
                "\(index + 1). \(event.rawValue): \(series.samples.count) latency spikes (average \(summary.mean)ms,"
                + " mean deviation \(summary.deviation)ms, one in \(DecimalText.fixed(period, 2)) sec)."
                + " The worst took \(series.worst)ms.\n"
        }
        let remedies = events.flatMap { advice(on: $0.event) }
        return text + "\nWhat may help:\n\n" + remedies.map { "- \($0)\n" }.joined()
    }

    private func advice(on event: LatencyMonitor.Event) -> [String] {
        switch event {
        case .command:
            [slowLogAdvice].compactMap { $0 } + [
                "SLOWLOG GET lists commands that took long: ask for less at once, or use those that go step by step"
                    + " (SCAN in place of KEYS)."
            ]
        case .fastCommand:
            [
                "Commands that never do much took long, so the process was not running: look for other load on the"
                    + " machine, for swapping, and for a virtual machine that gets too little processor time."
            ]
        case .unblocking:
            ["Many clients wait for the same keys, and each is served as its key gets a value."]
        case .expiry:
            ["Many keys come due at the same moment: spread their times to live a little."]
        }
    }

    /// Whether the slow log misses what was noted here.
    private var slowLogAdvice: String? {
        let remedy = "CONFIG SET slowlog-log-slower-than \(threshold * 1000)"
        if slowLogThreshold < 0 || slowLogCapacity == 0 {
            return "The slow log is off. \(remedy) has it keep the commands in question."
        }
        return slowLogThreshold / 1000 > threshold
            ? "The slow log keeps only slower commands than those noted here. \(remedy) has it keep all."
            : nil
    }
}
