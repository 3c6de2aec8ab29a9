import Reactor

/// What a process that is a server is called, as `proc-title-template` has it.
struct ServerTitle: Sendable {
    let memory: ProcessTitle
    /// The program as it was called.
    let program: [UInt8]

    /// Shows the title that belongs to a configuration.
    func show(_ configuration: Configuration, file: String?) {
        let template = TitleTemplate(configuration.processTitleTemplate)
        guard let text = template.text(program: program, file: file, configuration) else { return }
        memory.show(text)
    }
}

/// A text with variables in braces, `{{` being a brace.
struct TitleTemplate {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The text without blanks around it; nil if a variable is unknown or not complete.
    func text(program: [UInt8], file: String?, _ configuration: Configuration) -> [UInt8]? {
        let open = UInt8(ascii: "{")
        var text: [UInt8] = []
        var rest = bytes[...]
        while let next = rest.popFirst() {
            guard next == open else {
                text.append(next)
                continue
            }
            if rest.first == open {
                text.append(open)
                rest.removeFirst()
                continue
            }
            guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else { return nil }
            switch String(decoding: rest[..<end], as: UTF8.self) {
            case "title": text += program
            case "listen-addr": text += Array(Self.address(configuration).utf8)
            // There are neither clusters nor sentinels.
            case "server-mode": break
            case "config-file": text += Array((file ?? "-").utf8)
            case "port": text += Array("\(configuration.port)".utf8)
            case "tls-port": text.append(UInt8(ascii: "0"))
            case "unixsocket": text += Array(configuration.unixSocket.utf8)
            default: return nil
            }
            rest = rest[(end + 1)...]
        }
        let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") }
        while let last = text.last, isBlank(last) { text.removeLast() }
        return Array(text.drop(while: isBlank))
    }

    private static func address(_ configuration: Configuration) -> String {
        guard configuration.port > 0 else { return "unixsocket:\(configuration.unixSocket)" }
        return "\(configuration.bind.first ?? "*"):\(configuration.port)"
    }
}

extension Directive {
    /// `proc-title-template`: whether it is one depends on what its variables stand for.
    static let processTitleTemplate = Directive(
        name: "proc-title-template", alias: nil, flags: [], facet: .title,
        read: { (configuration, words) throws(DirectiveError) in
            let bytes = ConfigurationText.untilNUL(words[0])
            let text = TitleTemplate(bytes).text(program: [], file: nil, configuration)
            guard let text, !text.isEmpty else {
                throw DirectiveError("template format is invalid or contains unknown variables")
            }
            configuration.processTitleTemplate = bytes
        },
        show: { $0.processTitleTemplate },
        lines: { [ConfigurationText.quoted($0.processTitleTemplate)] })
}
