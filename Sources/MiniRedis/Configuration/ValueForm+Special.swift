import Engine
import Glibc
import RESP

/// Kinds of values that a single directive, or two, have.
extension ValueForm {
    /// The same form for a directive that must stay as it is, because what it would turn on is not there.
    func only(_ value: Value, because reason: String) -> ValueForm {
        let kept = show(value)
        return ValueForm(
            read: { [read, show] (words, present) throws(DirectiveError) in
                let new = try read(words, present)
                guard show(new) == kept else { throw DirectiveError(reason) }
                return new
            },
            show: show, lines: lines)
    }
}

extension ValueForm where Value == [String] {
    /// Most addresses that `bind` takes, as in Redis.
    private static var mostAddresses: Int { 16 }

    /// Addresses to listen on; a single empty word is none.
    static var addresses: ValueForm {
        ValueForm(
            read: { (words, _) throws(DirectiveError) in
                guard words.count <= mostAddresses else {
                    throw DirectiveError("Too many bind addresses specified.")
                }
                if words == [[]] { return [] }
                var addresses: [String] = []
                for word in words { addresses.append(try word.text) }
                return addresses
            },
            show: { Array($0.joined(separator: " ").utf8) },
            lines: { [Array(($0.isEmpty ? "\"\"" : $0.joined(separator: " ")).utf8)] })
    }
}

extension ValueForm where Value == String {
    /// A directory that exists, kept as its absolute path; relative ones start from the present one.
    static var directory: ValueForm {
        ValueForm(
            read: { (words, present) throws(DirectiveError) in
                guard words.count == 1 else { throw .wordCount }
                let path = try words[0].text
                return try absolute(present.isEmpty || path.hasPrefix("/") ? path : "\(present)/\(path)")
            },
            show: { Array(shown($0).utf8) },
            lines: { [ConfigurationText.quoted(Array(shown($0).utf8))] })
    }

    private static func shown(_ directory: String) -> String {
        directory.isEmpty ? (try? absolute(".")) ?? "" : directory
    }

    private static func absolute(_ path: String) throws(DirectiveError) -> String {
        // `realpath` allocates what it returns, which is copied and freed here; the path outlives the call.
        guard let found = unsafe realpath(path, nil) else { throw DirectiveError(lastReason()) }
        // As above.
        defer { unsafe free(found) }
        // As above.
        let resolved = unsafe String(cString: found)
        var status = stat()
        // The pointers are to locals that outlive the calls.
        guard unsafe stat(resolved, &status) == 0 else { throw DirectiveError(lastReason()) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            // As above.
            throw DirectiveError(unsafe String(cString: strerror(ENOTDIR)))
        }
        // As above.
        guard unsafe access(resolved, X_OK) == 0 else { throw DirectiveError(lastReason()) }
        return resolved
    }

    private static func lastReason() -> String {
        // strerror's text lives until this thread's next call, and is copied at once.
        unsafe String(cString: strerror(errno))
    }
}

extension ValueForm where Value == EventClasses {
    /// The letters of `notify-keyspace-events`.
    static var events: ValueForm {
        ValueForm(
            read: { (words, _) throws(DirectiveError) in
                guard words.count == 1 else { throw .wordCount }
                guard
                    let classes = EventClasses(
                        letters: String(decoding: ConfigurationText.untilNUL(words[0]), as: UTF8.self))
                else {
                    throw DirectiveError("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.")
                }
                return classes
            },
            show: { Array($0.letters.utf8) },
            lines: { [ConfigurationText.quoted(Array($0.letters.utf8))] })
    }
}

extension ValueForm where Value == Set<ShutdownOption> {
    /// `default`, or several ways to shut down.
    static var shutdownOptions: ValueForm {
        ValueForm(
            read: { (words, _) throws(DirectiveError) in
                var options: Set<ShutdownOption> = []
                for word in words where optionWord(word) != "default" {
                    guard let option = ShutdownOption(rawValue: optionWord(word)) else { throw notAnOption }
                    options.insert(option)
                }
                guard !words.isEmpty else { throw notAnOption }
                guard !options.isSuperset(of: [.save, .nosave]) else {
                    throw DirectiveError("shutdown options SAVE and NOSAVE can't be used simultaneously")
                }
                guard !options.contains(.save) else {
                    throw DirectiveError("this server writes no snapshots")
                }
                return options
            },
            show: { options in
                let words = ShutdownOption.allCases.filter(options.contains).map(\.rawValue)
                return Array((words.isEmpty ? "default" : words.joined(separator: " ")).utf8)
            })
    }

    private static var notAnOption: DirectiveError {
        .notOneOf(["default"] + ShutdownOption.allCases.map(\.rawValue))
    }
}

extension ValueForm where Value == OutputLimits {
    /// Groups of class, hard limit, soft limit and seconds; classes that are not named stay.
    static var outputLimits: ValueForm {
        ValueForm(
            read: { (words, present) throws(DirectiveError) in
                guard words.count.isMultiple(of: 4) else {
                    throw DirectiveError("Wrong number of arguments in buffer limit configuration.")
                }
                var limits = present
                for start in stride(from: 0, to: words.count, by: 4) {
                    guard let kind = OutputLimits.Class.named(optionWord(words[start])) else {
                        throw DirectiveError("Invalid client class specified in buffer limit configuration.")
                    }
                    guard let hard = ConfigurationText.size(words[start + 1]),
                        let soft = ConfigurationText.size(words[start + 2]),
                        let seconds = ConfigurationText.looseInteger(words[start + 3]),
                        case let seconds = Int32(truncatingIfNeeded: seconds), seconds >= 0
                    else {
                        throw DirectiveError(
                            "Error in hard, soft or soft_seconds setting in buffer limit configuration.")
                    }
                    limits[kind] = OutputLimit(
                        hard: Int(clamping: hard), soft: Int(clamping: soft), softSeconds: Int(seconds))
                }
                return limits
            },
            show: { limits in
                let groups = OutputLimits.Class.allCases.map { kind in
                    "\(kind == .replica ? "slave" : "\(kind)") \(limits[kind].hard) \(limits[kind].soft) \(limits[kind].softSeconds)"
                }
                return Array(groups.joined(separator: " ").utf8)
            },
            lines: { limits in
                OutputLimits.Class.allCases.map { kind in
                    let (hard, soft) = (
                        ConfigurationText.formatted(size: UInt64(clamping: limits[kind].hard)),
                        ConfigurationText.formatted(size: UInt64(clamping: limits[kind].soft))
                    )
                    return Array("\(kind) \(hard) \(soft) \(limits[kind].softSeconds)".utf8)
                }
            })
    }
}

extension OutputLimits.Class {
    /// The class that a name in lower case means; replicas have their old name too.
    fileprivate static func named(_ name: String) -> OutputLimits.Class? {
        name == "slave" ? .replica : allCases.first { "\($0)" == name }
    }
}

extension ValueForm where Value == [Double] {
    /// Shares of a hundred.
    static var percentiles: ValueForm {
        ValueForm(
            read: { (words, _) throws(DirectiveError) in
                if words == [[]] { return [] }
                var shares: [Double] = []
                for word in words {
                    guard let share = Double(String(decoding: word, as: UTF8.self)), !share.isNaN else {
                        throw DirectiveError("Invalid latency-tracking-info-percentiles parameters")
                    }
                    guard (0...100).contains(share) else {
                        throw DirectiveError(
                            "latency-tracking-info-percentiles parameters should sit between [0.0,100.0]")
                    }
                    shares.append(share)
                }
                return shares
            },
            show: { Array($0.map(text).joined(separator: " ").utf8) },
            lines: { [Array(($0.isEmpty ? "\"\"" : $0.map(text).joined(separator: " ")).utf8)] })
    }

    /// Whole shares without a point.
    private static func text(_ share: Double) -> String {
        let text = "\(share)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

extension ValueForm where Value == [Int] {
    /// Three scores for the kernel's choice of whom to kill.
    static var scores: ValueForm {
        ValueForm(
            read: { (words, _) throws(DirectiveError) in
                guard words.count == 3 else { throw .wordCount }
                var scores: [Int] = []
                for word in words {
                    guard let score = ConfigurationText.looseInteger(word), (-2000...2000).contains(score)
                    else {
                        throw DirectiveError(
                            "Invalid oom-score-adj-values, elements must be between -2000 and 2000.")
                    }
                    scores.append(Int(score))
                }
                return scores
            },
            show: { Array($0.map { "\($0)" }.joined(separator: " ").utf8) })
    }
}

extension ValueForm where Value == OutOfMemoryAdjustment {
    /// One of the words; `yes` and `relative` are the same, and shown as the first.
    static var outOfMemoryAdjustment: ValueForm {
        ValueForm(
            word: { (word) throws(DirectiveError) in
                switch optionWord(word) {
                case "no": return .no
                case "yes", "relative": return .relative
                case "absolute": return .absolute
                default: throw .notOneOf(["no", "yes", "relative", "absolute"])
                }
            },
            text: { $0 == .relative ? "yes" : $0.rawValue })
    }
}
