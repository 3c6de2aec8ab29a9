import Engine
import Reactor

/// Configuration at run time: CONFIG's part in the actor.
extension Database {
    nonisolated var log: Log { environment.log }

    /// Gives a dataset the settings it works by.
    static func apply(_ configuration: Configuration, to dataset: Dataset) {
        // A longer string could be asked for, but not be had, and the request would end the server.
        dataset.settings.bulkLength = min(configuration.protoMaxBulkLength, ProcessMemory.machine())
        dataset.settings.countsFrequency = configuration.maxMemoryPolicy.countsFrequency
        dataset.settings.sharesIntegers =
            configuration.maxMemory == 0 || !configuration.maxMemoryPolicy.looksAtClocks
        dataset.settings.unlinksDueKeys = configuration.lazyExpire
        dataset.settings.frequencyLogFactor = configuration.lfuLogFactor
        dataset.settings.frequencyDecayMinutes = configuration.lfuDecayTime
        dataset.settings.collections = configuration.collections
        dataset.effects.notified = configuration.notifyKeyspaceEvents
    }

    /// Sets several directives at once, or none of them; they hold when this returns.
    ///
    /// Each comes under the name, perhaps an older one, by which errors speak of it.
    func configure(_ settings: [(name: String, directive: Directive, value: [UInt8])]) throws(CommandError) {
        let old = configuration
        var new = configuration
        for (name, directive, value) in settings {
            let words = directive.flags.contains(.multiple) ? Self.words(of: value) : [value]
            do throws(DirectiveError) {
                try directive.set(&new, to: words)
            } catch {
                throw .configSet(name, error.text)
            }
        }
        configuration = new
        var applied: [Directive.Facet] = []
        for (name, directive, _) in settings where !applied.contains(directive.facet) {
            guard directive.show(old) != directive.show(new) else { continue }
            do throws(DirectiveError) {
                try apply(directive.facet, since: old)
                applied.append(directive.facet)
            } catch {
                log(
                    .warning,
                    "Failed applying new configuration. Possibly related to new \(directive.name) setting. Restoring previous settings."
                )
                configuration = old
                // What could be applied a moment ago can be again.
                for facet in applied { try? apply(facet, since: new) }
                throw .configSet(name, error.text)
            }
        }
        let idle = settings.map(\.directive).filter {
            $0.flags.contains(.dormant) && $0.show(old) != $0.show(new)
        }
        if !idle.isEmpty { log(.notice, ConfigurationTable.remark(onIdle: idle.map(\.name))) }
    }

    /// Brings what depends on the configuration up to date.
    private func apply(_ facet: Directive.Facet, since old: Configuration) throws(DirectiveError) {
        switch facet {
        case .none:
            break
        case .port:
            guard rebind(from: old) else {
                throw DirectiveError("Unable to listen on this port. Check server logs.")
            }
        case .bind:
            guard rebind(from: old) else { throw DirectiveError("Failed to bind to specified addresses.") }
        case .openFiles:
            try OpenFilesLimit.make(enoughFor: configuration, log)
        case .dataset:
            Self.apply(configuration, to: dataset)
            followLimit(since: old)
        case .log:
            log.level = configuration.logLevel
            log.hidesUserData = configuration.hideUserDataFromLog
        case .title:
            showTitle()
        case .outOfMemoryScore:
            try outOfMemoryScore.follow(configuration, log)
        case .observation:
            adjustObservation()
        }
    }

    private func rebind(from old: Configuration) -> Bool {
        let isBound = (try? environment.listeners.rebind(from: old, to: configuration, on: loop, log)) != nil
        if isBound, configuration.setsProcessTitle { showTitle() }
        return isBound
    }

    private func showTitle() { environment.title?.show(configuration, file: environment.configurationFile) }

    /// Words between single spaces, as CONFIG SET takes lists; none in nothing.
    private static func words(of value: [UInt8]) -> [[UInt8]] {
        value.isEmpty
            ? []
            : value.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map { Array($0) }
    }

    /// Writes the configuration into the file that it came from; `force` writes every directive.
    func rewriteConfiguration(force: Bool = false) throws(CommandError) {
        guard let file = environment.configurationFile else {
            throw CommandError("ERR The server is running without a config file")
        }
        do throws(SystemError) {
            var old: [UInt8] = []
            if Files.exists(file) { old = try Files.read(file) }
            try Files.replace(
                file, with: ConfigurationRewriter.rewrite(old, for: configuration, force: force))
            log(.notice, "CONFIG REWRITE executed with success.")
        } catch {
            log(.warning, "CONFIG REWRITE failed: \(error.reason)")
            throw CommandError(text: "ERR Rewriting config file: \(error.reason)")
        }
    }
}

extension CommandError {
    /// CONFIG SET's refusal of one of its settings.
    fileprivate static func configSet(_ name: String, _ reason: String) -> CommandError {
        CommandError(text: "ERR CONFIG SET failed (possibly related to argument '\(name)') - \(reason)")
    }
}
