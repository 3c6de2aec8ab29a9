import Glibc
import Reactor

/// The program behind `mini-redis-server`.
public enum ServerProgram {
    /// Runs a server as the process's arguments say, until it is told to stop.
    public static func main() {
        switch CommandLineOptions(Array(CommandLine.arguments.dropFirst())) {
        case .version:
            print(ServerVersion.line)
        case .help:
            complain(CommandLineOptions.usage)
            exit(1)
        case .start(let file, let readsInput, let options):
            // The file may be written again from wherever the process is then.
            let file = file.map(absolutePath)
            var reader = ConfigurationReader()
            do throws(ConfigurationFailure) {
                try reader.read(file: file, input: readsInput ? standardInput() : [], options: options)
            } catch {
                complain(error.report)
                exit(1)
            }
            var process = ServerProcess(reader, file: file)
            exit(process.run())
        }
    }

    private static func absolutePath(_ path: String) -> String {
        guard !path.hasPrefix("/") else { return path }
        // The result is allocated by the call, copied and freed here.
        guard let directory = unsafe getcwd(nil, 0) else { return path }
        // As above.
        defer { unsafe free(directory) }
        // As above.
        return "\(unsafe String(cString: directory))/\(path)"
    }

    private static func standardInput() -> [UInt8] {
        (try? Files.read("/dev/stdin")) ?? []
    }

    private static func complain(_ text: String) {
        try? Files.writeAll(Array(text.utf8).span, to: Descriptor(owning: dup(STDERR_FILENO)))
    }
}
