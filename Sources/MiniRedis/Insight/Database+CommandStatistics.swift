import Engine
import RESP
import Reactor

/// What commands did and took: INFO's sections on it, and LATENCY HISTOGRAM.
extension Database {
    /// INFO's `commandstats`: only commands that somebody used.
    func writeCommands(_ info: inout InfoText) {
        info.section("Commandstats")
        for command in commands.family {
            let use = command.statistics
            guard use.calls | use.rejected | use.failed != 0 else { continue }
            let microseconds = Ticks.nanoseconds(use.ticks) / 1000
            let mean = use.calls == 0 ? 0 : Double(microseconds) / Double(use.calls)
            info.line(
                "cmdstat_\(command.fullName)",
                "calls=\(use.calls),usec=\(microseconds),usec_per_call=\(DecimalText.fixed(mean, 2))"
                    + ",rejected_calls=\(use.rejected),failed_calls=\(use.failed)")
        }
    }

    /// INFO's `errorstats`, in alphabetical order.
    func writeErrors(_ info: inout InfoText) {
        info.section("Errorstats")
        for (kind, count) in insight.errors.kinds.sorted(by: { $0.key < $1.key }) {
            info.line("errorstat_\(Self.withoutSeparators(kind))", "count=\(count)")
        }
    }

    /// INFO's `latencystats`.
    func writeLatencies(_ info: inout InfoText) {
        info.section("Latencystats")
        guard configuration.latencyTracking else { return }
        for command in commands.family where command.latency.total > 0 {
            let values = configuration.latencyPercentiles.map { percentile in
                let microseconds = Double(command.latency.nanoseconds(atPercentile: percentile)) / 1000
                return "p\(DecimalText.shortest(percentile))=\(DecimalText.fixed(microseconds, 3))"
            }
            info.line("latency_percentiles_usec_\(command.fullName)", values.joined(separator: ","))
        }
    }

    /// LATENCY HISTOGRAM of some commands, with their subcommands.
    func writeHistograms(of commands: [RegisteredCommand], _ reply: inout ReplyWriter) {
        let used = commands.filter { $0.latency.total > 0 }
        reply.map(used.count)
        for command in used {
            let steps = command.latency.cumulative()
            reply.bulk(text: command.fullName)
            reply.map(2)
            reply.bulk("calls")
            reply.integer(Int64(clamping: command.latency.total))
            reply.bulk("histogram_usec")
            reply.map(steps.count)
            for (microseconds, count) in steps {
                reply.integer(Int64(clamping: microseconds))
                reply.integer(Int64(clamping: count))
            }
        }
    }

    /// A word that a client made up, without the bytes that separate INFO's fields.
    private static func withoutSeparators(_ word: String) -> String {
        String(word.map { "#:\n\r".contains($0) ? "_" : $0 })
    }
}
