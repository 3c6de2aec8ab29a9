import Engine
import RESP

/// Which words of a request are passwords, or names that belong to one: they stay out of every log.
enum SecretArguments {
    /// What is shown in the place of one.
    static let replacement: StaticString = "(redacted)"

    /// Whether an argument is one.
    static func contain(_ index: Int, of arguments: Arguments) -> Bool {
        guard index > 0 else { return false }
        if arguments.isWord(0, "auth") { return true }
        if arguments.isWord(0, "hello") {
            return index > 2 && (arguments.isWord(index - 1, "auth") || arguments.isWord(index - 2, "auth"))
        }
        guard arguments.isWord(0, "config"), arguments.isWord(1, "set"), index > 2, !index.isMultiple(of: 2)
        else { return false }
        return ConfigurationTable.find([UInt8](arguments[index - 1]))?.flags.contains(.sensitive) == true
    }
}
