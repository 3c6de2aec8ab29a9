import Engine
import RESP
import Reactor

/// What the server keeps to tell about itself.
struct Insight {
    /// Random for each start: 40 hexadecimal digits.
    let runID = Insight.randomID()
    /// The history of data that a replica would follow.
    let replicationID = Insight.randomID()
    /// When the server started, in Unix milliseconds.
    let started: Int64
    /// Bytes in use then, and the most since.
    let startupMemory: Int
    var peakMemory = 0

    var errors = ErrorCounters()
    /// What connections had read and written at the last CONFIG RESETSTAT.
    var trafficAtReset = Traffic.Totals()
    /// Rates that INFO shows, sampled every `samplingPeriod` milliseconds while there is anything to see.
    var operations = RateMeter()
    var input = RateMeter()
    var output = RateMeter()
    var loop = LoopMeter()
    let sampler: Alarm
    static let samplingPeriod: Int64 = 100

    /// Whether keys are deleted when they come due, not only when they are used (DEBUG SET-ACTIVE-EXPIRE).
    var expiresActively = true
    /// Whether nothing is done without a client's asking: no expiry, no look at idle clients, no samples
    /// (DEBUG PAUSE-CRON).
    var rests = false

    /// Starts with nothing to tell; on the loop of `sampler`.
    init(sampler: Alarm, now: Int64) {
        self.sampler = sampler
        started = now
        startupMemory = ProcessMemory.heap().used
    }

    private static func randomID() -> String {
        ThisProcess.randomBytes(20).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0\(digits)" : digits
        }.joined()
    }
}

extension Database {
    /// Commands that ran since the start or CONFIG RESETSTAT.
    var commandCount: UInt64 { commands.family.reduce(0) { $0 + $1.statistics.calls } }

    /// What connections have read and written since then.
    var trafficTotals: Traffic.Totals { loopShares.traffic - insight.trafficAtReset }

    // MARK: Rates

    /// Begins to take samples, when the first batch after a pause has come.
    @inline(never)
    func startSampling() {
        isSampling = true
        let now = MonotonicClock.nanoseconds()
        let traffic = trafficTotals
        insight.operations.start(total: commandCount, at: now / 1_000_000)
        insight.input.start(total: traffic.bytesRead, at: now / 1_000_000)
        insight.output.start(total: traffic.bytesWritten, at: now / 1_000_000)
        insight.loop.start(loop.figures, at: now / 1_000_000)
        insight.sampler.set(.after(milliseconds: Insight.samplingPeriod, since: now))
    }

    /// Takes samples until the task is cancelled; an idle server rests.
    func keepSampling() async {
        let sampler = insight.sampler
        while await sampler.next() { housekeep { sample() } }
    }

    private func sample() {
        guard !insight.rests else {
            return insight.sampler.set(.after(milliseconds: Insight.samplingPeriod))
        }
        let now = MonotonicClock.nanoseconds()
        let traffic = trafficTotals
        insight.operations.sample(total: commandCount, at: now / 1_000_000)
        insight.input.sample(total: traffic.bytesRead, at: now / 1_000_000)
        insight.output.sample(total: traffic.bytesWritten, at: now / 1_000_000)
        insight.loop.sample(loop.figures, at: now / 1_000_000)
        insight.peakMemory = max(insight.peakMemory, usedMemory)
        let isQuiet =
            insight.operations.mean == 0 && insight.input.mean == 0 && insight.output.mean == 0
        isSampling = !isQuiet
        // The samples alone keep the loop turning, and end here.
        if isQuiet { insight.loop.rest() }
        insight.sampler.set(isQuiet ? nil : .after(milliseconds: Insight.samplingPeriod, since: now))
    }

    // MARK: Errors

    /// Writes an error as the reply and counts it.
    func answer(_ error: CommandError, _ reply: inout ReplyWriter) {
        if insight.errors.count(error.code) {
            log(
                .warning,
                "Errorstats stopped adding new errors because the number of errors reached the limit; see INFO errorstats,"
                    + " and CONFIG RESETSTAT to begin again.")
        }
        error.write(to: &reply)
    }

    // MARK: Reset

    /// Puts back what CONFIG RESETSTAT puts back: totals, rates, and the counters of commands and errors.
    func resetStatistics() {
        statistics = ServerStatistics()
        dataset.statistics = DatasetStatistics()
        dataset.discarded.released = 0
        insight.trafficAtReset = loopShares.traffic
        clients.queryLimitDisconnections = 0
        eviction.resetStatistics()
        for command in commands.family {
            command.statistics = RegisteredCommand.Statistics()
            command.latency.reset()
        }
        insight.errors = ErrorCounters()
        insight.operations = RateMeter()
        insight.input = RateMeter()
        insight.output = RateMeter()
        insight.loop = LoopMeter()
        loop.resetFigures()
        startSampling()
    }
}
