import Reactor

/// What is counted of the database's loop besides what the loop counts itself.
struct LoopMeter {
    /// Time spent on what nobody asked for just then: expiry, idle clients, samples, memory; in ticks.
    private(set) var housekeeping: UInt64 = 0
    /// Turns a second, and the microseconds that one takes.
    var turns = RateMeter()
    var duration = RateMeter()

    /// Adds the time since `start`.
    mutating func noteHousekeeping(since start: UInt64) { housekeeping &+= Ticks.now() &- start }

    mutating func start(_ figures: LoopFigures, at milliseconds: UInt64) {
        turns.start(total: figures.completed, at: milliseconds)
        duration.start(total: figures.nanoseconds / 1000, at: figures.completed)
    }

    mutating func sample(_ figures: LoopFigures, at milliseconds: UInt64) {
        turns.sample(total: figures.completed, at: milliseconds)
        duration.sample(total: figures.nanoseconds / 1000, at: figures.completed, per: 1)
    }

    /// Forgets the rates, as nothing is sampled any more.
    mutating func rest() {
        turns = RateMeter()
        duration = RateMeter()
    }
}

extension Database {
    /// INFO's lines about the loop's turns.
    func writeTurns(_ info: inout InfoText) {
        let figures = loop.figures
        let commandTicks = commands.family.reduce(0) { $0 &+ $1.statistics.ticks }
        info.line("eventloop_cycles", figures.completed)
        info.line("eventloop_duration_sum", figures.nanoseconds / 1000)
        info.line("eventloop_duration_cmd_sum", Ticks.nanoseconds(commandTicks) / 1000)
        info.line("instantaneous_eventloop_cycles_per_sec", insight.loop.turns.mean)
        info.line("instantaneous_eventloop_duration_usec", insight.loop.duration.mean)
    }

    /// INFO's `debug`, which has to be asked for by name; nothing is written to an append-only file yet.
    func writeDebug(_ info: inout InfoText) {
        info.section("Debug")
        info.line("eventloop_duration_aof_sum", 0)
        info.line("eventloop_duration_cron_sum", Ticks.nanoseconds(insight.loop.housekeeping) / 1000)
        info.line("eventloop_duration_max", loop.figures.longestNanoseconds / 1000)
        info.line("eventloop_cmd_per_cycle_max", loop.figures.mostWork)
    }

    /// Does a piece of work that nobody asked for just then, and counts the time that it takes.
    func housekeep<Answer>(_ work: () -> Answer) -> Answer {
        let start = Ticks.now()
        let answer = work()
        insight.loop.noteHousekeeping(since: start)
        return answer
    }
}
