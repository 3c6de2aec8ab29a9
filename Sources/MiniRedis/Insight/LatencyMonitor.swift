/// When the server was held up, and for how long: for each kind of event the worst of each of the last
/// `Series.longest` seconds in which `latency-monitor-threshold` was reached.
struct LatencyMonitor {
    /// What may hold the server up, with Redis's names.
    enum Event: String, CaseIterable {
        case command
        /// One whose time should not depend on how much data there is.
        case fastCommand = "fast-command"
        /// Answering a client that had waited.
        case unblocking = "command-unblocking"
        /// Deleting keys that are due.
        case expiry = "expire-cycle"
    }

    /// The worst of one second.
    struct Sample: Equatable {
        /// Unix time.
        let second: Int64
        var milliseconds: Int64
    }

    /// What is known of one kind of event.
    struct Series {
        /// How many samples are kept.
        static let longest = 160

        /// The oldest first.
        fileprivate(set) var samples: [Sample] = []
        /// The worst since the series began.
        fileprivate(set) var worst: Int64 = 0

        fileprivate mutating func add(_ milliseconds: Int64, _ second: Int64) {
            worst = max(worst, milliseconds)
            if let last = samples.last, last.second == second {
                samples[samples.count - 1].milliseconds = max(last.milliseconds, milliseconds)
                return
            }
            if samples.count == Self.longest { samples.removeFirst() }
            samples.append(Sample(second: second, milliseconds: milliseconds))
        }
    }

    private var series: [Event: Series] = [:]

    /// Notes that something took so long.
    mutating func add(_ event: Event, milliseconds: Int64, second: Int64) {
        series[event, default: Series()].add(milliseconds, second)
    }

    /// What is known of a kind of event, if it has happened.
    subscript(_ event: Event) -> Series? { series[event] }

    /// All kinds that have happened.
    var all: [(event: Event, series: Series)] {
        Event.allCases.compactMap { event in series[event].map { (event, $0) } }
    }

    /// Forgets a kind; false if it had not happened.
    mutating func remove(_ event: Event) -> Bool { series.removeValue(forKey: event) != nil }
}

extension LatencyMonitor.Series {
    /// What the samples come to.
    struct Summary: Equatable {
        var lowest: Int64 = 0
        var highest: Int64 = 0
        var mean: Int64 = 0
        /// How far from the mean they are, in the mean.
        var deviation: Int64 = 0
        /// Seconds since the oldest, at least one.
        var period: Int64 = 1
    }

    /// The same in a few numbers.
    func summary(now second: Int64) -> Summary {
        guard let first = samples.first else { return Summary() }
        let values = samples.map(\.milliseconds)
        let count = Int64(values.count)
        let mean = values.reduce(0, +) / count
        return Summary(
            lowest: values.min() ?? 0, highest: values.max() ?? 0, mean: mean,
            deviation: values.reduce(0) { $0 + abs($1 - mean) } / count,
            period: max(second - first.second, 1))
    }
}
