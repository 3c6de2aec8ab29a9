import Glibc

/// The text by which tools such as `ps` show this process, where the process may choose it.
///
/// Linux shows the memory that held the program's arguments when it started. There is room for a longer
/// text in the environment's strings behind them, once these have been copied to somewhere else; the
/// kernel goes on into them if the last byte of the arguments is not zero.
package struct ProcessTitle: Sendable {
    /// Longest text, in bytes.
    private static let mostBytes = 255

    /// Where the arguments began.
    private let start: UInt
    /// Bytes of the arguments alone, and with what follows them.
    private let argumentRoom: Int
    private let room: Int

    /// Finds the memory and moves the environment out of it; nil where `/proc` doesn't tell.
    ///
    /// To be called once, before there is another thread, and after `CommandLine.arguments` was read:
    /// nobody may look at the arguments' own memory, or at what `getenv` gave out earlier, any more.
    package init?() {
        guard let bytes = try? Files.read("/proc/self/stat") else { return nil }
        // The second field is a name in brackets that may hold anything.
        let text = String(decoding: bytes, as: UTF8.self)
        guard let bracket = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: bracket)...].split(whereSeparator: \.isWhitespace)
        // Of the fields that are counted from 1 and begin here with the third: `arg_start` and those after it.
        let places = fields.dropFirst(48 - 3).prefix(4).compactMap { UInt($0) }
        guard places.count == 4, places[0] > 0, places[1] > places[0] + 1 else { return nil }
        start = places[0]
        argumentRoom = Int(places[1] - places[0])
        let isFollowed = places[2] == places[1] && places[3] > places[2]
        room = isFollowed && Self.moveEnvironment() ? Int(places[3] - places[0]) : argumentRoom
    }

    /// Gives each variable memory of its own.
    private static func moveEnvironment() -> Bool {
        guard let bytes = try? Files.read("/proc/self/environ"), clearenv() == 0 else { return false }
        for entry in bytes.split(separator: 0) {
            guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = entry[..<equals].map(CChar.init(bitPattern:)) + [0]
            let value = entry[(equals + 1)...].map(CChar.init(bitPattern:)) + [0]
            // Both end with a zero and are copied by the call.
            _ = unsafe setenv(name, value, 1)
        }
        return true
    }

    /// Shows a text, as much of it as there is room for; from one thread at a time.
    package func show(_ text: [UInt8]) {
        let count = min(text.count, Self.mostBytes, room - 1)
        // The process's first stack frame is there as long as the process, these bytes of it are the
        // arguments and the environment that `init` saw to, and nobody else writes to them.
        guard let memory = unsafe UnsafeMutableRawPointer(bitPattern: start) else { return }
        // As above.
        let bytes = unsafe UnsafeMutableRawBufferPointer(start: memory, count: room)
        for index in 0..<room {
            // As above.
            unsafe bytes[index] = index < count ? text[index] : 0
        }
        // The text ends at the first zero only if the arguments end with something else.
        let last = argumentRoom - 1
        if count < last {
            // As above.
            unsafe bytes[last] = UInt8(ascii: ".")
        } else if count == last, room > argumentRoom {
            // As above.
            unsafe bytes[last] = UInt8(ascii: " ")
        }
    }
}
