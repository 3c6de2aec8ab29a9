import Engine
import RESP

/// What COMMAND DOCS answers of a row: from it clients make their hints.
extension RegisteredCommand {
    /// Writes the map of what is known; what isn't is left out.
    func writeDocumentation(to reply: inout ReplyWriter) {
        let flags = documentationFlags
        reply.map(
            4 + (flags.isEmpty ? 0 : 1) + (info.deprecation == nil ? 0 : 2) + (info.arguments.isEmpty ? 0 : 1)
                + (subcommands == nil ? 0 : 1))
        reply.bulk("summary")
        reply.bulk(info.summary)
        reply.bulk("since")
        reply.bulk(info.since)
        reply.bulk("group")
        reply.bulk(text: info.group.rawValue)
        reply.bulk("complexity")
        reply.bulk(info.complexity)
        if !flags.isEmpty {
            reply.bulk("doc_flags")
            reply.set(flags.count)
            for flag in flags { reply.simple(flag) }
        }
        if let deprecation = info.deprecation {
            reply.bulk("deprecated_since")
            reply.bulk(deprecation.since)
            reply.bulk("replaced_by")
            reply.bulk(deprecation.replacement)
        }
        if !info.arguments.isEmpty {
            reply.bulk("arguments")
            ArgumentSpec.write(info.arguments, to: &reply)
        }
        if let subcommands {
            reply.bulk("subcommands")
            reply.map(subcommands.all.count)
            for subcommand in subcommands.all {
                reply.bulk(text: subcommand.fullName)
                subcommand.writeDocumentation(to: &reply)
            }
        }
    }

    private var documentationFlags: [StaticString] {
        (info.deprecation == nil ? [] : ["deprecated"]) + (info.flags.contains(.system) ? ["syscmd"] : [])
    }
}

extension ArgumentSpec {
    /// Writes an array of grammar, parts nested.
    fileprivate static func write(_ arguments: [ArgumentSpec], to reply: inout ReplyWriter) {
        reply.array(arguments.count)
        for argument in arguments { argument.write(to: &reply) }
    }

    private func write(to reply: inout ReplyWriter) {
        let parts = parts
        let flags = flags
        var count = 3
        if case .key = kind { count += 1 }
        for isThere in [token != nil, since != nil, !flags.isEmpty] where isThere { count += 1 }
        reply.map(count)
        reply.bulk("name")
        reply.bulk(name)
        reply.bulk("type")
        reply.bulk(typeName)
        if parts == nil {
            reply.bulk("display_text")
            reply.bulk(name)
        }
        if case .key(let spec) = kind {
            reply.bulk("key_spec_index")
            reply.integer(spec)
        }
        if let token {
            reply.bulk("token")
            reply.bulk(token)
        }
        if let since {
            reply.bulk("since")
            reply.bulk(since)
        }
        if !flags.isEmpty {
            reply.bulk("flags")
            reply.set(flags.count)
            for flag in flags { reply.simple(flag) }
        }
        if let parts {
            reply.bulk("arguments")
            Self.write(parts, to: &reply)
        }
    }

    /// What a choice or a block is made of.
    var parts: [ArgumentSpec]? {
        switch kind {
        case .oneOf(let parts), .block(let parts): parts
        default: nil
        }
    }

    private var flags: [StaticString] {
        (isOptional ? ["optional"] : []) + (isMultiple ? ["multiple"] : [])
            + (repeatsToken ? ["multiple_token"] : [])
    }

    private var typeName: StaticString {
        switch kind {
        case .string: "string"
        case .integer: "integer"
        case .double: "double"
        case .key: "key"
        case .pattern: "pattern"
        case .unixTime: "unix-time"
        case .token: "pure-token"
        case .oneOf: "oneof"
        case .block: "block"
        }
    }
}
