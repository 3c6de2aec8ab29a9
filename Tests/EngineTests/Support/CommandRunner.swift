import RESP
import TestSupport

@testable import Engine

/// A dataset that runs commands by their words, on a clock that the test moves.
final class CommandRunner {
    let dataset: Dataset
    /// Unix time in milliseconds.
    var now: Int64
    var database = 0
    /// Whether commands repeat what another dataset has told.
    var isReplay = false

    init(seed: UInt64 = 1, now: Int64 = 1_700_000_000_000) {
        dataset = Dataset(databases: 4, seed: (seed, ~seed))
        self.now = now
    }

    /// Runs a command and returns the reply's bytes as text.
    @discardableResult
    func run(_ words: String...) -> String { run(words.map { Array($0.utf8) }) }

    /// Runs a command and returns the reply's bytes as text.
    @discardableResult
    func run(_ words: [[UInt8]]) -> String {
        var reader = RequestReader()
        reader.receive(words: words)
        var call = Call(dataset, database: database, now: now)
        call.isReplay = isReplay
        Self.execute(reader.frame(0), &call)
        let reply = call.takeReply()
        return String(decoding: [UInt8](reply.buffer.bytes), as: UTF8.self)
    }

    /// Runs a command and returns the reply's bytes as text.
    ///
    /// With `between` what takes long is done in slices, after each of which that is called; it is given up after
    /// `giveUpAfter` of them.
    @discardableResult
    func run(
        _ words: [String], _ version: ProtocolVersion, giveUpAfter most: Int = .max,
        _ between: ((_ slice: Int, _ reply: Int) -> Void)? = nil
    ) -> String {
        var reader = RequestReader()
        reader.receive(words: words.map { Array($0.utf8) })
        var call = Call(dataset, database: database, now: now, reply: ReplyWriter(version: version))
        call.maySlice = between != nil
        Self.execute(reader.frame(0), &call)
        if let between, let long = call.takeLongCommand(), long.begin() {
            var slice = 0
            do throws(CommandError) {
                while slice < most, try long.advance(&call) {
                    slice += 1
                    between(slice, call.reply.count)
                }
            } catch {
                error.write(to: &call.reply)
            }
            long.end()
        }
        let reply = call.takeReply()
        return String(decoding: [UInt8](reply.buffer.bytes), as: UTF8.self)
    }

    /// Whether long commands under way keep a command from running.
    func isHeldBack(_ words: [String]) -> Bool {
        var reader = RequestReader()
        reader.receive(words: words.map { Array($0.utf8) })
        guard let row = Self.row(reader.frame(0)) else { return false }
        return dataset.frozen.holdsBack(row.info, reader.frame(0))
    }

    /// Runs commands that another dataset has told, each in its database.
    func replay(_ commands: [Effects.Command]) {
        isReplay = true
        for command in commands {
            database = command.database
            run(command.arguments)
        }
    }

    /// Runs a command as the dispatcher does.
    static func execute(_ arguments: Arguments, _ call: inout Call) {
        guard let row = row(arguments) else {
            return call.reply.error("ERR unknown command")
        }
        let before = call.dataset.effects.changes
        call.name = row.info.name
        do throws(CommandError) {
            guard row.info.accepts(arguments.count), let body = row.body else {
                throw .wrongArity(row.info.name.description)
            }
            try body.run(arguments, &call)
        } catch {
            error.write(to: &call.reply)
        }
        call.dataset.effects.endCommand(arguments, before: before, in: call.keyspace.number)
    }

    private static func row(_ arguments: Arguments) -> DataCommand? {
        guard let row = rows[arguments[0].text.lowercased()] else { return nil }
        if row.subcommands.isEmpty { return row }
        return row.subcommands.first { arguments[1].isWord($0.info.name) }
    }

    private static let rows = Dictionary(
        uniqueKeysWithValues: DataCommands.all.map { ($0.info.name.description, $0) })
}

/// All that clients can see of a dataset, to be compared with another's; due keys are as good as any here.
struct DatasetImage: Equatable {
    struct Key: Equatable {
        var encoding: String
        var value: [UInt8]
        var deadline: Int64?
    }

    /// For each database its keys.
    var databases: [[[UInt8]: Key]]

    init(_ dataset: Dataset) {
        databases = dataset.keyspaces.map { keyspace in
            var keys: [[UInt8]: Key] = [:]
            keyspace.table.forEach { entry in
                guard entry.kind.isString else {
                    // Whether a collection has shrunk is not to be seen from what it holds.
                    var digest = DatasetDigest()
                    digest.mixValue(of: entry)
                    keys[[UInt8](entry.key)] = Key(
                        encoding: entry.kind.type.name.description, value: Array(digest.text.utf8),
                        deadline: keyspace.deadline(of: entry))
                    return
                }
                let value = entry.withString { [UInt8]($0) }
                // INCRBYFLOAT keeps a whole number as text, and tells others to SET it: as in Redis, those
                // keep it as a number.
                let isWhole = entry.kind == .embedded && Decimal.parse(value.raw) != nil
                keys[[UInt8](entry.key)] = Key(
                    encoding: isWhole ? "int" : entry.kind.encoding.description, value: value,
                    deadline: keyspace.deadline(of: entry))
            }
            return keys
        }
    }

    /// The first few differences in words.
    func differences(from other: DatasetImage) -> [String] {
        var found: [String] = []
        for (number, (mine, its)) in zip(databases, other.databases).enumerated() {
            for key in Set(mine.keys).union(its.keys) where mine[key] != its[key] {
                let name = String(decoding: key, as: UTF8.self)
                found.append("\(number):\(name) is \(Self.text(mine[key])), was \(Self.text(its[key]))")
            }
        }
        return Array(found.sorted().prefix(5))
    }

    private static func text(_ key: Key?) -> String {
        guard let key else { return "missing" }
        let deadline = key.deadline.map(String.init) ?? "-"
        return "\(key.encoding) '\(String(decoding: key.value.prefix(60), as: UTF8.self))' due \(deadline)"
    }
}
