/// Which version this is, and which version of Redis it answers as.
enum ServerVersion {
    /// This server's own version, counted by itself (`--version`, the log).
    static let own = "0.1.0"
    /// The version of Redis whose commands and options are here: clients decide by it what to use.
    static let redis = "8.4.0"

    /// Whether this is the fast build.
    static var isDebugBuild: Bool {
        #if DEBUG
            true
        #else
            false
        #endif
    }

    /// What `--version` prints.
    static var line: String {
        "mini-redis server v=\(own) redis=\(redis) bits=\(Int.bitWidth) build=\(isDebugBuild ? "debug" : "release")"
    }
}
