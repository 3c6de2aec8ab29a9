import Glibc

do {
    exit(try Program.run(Options(CommandLine.arguments.dropFirst())))
} catch let fault as Options.Fault {
    Program.complain("\(fault) (see --help)")
    exit(1)
} catch {
    Program.complain("\(error)")
    exit(1)
}
