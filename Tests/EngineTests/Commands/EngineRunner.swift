import RESP
import TestSupport

@testable import Engine

/// A dataset with a clock of its own on which commands run as they do in the server, and whose effects
/// can be looked at.
final class EngineRunner {
    let dataset = Dataset(databases: 2, seed: (1, 2))
    var now: Int64 = 1_000_000
    /// Whether due keys stay, as while a server is paused.
    var keepsDueKeys = false
    /// What the last command would have replicas do, as text.
    private(set) var propagated: [String] = []
    /// The last command's notifications as `event key`.
    private(set) var events: [String] = []

    init() {
        dataset.effects.interest = .commands
        dataset.effects.notified = [.all, .newKey]
    }

    /// Runs a command and returns its reply as it is sent.
    @discardableResult
    func run(_ words: String..., version: ProtocolVersion = .resp2) -> String {
        String(decoding: run(words.map { Array($0.utf8) }, version: version), as: UTF8.self)
    }

    /// Runs a command of any bytes and returns its reply as it is sent.
    @discardableResult
    func run(_ words: [[UInt8]], version: ProtocolVersion = .resp2) -> [UInt8] {
        var reader = RequestReader()
        reader.receive(words: words)
        var call = Call(dataset, now: now, reply: ReplyWriter(version: version))
        call.keepsDueKeys = keepsDueKeys
        dataset.effects.clear()
        CommandRunner.execute(reader.frame(0), &call)
        propagated = dataset.effects.commands.map { command in
            command.arguments.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        }
        events = dataset.effects.events.map { "\($0.kind.name) \(String(decoding: $0.key, as: UTF8.self))" }
        return [UInt8](call.takeReply().buffer.bytes)
    }
}
