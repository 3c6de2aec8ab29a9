import Engine
import RESP
import Reactor

/// What is noted of single requests: the slow ones, what holds the server up, and, while somebody
/// runs MONITOR, all.
///
/// One comparison of a request's time decides whether anything is to be done.
struct Observation {
    var slowLog = SlowLog()
    var latency = LatencyMonitor()
    /// Who runs MONITOR, by client id.
    fileprivate(set) var monitors: [Int64: Session] = [:]
    /// Ticks from which on a request may have to be noted, to within a hundredth below.
    fileprivate(set) var threshold = UInt64.max
    /// Microseconds from which on a request is slow; `Int64.max` is never.
    fileprivate(set) var slow = Int64.max
    /// Milliseconds from which on something holds the server up; `Int64.max` is never.
    fileprivate(set) var spike = Int64.max

    /// Requests that are so fast (in microseconds) are noted with whole words; slower ones with big strings are
    /// rare, and may have given their memory away.
    private static let commonlySlow: Int64 = 1000

    /// Whether requests have to keep their words until they were looked at.
    var wantsWords: Bool { !monitors.isEmpty || slow < Self.commonlySlow }

    /// Finds from when on requests are noted, as settings or who runs MONITOR may have changed.
    mutating func adjust(to configuration: Configuration) {
        let slower = Int64(configuration.slowlogLogSlowerThan)
        slow = slower >= 0 && configuration.slowlogMaxLength > 0 ? slower : .max
        slowLog.capacity = configuration.slowlogMaxLength
        let milliseconds = Int64(configuration.latencyMonitorThreshold)
        spike = milliseconds > 0 ? milliseconds : .max
        let (microseconds, isEndless) = spike.multipliedReportingOverflow(by: 1000)
        threshold = monitors.isEmpty ? Self.ticks(below: isEndless ? slow : min(slow, microseconds)) : 0
    }

    /// A little less than so many microseconds: where a closer look is to begin.
    private static func ticks(below microseconds: Int64) -> UInt64 {
        guard microseconds < .max else { return .max }
        return Ticks.count(ofNanoseconds: UInt64(min(microseconds, longestCounted)) * 990)
    }

    /// Microseconds that `Ticks` counts to; whatever takes longer gets the closer look.
    private static let longestCounted: Int64 = 4_000_000
}

extension Database {
    /// Does what follows from a change of settings, or of who runs MONITOR.
    func adjustObservation() {
        observation.adjust(to: configuration)
        if observation.wantsWords {
            dataset.effects.interest.insert(.words)
        } else {
            dataset.effects.interest.remove(.words)
        }
    }

    /// Notes a request that ran, if it took long enough or somebody runs MONITOR.
    @inline(never)
    func note(
        _ command: RegisteredCommand, _ arguments: Arguments, _ session: Session, ticks: UInt64,
        in database: Int
    ) {
        show(command, arguments, session, in: database)
        noteTime(command, arguments, session, ticks: ticks)
    }

    /// Notes a request that ran, if it took long enough.
    func noteTime(_ command: RegisteredCommand, _ arguments: Arguments, _ session: Session, ticks: UInt64) {
        let isFast = command.info.flags.contains(.fast)
        noteTime(of: isFast ? .fastCommand : .command, ticks: ticks)
        let microseconds = Int64(clamping: Ticks.nanoseconds(ticks) / 1000)
        guard microseconds >= observation.slow, !command.info.flags.contains(.skipSlowlog) else { return }
        observation.slowLog.add(
            SlowLog.Request(arguments, address: session.address, name: session.name),
            microseconds: microseconds, time: clock.milliseconds() / 1000)
    }

    /// Notes what held the server up for so long, if that is long enough.
    func noteTime(of event: LatencyMonitor.Event, ticks: UInt64) {
        let milliseconds = Int64(clamping: Ticks.nanoseconds(ticks) / 1_000_000)
        guard milliseconds >= observation.spike else { return }
        observation.latency.add(event, milliseconds: milliseconds, second: clock.milliseconds() / 1000)
    }

    // MARK: MONITOR

    /// Has the client see all requests from now on; false if it does already.
    func startMonitoring(_ session: Session) -> Bool {
        guard session.options.insert(.monitor).inserted else { return false }
        observation.monitors[session.id] = session
        adjustObservation()
        return true
    }

    /// Has the client see no requests any more.
    func stopMonitoring(_ session: Session) {
        guard session.options.remove(.monitor) != nil else { return }
        observation.monitors[session.id] = nil
        adjustObservation()
    }

    /// Shows a request to those who run MONITOR, but for what operators do.
    func show(_ command: RegisteredCommand, _ arguments: Arguments, _ session: Session, in database: Int) {
        guard !observation.monitors.isEmpty, command.info.flags.isDisjoint(with: [.admin, .skipMonitor])
        else { return }
        let line = MonitorLine(
            arguments, from: session, unixSocket: configuration.unixSocket, in: database,
            at: clock.microseconds())
        let message = line.message
        for monitor in observation.monitors.values {
            deliverInFull(monitor, message)
            // Its next reply comes behind the line.
            if monitor !== session { monitor.isBehind = true }
        }
    }
}

/// A request whose reply is still being written, bit by bit.
struct SlicedRequest {
    let command: RegisteredCommand
    let request: SlowLog.Request
    var ticks: UInt64
}

extension Database {
    /// Remembers a request with a long reply until that is written, and shows it.
    func noteSliced(_ command: RegisteredCommand, _ arguments: Arguments, _ session: Session, ticks: UInt64) {
        show(command, arguments, session, in: session.database)
        guard observation.slow < .max else { return }
        session.slicedRequest = SlicedRequest(
            command: command,
            request: SlowLog.Request(arguments, address: session.address, name: session.name), ticks: ticks)
    }

    /// Notes that request, if writing its reply took long in all.
    func noteSlicedTime(_ session: Session) {
        guard let sliced = session.slicedRequest.take() else { return }
        let microseconds = Int64(clamping: Ticks.nanoseconds(sliced.ticks) / 1000)
        guard microseconds >= observation.slow, !sliced.command.info.flags.contains(.skipSlowlog) else {
            return
        }
        observation.slowLog.add(
            sliced.request, microseconds: microseconds, time: clock.milliseconds() / 1000)
    }
}
