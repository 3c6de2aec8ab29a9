import RESP

/// The rest of a command that takes long, done slice by slice while others have their turns in between.
///
/// What it reads stands still until it is over, and what it will write changes only at its end: `Dataset.frozen`
/// names the keys, and who is in the way has to wait. So the command is one of a single moment for everybody.
public final class LongCommand {
    /// Part of the work: does a slice of it, and returns false when it is done.
    struct Step {
        typealias Function = (inout Call, Arguments, Slice) throws(CommandError) -> Bool

        let run: Function

        init(_ run: @escaping Function) { self.run = run }
    }

    /// Ends the command, in one turn, when all steps were done and no key is held any more.
    struct Finish {
        typealias Function = (inout Call, Arguments) throws(CommandError) -> Void

        let run: Function

        init(_ run: @escaping Function) { self.run = run }
    }

    /// How much is done at once: so little that it takes a fraction of a millisecond.
    struct Slice {
        let elements: Int
        /// How many bytes are gone through, where there is nothing but bytes.
        let bytes = 256 << 10
        /// How much reply is written at once.
        fileprivate static let replyBytes = 256 << 10
        /// The count of the reply's bytes beyond which it has enough, as elements may be long.
        fileprivate let end: Int

        fileprivate init(_ dataset: Dataset, end: Int) {
            // More than a bucket of a table holds, so that each slice gets on.
            elements = max(dataset.settings.fewestSliced / 8, 64)
            self.end = end
        }

        func isFull(_ reply: borrowing ReplyWriter) -> Bool { reply.count > end }

        /// Calls `body` with the numbers from `next` on, as many as belong in the slice; false if those up to
        /// `count` are all done.
        @inline(__always)
        func visit(
            _ next: inout Int, upTo count: Int, _ call: inout Call, _ body: (Int, inout Call) -> Void
        ) -> Bool {
            let end = min(next + elements, count)
            while next < end, !isFull(call.reply) {
                body(next, &call)
                next += 1
            }
            return next < count
        }
    }

    private let dataset: Dataset
    private let holds: [FrozenKeys.Hold]
    /// What is still to be done, the last one first.
    private var steps: [Step]
    private var finish: Finish?
    /// The command's words, if a step has a use for them.
    private let words: RequestQueue
    private let database: Int
    private let name: StaticString
    private var isHolding = false
    /// Whether part of the reply was written, so that nothing may come before the rest.
    public private(set) var isReplying: Bool

    fileprivate init(
        _ call: borrowing Call, _ arguments: Arguments?, holding holds: [FrozenKeys.Hold], _ steps: [Step],
        isReplying: Bool, finish: Finish?
    ) {
        dataset = call.dataset
        database = call.keyspace.number
        name = call.name
        self.holds = holds
        self.steps = steps.reversed()
        self.isReplying = isReplying
        self.finish = finish
        var words = RequestQueue()
        if let arguments { _ = words.append(arguments) }
        self.words = words
    }

    /// Whether it will change something.
    public var writes: Bool { finish != nil }

    /// Lets its keys stand still; false if they are held in a way that forbids that.
    public func begin() -> Bool {
        guard dataset.frozen.admits(holds) else { return false }
        dataset.frozen.insert(holds)
        isHolding = true
        return true
    }

    /// Does a slice more; false when that was all.
    public func advance(_ call: inout Call) throws(CommandError) -> Bool {
        let mark = call.reply.count
        defer { if call.reply.count != mark { isReplying = true } }
        let words = words
        while let step = steps.last {
            do throws(CommandError) {
                if try step.run(&call, words.request(0), Slice(dataset, end: mark + Slice.replyBytes)) {
                    return true
                }
            } catch {
                end()
                throw error
            }
            steps.removeLast()
            if !steps.isEmpty { return true }
        }
        let finish = finish.take()
        end()
        if let finish { try run(finish, &call) }
        return false
    }

    /// Changes what the command is to change, and tells others so.
    private func run(_ finish: Finish, _ call: inout Call) throws(CommandError) {
        let before = dataset.effects.changes
        let words = words
        call.name = name
        defer { dataset.effects.endCommand(words.request(0), before: before, in: database) }
        try finish.run(&call, words.request(0))
    }

    /// Gives up what is left, and lets its keys be used again.
    public func end() {
        steps = []
        finish = nil
        guard isHolding else { return }
        isHolding = false
        dataset.frozen.remove(holds)
    }
}

extension Call {
    /// Whether what concerns so many elements is to be done in slices.
    func slices(_ count: Int) -> Bool { maySlice && count >= dataset.settings.fewestSliced }

    /// Has the rest of the command done in slices, of which nobody sees more than the end.
    ///
    /// The keys whose positions are `reading` stand still; without them all do. With `finish` the command
    /// changes something: the key at `writing` (of keyspace `other`, if given) by then, and nothing before.
    /// Where slices can't be, all is done at once.
    mutating func proceed(
        _ arguments: Arguments, reading: Range<Int>?, writing: Int? = nil, in other: Keyspace? = nil,
        _ steps: [LongCommand.Step],
        finish: LongCommand.Finish? = nil
    ) throws(CommandError) {
        guard maySlice else {
            let slice = LongCommand.Slice(dataset, end: .max)
            for step in steps { while try step.run(&self, arguments, slice) {} }
            try finish?.run(&self, arguments)
            return
        }
        var holds: [FrozenKeys.Hold] = []
        if let reading {
            for index in reading { holds.append(hold(arguments[index], .read)) }
        } else {
            holds.append(FrozenKeys.Hold(nil, .read))
        }
        if let writing { holds.append(hold(arguments[writing], .overwrite, in: other)) }
        begin(LongCommand(self, arguments, holding: holds, steps, isReplying: false, finish: finish))
    }

    /// Has the rest of the reply written in slices, while some keys stand still.
    mutating func writeInSlices(
        holding keys: [[UInt8]], _ write: @escaping (inout ReplyWriter, LongCommand.Slice) -> Bool
    ) {
        let holds = keys.map { FrozenKeys.Hold(Effects.Key(database: keyspace.number, key: $0), .read) }
        begin(replying(holds, write))
    }

    /// Has the rest of the reply written in slices, while `key` stands still.
    mutating func writeInSlices(
        holding key: RawSpan, _ write: @escaping (inout ReplyWriter, LongCommand.Slice) -> Bool
    ) {
        begin(replying([hold(key, .read)], write))
    }

    /// Has the rest of the reply written in slices, while all keys stand still.
    mutating func writeInSlices(_ write: @escaping (inout ReplyWriter, LongCommand.Slice) -> Bool) {
        begin(replying([FrozenKeys.Hold(nil, .read)], write))
    }

    /// Has the entries of a table written in slices, while `key`, which holds it, stands still.
    mutating func writeInSlices(
        holding key: RawSpan, _ value: TableValue, _ write: @escaping (Entry, inout ReplyWriter) -> Void
    ) {
        var next = 0
        writeInSlices(holding: key) { reply, slice in
            let end = min(next + slice.elements / EntryTable.growLoad, value.table.bucketCount)
            while next < end, !slice.isFull(reply) {
                value.table.visit(value.table.bucket(at: next)) { write($0, &reply) }
                next += 1
            }
            return next < value.table.bucketCount
        }
    }

    private func replying(
        _ holds: [FrozenKeys.Hold], _ write: @escaping (inout ReplyWriter, LongCommand.Slice) -> Bool
    ) -> LongCommand {
        LongCommand(
            self, nil, holding: holds,
            [LongCommand.Step { (call, _, slice) throws(CommandError) in write(&call.reply, slice) }],
            isReplying: true, finish: nil)
    }

    private func hold(_ key: RawSpan, _ use: FrozenKeys.Use, in other: Keyspace? = nil) -> FrozenKeys.Hold {
        FrozenKeys.Hold(Effects.Key(database: (other ?? keyspace).number, key: [UInt8](key)), use)
    }

    private mutating func begin(_ long: LongCommand) {
        longCommand = long
        isUnfinished = true
    }

    /// Takes out the rest of the command that just ran.
    public mutating func takeLongCommand() -> LongCommand? {
        isUnfinished = false
        return longCommand.take()
    }
}
