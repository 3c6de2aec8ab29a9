import RESP

/// Asking for the deadlines of fields.
extension DataCommands {
    static let httl = time(
        "httl", isRelative: true, inSeconds: true, "Returns the remaining time to live of fields in seconds.")

    static let hpttl = time(
        "hpttl", isRelative: true, inSeconds: false,
        "Returns the remaining time to live of fields in milliseconds.")

    static let hexpiretime = time(
        "hexpiretime", isRelative: false, inSeconds: true,
        "Returns the deadline of fields as Unix time in seconds.")

    static let hpexpiretime = time(
        "hpexpiretime", isRelative: false, inSeconds: false,
        "Returns the deadline of fields as Unix time in milliseconds.")

    /// The row of one of the four commands that differ only in how they count.
    private static func time(
        _ name: StaticString, isRelative: Bool, inSeconds: Bool, _ summary: StaticString
    ) -> DataCommand {
        DataCommand(
            name, arity: -5, flags: [.readonly, .fast], categories: .hash,
            keys: [.one(1, .readOnlyAccess)], group: .hash, since: "7.4.0", summary: summary,
            complexity: "O(N) where N is the number of fields given",
            tips: isRelative ? ["nondeterministic_output"] : [],
            arguments: [.key(), FieldArguments.grammar]
        ) { (arguments, call) throws(CommandError) in
            let hash = try call.readHash(arguments[1])
            let fields = try FieldArguments.read(arguments, 2)
            let base = isRelative ? call.now : 0
            call.reply.array(fields.count)
            for index in fields {
                let deadline = hash?.value.deadline(of: arguments[index], cutoff: hash?.cutoff ?? .min)
                guard let deadline, deadline != 0 else {
                    call.reply.integer(deadline == nil ? -2 : -1)
                    continue
                }
                call.reply.integer(inSeconds ? (deadline - base + 999) / 1000 : deadline - base)
            }
        }
    }
}
