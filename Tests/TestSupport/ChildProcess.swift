import Glibc
import Reactor

/// A program run by a test; killed, if need be, when the test lets go of it.
public final class ChildProcess {
    private let process: pid_t
    private let output: Int32
    /// Where it reads what is typed; -1 once that has ended.
    private var keyboard: Int32
    private var received: [UInt8] = []
    private var status: Int32?

    /// How long a test waits for a program before it fails, in milliseconds.
    private static let patience = 10_000 * Int32(TestEnvironment.slack)

    /// Starts the program at a path, or the one of that name that was built beside the tests, with
    /// `input` to read, which `staysOpen` for what is typed later, and `NAME=value` pairs in addition to the
    /// tests' own.
    public init(
        _ name: String, _ arguments: [String], input: String = "", staysOpen: Bool = false,
        environment: [String] = []
    ) throws {
        guard let tests = ThisProcess.executablePath?.split(separator: "/").dropLast().joined(separator: "/")
        else {
            throw TestFailure("where are the tests?")
        }
        let path = name.hasPrefix("/") ? name : "/\(tests)/\(name)"
        var reading: [Int32] = [-1, -1]
        var writing: [Int32] = [-1, -1]
        // The calls fill arrays of two.
        guard unsafe pipe(&reading) == 0, unsafe pipe(&writing) == 0 else {
            throw TestFailure("pipe: errno \(errno)")
        }
        for descriptor in reading + writing { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        process = try Self.spawn(path, arguments, environment, input: writing[0], output: reading[1])
        output = reading[0]
        _ = close(reading[1])
        _ = close(writing[0])
        keyboard = writing[1]
        type(input)
        if !staysOpen { endInput() }
    }

    /// Gives the program more to read: little enough for a pipe to hold.
    public func type(_ text: String) {
        let bytes = Array(text.utf8)
        // The kernel reads no more than the array has.
        _ = unsafe write(keyboard, bytes, bytes.count)
    }

    /// Ends what the program reads.
    public func endInput() {
        if keyboard >= 0 { _ = close(keyboard) }
        keyboard = -1
    }

    deinit {
        if status == nil {
            _ = kill(process, SIGKILL)
            var ignored: Int32 = 0
            // The pointer is to a local that outlives the call.
            _ = unsafe waitpid(process, &ignored, 0)
        }
        _ = close(output)
        endInput()
    }

    private static func spawn(
        _ path: String, _ arguments: [String], _ environment: [String], input: Int32, output: Int32
    ) throws -> pid_t {
        // Initialised right below, before it is used.
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        var none = sigset_t()
        // All of these set up locals that outlive the calls, and that are destroyed below.
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        unsafe posix_spawnattr_init(&attributes)
        // Other tests may block signals in this process.
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        let own = Self.ownEnvironment
        var variables = unsafe (environment + own).map { unsafe strdup($0) } + [nil]
        defer {
            unsafe (words + variables).forEach { unsafe free($0) }
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        var process: pid_t = 0
        // The words end with null, and everything outlives the call.
        let code = unsafe posix_spawn(&process, path, &actions, &attributes, &words, &variables)
        guard code == 0 else { throw TestFailure("can't start \(path): errno \(code)") }
        return process
    }

    private static var ownEnvironment: [String] {
        var all: [String] = []
        // A list that ends with null, and that no test changes.
        var next = unsafe environ
        while let text = unsafe next.pointee {
            unsafe all.append(String(cString: text))
            unsafe next += 1
        }
        return all
    }

    /// Everything that the program has said so far, on standard output and standard error.
    public var text: String { String(decoding: received, as: UTF8.self) }

    /// Its number.
    public var id: Int32 { process }

    /// Waits until the program has said this.
    public func wait(for words: String) throws {
        while !text.contains(words) {
            guard try fill() else { throw TestFailure("no '\(words)' in: \(text)") }
        }
    }

    /// Sends a signal.
    public func signal(_ number: Int32) { _ = kill(process, number) }

    /// Waits until the program has ended by itself, and returns its exit status; negative is a signal.
    public func waitForExit() throws -> Int32 {
        while try fill() {}
        var status: Int32 = 0
        // The pointer is to a local that outlives the call.
        guard unsafe waitpid(process, &status, 0) == process else {
            throw TestFailure("waitpid: errno \(errno)")
        }
        self.status = status
        return status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
    }

    /// Reads once; false at the end of the output, which is the end of the program.
    private func fill() throws -> Bool {
        var poller = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        // The structure is a local that outlives the call.
        guard unsafe poll(&poller, 1, Self.patience) > 0 else { throw TestFailure("silence after: \(text)") }
        var chunk = [UInt8](repeating: 0, count: 4096)
        // The kernel writes at most the array's bytes.
        let count = unsafe read(output, &chunk, chunk.count)
        received += chunk.prefix(max(count, 0))
        return count > 0
    }
}

/// Runs `body` with a fresh directory, which is removed afterwards with what is in it.
public func withTemporaryDirectory<Answer>(_ body: (String) async throws -> Answer) async throws -> Answer {
    var template = Array("/tmp/mini-redis-test-XXXXXX".utf8CString)
    // The call changes the template's last bytes.
    guard unsafe mkdtemp(&template) != nil else { throw TestFailure("mkdtemp: errno \(errno)") }
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer { remove(directory: path) }
    return try await body(path)
}

private func remove(directory path: String) {
    // The stream is closed below, and an entry lives until the next is read.
    if let stream = unsafe opendir(path) {
        while let entry = unsafe readdir(stream) {
            // The name ends with a zero within its array.
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name == "." || name == ".." { continue }
            // The path is a local copy that outlives the call.
            if unsafe Glibc.remove("\(path)/\(name)") != 0 { remove(directory: "\(path)/\(name)") }
        }
        _ = unsafe closedir(stream)
    }
    // As above.
    _ = unsafe rmdir(path)
}
