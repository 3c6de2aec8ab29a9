/// LATENCY GRAPH: samples as columns of characters, with how long ago they were written downwards below.
struct LatencyGraph {
    private let samples: [LatencyMonitor.Sample]
    private let now: Int64
    private let lowest: Int64
    private let range: Int64

    private static let rows = 4
    private static let columns = 80
    /// The upper part of a column, from low to high; a part that is full all the way is a bar.
    private static let tops: [Character] = ["_", "o", "#"]
    private static let full: Character = "|"
    /// Empty lines between columns and labels.
    private static let margin = 1

    /// Prepares the graph of a series, seen at a moment (Unix seconds).
    init(_ series: LatencyMonitor.Series, now: Int64) {
        samples = series.samples
        self.now = now
        let values = samples.map(\.milliseconds)
        lowest = values.min() ?? 0
        range = max((values.max() ?? 0) - lowest, 1)
    }

    /// The whole text for an event.
    static func text(_ event: LatencyMonitor.Event, _ series: LatencyMonitor.Series, now: Int64) -> String {
        let summary = series.summary(now: now)
        return "\(event.rawValue) - high \(summary.highest) ms, low \(summary.lowest) ms"
            + " (all time high \(series.worst) ms)\n" + String(repeating: "-", count: columns) + "\n"
            + LatencyGraph(series, now: now).drawing
    }

    /// Columns and labels, as many beside each other as a terminal shows.
    private var drawing: String {
        stride(from: 0, to: samples.count, by: Self.columns).map { first in
            let shown = samples[first..<min(first + Self.columns, samples.count)]
            let heights = shown.map { height($0) }
            let labels = shown.map { Array(Self.age(now - $0.second)) }
            var lines = (0..<Self.rows).map { row in heights.map { Self.part($0, row) } }
            lines += (0..<Self.margin).map { _ in shown.map { _ in " " } }
            lines += (0..<(labels.map(\.count).max() ?? 0)).map { line in
                labels.map { line < $0.count ? $0[line] : " " }
            }
            return lines.map { String($0) + "\n" }.joined()
        }.joined(separator: "\n")
    }

    /// How high a column is, in parts of which each row has `tops.count`; counted from 0.
    private func height(_ sample: LatencyMonitor.Sample) -> Int {
        let parts = Int64(Self.rows * Self.tops.count)
        // Milliseconds, so nothing overflows.
        return Int(min((sample.milliseconds - lowest) * parts / range, parts - 1))
    }

    /// What a column of a height shows in a row, the uppermost being 0.
    private static func part(_ height: Int, _ row: Int) -> Character {
        let part = height - (rows - row - 1) * tops.count
        if part >= tops.count { return full }
        return part >= 0 ? tops[part] : " "
    }

    /// A time in its largest unit.
    private static func age(_ seconds: Int64) -> String {
        switch seconds {
        case ..<60: "\(seconds)s"
        case ..<3600: "\(seconds / 60)m"
        case ..<86400: "\(seconds / 3600)h"
        default: "\(seconds / 86400)d"
        }
    }
}
