import Engine
import RESP

/// What COMMAND INFO answers of a row.
extension RegisteredCommand {
    /// The flags that COMMAND shows; whether keys move follows from their specs.
    var shownFlags: CommandFlags { info.movesKeys ? info.flags.union(.movablekeys) : info.flags }

    /// Writes the ten facts, subcommands nested.
    func writeInfo(to reply: inout ReplyWriter) {
        let range = info.legacyKeyRange
        reply.array(10)
        reply.bulk(text: fullName)
        reply.integer(info.arity)
        reply.words(CommandFlags.shown, of: shownFlags)
        reply.integer(range.first)
        reply.integer(range.last)
        reply.integer(range.step)
        writeCategories(to: &reply)
        reply.set(info.tips.count)
        for tip in info.tips { reply.bulk(tip) }
        reply.set(info.keys.count)
        for spec in info.keys { spec.write(to: &reply) }
        // Redis has an array here, and an empty set where there are no subcommands.
        if let subcommands {
            reply.array(subcommands.all.count)
            for subcommand in subcommands.all { subcommand.writeInfo(to: &reply) }
        } else {
            reply.set(0)
        }
    }

    private func writeCategories(to reply: inout ReplyWriter) {
        let categories = info.categories
        let names = ACLCategories.named.filter { categories.contains($0.0) }
        reply.set(names.count)
        for (_, name) in names { reply.simple(text: "@\(name)") }
    }
}

extension ReplyWriter {
    /// A set of the names of those flags that `flags` has.
    mutating func words<Flags: OptionSet>(_ names: [(Flags, StaticString)], of flags: Flags)
    where Flags.Element == Flags {
        set(names.count { flags.contains($0.0) })
        for (flag, name) in names where flags.contains(flag) { simple(name) }
    }

    /// A kind with the numbers and words that go with it.
    fileprivate mutating func search(_ type: StaticString, _ spec: [(StaticString, SearchValue)]) {
        map(2)
        bulk("type")
        bulk(type)
        bulk("spec")
        map(spec.count)
        for (name, value) in spec {
            bulk(name)
            switch value {
            case .number(let number): integer(number)
            case .word(let word): bulk(word)
            }
        }
    }
}

private enum SearchValue {
    case number(Int)
    case word(StaticString)
}

extension KeySpec {
    /// Writes the spec as COMMAND INFO shows it.
    fileprivate func write(to reply: inout ReplyWriter) {
        reply.map(notes == nil ? 3 : 4)
        if let notes {
            reply.bulk("notes")
            reply.bulk(notes)
        }
        reply.bulk("flags")
        reply.words(KeyFlags.named, of: flags)
        reply.bulk("begin_search")
        switch begin {
        case .index(let index): reply.search("index", [("index", .number(index))])
        case .keyword(let word, let from):
            reply.search("keyword", [("keyword", .word(word)), ("startfrom", .number(from))])
        case .unknown: reply.search("unknown", [])
        }
        reply.bulk("find_keys")
        switch find {
        case .range(let last, let step, let limit):
            reply.search(
                "range", [("lastkey", .number(last)), ("keystep", .number(step)), ("limit", .number(limit))])
        case .number(let index, let first, let step):
            reply.search(
                "keynum",
                [("keynumidx", .number(index)), ("firstkey", .number(first)), ("keystep", .number(step))])
        case .unknown: reply.search("unknown", [])
        }
    }
}
