import Glibc
import Reactor
import Synchronization

/// A process that is a server: what happens around it from the start to the end.
struct ServerProcess {
    private var configuration: Configuration
    private let log: Log
    private let file: String?
    /// Directives that were given and have no effect.
    private let idle: [String]

    /// Takes a configuration that was read from `file`, or without one.
    init(_ reader: ConfigurationReader, file: String?) {
        configuration = reader.configuration
        idle = reader.idle
        self.file = file
        let path = configuration.logFile
        log = Log(
            to: path.isEmpty ? .standardOutput : .file(configuration.resolve(path)),
            level: configuration.logLevel, hidesUserData: configuration.hideUserDataFromLog)
    }

    /// Serves until told to stop; returns the process's exit status.
    mutating func run() -> Int32 {
        MemoryAllocator.boundPauses()
        if let failure = enterDirectory() ?? checkLogFile() {
            try? Files.writeAll(Array(failure.report.utf8).span, to: Descriptor(owning: dup(STDERR_FILENO)))
            return 1
        }
        let manager = Supervisor(configuration.supervised, log)
        let isDaemon = configuration.daemonize && manager == nil
        // Before there is any thread, which the child would not have.
        if isDaemon, daemon(1, 0) != 0 {
            log(.warning, "Can't daemonize: \(SystemError("daemon", code: errno).reason)")
            return 1
        }
        announce()
        guard OpenFilesLimit.agree(with: &configuration, log) else { return 1 }
        warnAboutBacklog()
        let title = ProcessTitle().map {
            ServerTitle(memory: $0, program: Array((CommandLine.arguments.first ?? "").utf8))
        }
        if configuration.setsProcessTitle { title?.show(configuration, file: file) }
        StopSignals.prepare()
        let environment = ServerEnvironment(log: log, configurationFile: file, title: title)
        let status = serve(environment, manager, isDaemon: isDaemon)
        if status == 0 { log(.warning, "mini-redis is now ready to exit, bye bye...") }
        return status
    }

    // MARK: Start

    /// Relative paths start from `dir`.
    private func enterDirectory() -> ConfigurationFailure? {
        // The path is a local copy that outlives the call.
        guard !configuration.directory.isEmpty, unsafe chdir(configuration.directory) != 0 else { return nil }
        let reason = SystemError("chdir", code: errno).reason
        return ConfigurationFailure(
            place: nil, reason: "Can't chdir to '\(configuration.directory)': \(reason)")
    }

    private func checkLogFile() -> ConfigurationFailure? {
        guard !configuration.logFile.isEmpty else { return nil }
        do throws(SystemError) {
            let path = configuration.resolve(configuration.logFile)
            _ = try Files.open(path, O_WRONLY | O_APPEND | O_CREAT, 0o644)
            return nil
        } catch {
            return ConfigurationFailure(place: nil, reason: "Can't open the log file: \(error.reason)")
        }
    }

    private func announce() {
        log(.notice, "mini-redis \(ServerVersion.own) is starting, PID: \(ThisProcess.id)")
        log(
            .notice,
            "Redis version=\(ServerVersion.redis) (compatible), bits=\(Int.bitWidth), pid=\(ThisProcess.id), just started"
        )
        if ServerVersion.isDebugBuild {
            log(
                .warning,
                "WARNING This is a debug build, many times slower than a release build. "
                    + "Build the fast one with 'swift build -c release'.")
        }
        if CommandLine.argc == 1 {
            log(
                .warning,
                "Warning: no config file specified, using the default config. In order to specify "
                    + "a config file use \(CommandLine.arguments.first ?? "mini-redis-server") /path/to/redis.conf"
            )
        } else {
            log(.notice, "Configuration loaded")
        }
        if !idle.isEmpty {
            log(.notice, ConfigurationTable.remark(onIdle: idle))
        }
        guard configuration.alwaysShowLogo else {
            log(.notice, "Running mode=standalone, port=\(configuration.port).")
            return
        }
        log(.notice, "   .---.")
        log(.notice, "  (     )   mini-redis \(ServerVersion.own), \(Int.bitWidth) bit")
        log(.notice, "  |'---'|   Running in standalone mode")
        log(.notice, "  |'---'|   Port: \(configuration.port)")
        log(.notice, "   '---'    PID: \(ThisProcess.id)")
    }

    /// The kernel cuts a longer backlog short in silence.
    private func warnAboutBacklog() {
        let path = "/proc/sys/net/core/somaxconn"
        guard let bytes = try? Files.read(path),
            let most = Int32(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)),
            most < configuration.tcpBacklog
        else { return }
        log(
            .warning,
            "WARNING: The TCP backlog setting of \(configuration.tcpBacklog) cannot be enforced "
                + "because \(path) is set to the lower value of \(most).")
    }

    /// Where a daemon's number is found unless `pidfile` says otherwise.
    private static let defaultPidFile = "/var/run/redis.pid"

    /// Where the process's number is to be written, if anywhere.
    private func pidFile(isDaemon: Bool) -> String? {
        guard configuration.pidFile.isEmpty else { return configuration.resolve(configuration.pidFile) }
        return isDaemon ? Self.defaultPidFile : nil
    }

    // MARK: Service

    private func serve(_ environment: ServerEnvironment, _ manager: Supervisor?, isDaemon: Bool) -> Int32 {
        let loop: EventLoop
        let others: [LoopThread]
        do throws(SystemError) {
            loop = try EventLoop()
            var threads: [LoopThread] = []
            for number in 1..<max(configuration.ioThreads, 1) {
                threads.append(try LoopThread(named: "io-\(number)"))
            }
            others = threads
        } catch {
            log(.warning, "Can't start: \(error)")
            return 1
        }
        let server = Server(
            configuration: configuration, loops: [loop] + others.map(\.loop), environment: environment)
        let status = ExitStatus()
        let log = log
        let pidFile = pidFile(isDaemon: isDaemon)
        loop.run {
            await withDiscardingTaskGroup { group in
                group.addTask(on: loop) {
                    guard await StopSignals.wait(on: loop, log) else { return }
                    log(.notice, "User requested shutdown...")
                    manager?.notify("STOPPING=1")
                    server.stop()
                }
                status.set(await Self.serve(server, manager, pidFile, log))
                group.cancelAll()
            }
        }
        for thread in others { thread.stopAndJoin() }
        return status.value
    }

    private static func serve(
        _ server: Server, _ manager: Supervisor?, _ pidFile: String?, _ log: Log
    ) async -> Int32 {
        do throws(ListenFailure) {
            try await server.run { addresses in
                log(.notice, "Server initialized")
                // Only now: a second server on the same port must not touch the first one's file.
                if let pidFile { writePid(to: pidFile, log) }
                if addresses.contains(where: { !$0.isUnix }) {
                    log(.notice, "Ready to accept connections tcp")
                }
                if addresses.contains(where: \.isUnix) { log(.notice, "Ready to accept connections unix") }
                manager?.notify("STATUS=Ready to accept connections\nREADY=1")
            }
        } catch {
            log(.warning, "\(error)")
            return 1
        }
        if let pidFile {
            log(.notice, "Removing the pid file.")
            try? Files.remove(pidFile)
        }
        return 0
    }

    /// Writes the process's number; a failure is logged, and the server goes on.
    private static func writePid(to path: String, _ log: Log) {
        do throws(SystemError) {
            try Files.write(Array("\(ThisProcess.id)\n".utf8), to: path)
        } catch {
            log(.warning, "Failed to write PID file: \(error.reason)")
        }
    }
}

/// How the process is to end, as the root task has found out.
private final class ExitStatus: Sendable {
    private let status = Atomic<Int32>(1)

    var value: Int32 { status.load(ordering: .acquiring) }

    func set(_ value: Int32) { status.store(value, ordering: .releasing) }
}
