import Testing

@testable import MiniRedis

@Suite("The command line")
struct CommandLineOptionsTests {
    @Test(
        "becomes lines of redis.conf",
        arguments: [
            ([], nil, false, ""),
            (["a.conf"], "a.conf", false, ""),
            (["a.conf", "--port", "1"], "a.conf", false, "port \"1\" "),
            (["--port", "1", "--bind", "a", "b"], nil, false, "port \"1\" \nbind \"a\" \"b\" "),
            (["--port", "1", "2"], nil, false, "port \"1\" \"2\" "),
            (["--port 1", "--loglevel debug"], nil, false, "port 1 \nloglevel debug "),
            (["--port", "--loglevel", "debug"], nil, false, "port \"--loglevel\" \"debug\" "),
            (["--save", "--port", "1"], nil, false, "save \"\"\nport \"1\" "),
            (["--save"], nil, false, "save \"\""),
            (["--save", ""], nil, false, "save \"\" "),
            (["--save", "", "--port", "1"], nil, false, "save \"\" \nport \"1\" "),
            (["-"], nil, true, ""),
            (["a.conf", "--port", "1", "-"], "a.conf", true, "port \"1\" "),
            (["--port", "-", "--timeout", "1"], nil, false, "port \"-\" \ntimeout \"1\" "),
            (["--requirepass", "a b\""], nil, false, "requirepass \"a b\\\"\" "),
        ] as [([String], String?, Bool, String)])
    func lines(words: [String], file: String?, readsInput: Bool, options: String) {
        #expect(
            CommandLineOptions(words)
                == .start(file: file, readsInput: readsInput, options: Array(options.utf8)))
    }

    @Test("knows help and version, in the first place only")
    func special() {
        #expect(CommandLineOptions(["-v"]) == .version)
        #expect(CommandLineOptions(["--version", "x"]) == .version)
        #expect(CommandLineOptions(["-h"]) == .help)
        #expect(CommandLineOptions(["--help"]) == .help)
        #expect(CommandLineOptions(["--port", "-v"]) != .version)
    }
}
