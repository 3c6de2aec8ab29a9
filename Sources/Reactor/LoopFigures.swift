/// What a loop did, for those who watch over a server.
///
/// A turn is what lies between two looks at the descriptors; the time asleep is not part of it.
package struct LoopFigures: Sendable {
    /// Turns that have begun.
    package private(set) var turns = 0
    /// Turns that have ended.
    package private(set) var completed: UInt64 = 0
    /// What all of them took, in ticks.
    private var total: UInt64 = 0
    /// What the longest of them took, in ticks.
    private var longest: UInt64 = 0
    private var start = Ticks.now()
    /// Pieces of work in the present turn, and the most in one before it.
    private var work = 0
    private var mostWorkBefore = 0

    init() {}

    /// What all turns took.
    package var nanoseconds: UInt64 { Ticks.nanoseconds(total) }

    /// What the longest turn took.
    package var longestNanoseconds: UInt64 { Ticks.nanoseconds(longest) }

    /// Most pieces of work in one turn, as the loop's users count them.
    package var mostWork: Int { max(work, mostWorkBefore) }

    @inline(__always)
    mutating func beginTurn() {
        turns &+= 1
        start = Ticks.now()
    }

    @inline(__always)
    mutating func endTurn() {
        let taken = Ticks.now() &- start
        completed &+= 1
        total &+= taken
        if taken > longest { longest = taken }
        if work > mostWorkBefore { mostWorkBefore = work }
        work = 0
    }

    @inline(__always)
    mutating func noteWork(_ count: Int) { work &+= count }

    /// Puts everything but the number of turns that have begun back to zero.
    mutating func reset() {
        completed = 0
        total = 0
        longest = 0
        work = 0
        mostWorkBefore = 0
    }
}

extension EventLoop {
    /// What the loop did so far; loop only.
    package var figures: LoopFigures {
        precondition(isCurrent, "a loop's figures are for its own thread")
        return state.withState { $0.figures }
    }

    /// The number of the present turn; loop only.
    @inline(__always)
    package var turn: Int { state.withState { $0.figures.turns } }

    /// Counts pieces of work that were done in this turn; loop only.
    @inline(__always)
    package func noteWork(_ count: Int) { state.withState { $0.figures.noteWork(count) } }

    /// Begins the figures afresh; loop only.
    package func resetFigures() {
        precondition(isCurrent, "a loop's figures are for its own thread")
        state.withState { $0.figures.reset() }
    }
}
