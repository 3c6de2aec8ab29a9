import Glibc
import Reactor
import Synchronization

/// The server's log, in Redis's form: `PID:M dd Mon yyyy HH:MM:SS.mmm * text`.
///
/// A line is one write, at once. A file is opened anew for each line, so that it may be moved away
/// at any time; a line that can't be written is lost, and nothing else suffers.
package final class Log: Sendable {
    /// Where lines go.
    package enum Destination: Sendable, Equatable {
        case nowhere
        case standardOutput
        case file(String)
    }

    private let destination: Destination
    private let threshold: Atomic<Int>
    private let discreet: Atomic<Bool>

    /// Writes what is at least as important as `level`.
    package init(to destination: Destination, level: LogLevel = .notice, hidesUserData: Bool = false) {
        self.destination = destination
        discreet = Atomic(hidesUserData)
        threshold = Atomic(level.rank)
    }

    /// For servers inside a program, unless it says otherwise.
    package static let silent = Log(to: .nowhere)

    /// The least important level that is written.
    var level: LogLevel {
        get { LogLevel.allCases[threshold.load(ordering: .relaxed)] }
        set { threshold.store(newValue.rank, ordering: .relaxed) }
    }

    /// Whether nothing that clients send may be written.
    var hidesUserData: Bool {
        get { discreet.load(ordering: .relaxed) }
        set { discreet.store(newValue, ordering: .relaxed) }
    }

    /// Whether lines of this level are written.
    func writes(_ level: LogLevel) -> Bool {
        destination != .nowhere && level != .nothing && level.rank >= threshold.load(ordering: .relaxed)
    }

    /// Writes a line; the text is made only if it is needed.
    func callAsFunction(_ level: LogLevel, _ text: @autoclosure () -> String) {
        guard writes(level) else { return }
        let line = Array("\(ThisProcess.id):M \(Self.timestamp()) \(level.sign) \(text())\n".utf8)
        switch destination {
        case .nowhere:
            break
        case .standardOutput:
            Self.writeAll(line, to: STDOUT_FILENO)
        case .file(let path):
            guard let file = try? Files.open(path, O_WRONLY | O_APPEND | O_CREAT, 0o644) else { return }
            Self.writeAll(line, to: file.number)
        }
    }

    private static func writeAll(_ line: [UInt8], to number: Int32) {
        var written = 0
        while written < line.count {
            let rest = line[written...]
            // The kernel reads no more than the slice has.
            let count = unsafe rest.withUnsafeBytes { unsafe write(number, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { return }
            written += max(count, 0)
        }
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Local time to the millisecond, in English whatever the locale.
    private static func timestamp() -> String {
        let milliseconds = WallClock.milliseconds()
        var seconds = time_t(milliseconds / 1000)
        // Its unsafe part, the name of the zone, is not used.
        var local = unsafe tm()
        // The pointers are to locals that outlive the call.
        _ = unsafe localtime_r(&seconds, &local)
        let month =
            months.indices.contains(Int(unsafe local.tm_mon)) ? months[Int(unsafe local.tm_mon)] : "???"
        let clock = unsafe [local.tm_hour, local.tm_min, local.tm_sec].map { padded(Int($0), 2) }
        return unsafe "\(padded(Int(local.tm_mday), 2)) \(month) \(1900 + Int(local.tm_year)) "
            + "\(clock.joined(separator: ":")).\(padded(Int(milliseconds % 1000), 3))"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

extension LogLevel {
    /// How important lines of this level are.
    fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// How the log marks the level.
    fileprivate var sign: String {
        switch self {
        case .debug: "."
        case .verbose: "-"
        case .notice: "*"
        case .warning, .nothing: "#"
        }
    }
}
