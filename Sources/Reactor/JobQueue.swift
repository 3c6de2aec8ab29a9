/// The jobs that wait for their turn on a loop, oldest first.
struct JobQueue: ~Copyable {
    /// Room that is kept for the next burst; what a larger one took is given back to the system.
    static var keptCapacity: Int { 4096 }

    private var jobs: [UnownedJob] = []

    /// How many jobs there have been.
    private(set) var appended = 0

    var isEmpty: Bool { jobs.isEmpty }

    mutating func append(_ job: UnownedJob) {
        jobs.append(job)
        appended += 1
    }

    mutating func append(contentsOf more: [UnownedJob]) {
        jobs.append(contentsOf: more)
        appended += more.count
    }

    /// Hands out the queue's jobs, and takes the room of those that have run for the next ones.
    mutating func exchange(_ round: inout [UnownedJob]) {
        round.removeAll(keepingCapacity: round.count <= Self.keptCapacity)
        swap(&jobs, &round)
    }
}
