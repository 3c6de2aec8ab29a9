import Glibc
import Reactor

/// The program behind `mini-redis-server`.
public enum ServerProgram {
    /// Runs a server with the process's arguments until it is told to stop.
    public static func main() {
        var configuration = Configuration()
        let arguments = CommandLine.arguments
        if let index = arguments.firstIndex(of: "--port"), index + 1 < arguments.count {
            configuration.port = UInt16(arguments[index + 1]) ?? 6379
        }
        if let index = arguments.firstIndex(of: "--enable-debug-command"), index + 1 < arguments.count {
            configuration.enableDebugCommand = ProtectedAction(rawValue: arguments[index + 1]) ?? .no
        }
        do {
            let loop = try EventLoop()
            let server = Server(configuration: configuration, loops: [loop])
            loop.run { try? await server.run() }
        } catch {
            print("\(error)")
        }
    }
}
