import Glibc

/// Processor time that was spent, as `getrusage` counts it.
package struct ProcessUsage: Sendable {
    /// Whose time.
    package enum Scope: Sendable {
        case process
        case children
        case thread
    }

    /// In microseconds.
    package let system: Int64
    package let user: Int64

    /// A fresh reading.
    package init(of scope: Scope) {
        var usage = rusage()
        // Linux's values, which the C library's module has as an enumeration.
        let who: Int32 =
            switch scope {
            case .process: 0
            case .children: -1
            case .thread: 1
            }
        // The pointer is to a local that outlives the call.
        _ = unsafe getrusage(who, &usage)
        system = Int64(usage.ru_stime.tv_sec) * 1_000_000 + Int64(usage.ru_stime.tv_usec)
        user = Int64(usage.ru_utime.tv_sec) * 1_000_000 + Int64(usage.ru_utime.tv_usec)
    }

    /// The system's name, release and machine, as `uname` tells them.
    package static var machineName: String {
        var name = utsname()
        // As above.
        guard unsafe uname(&name) == 0 else { return "Linux" }
        return "\(text(name.sysname)) \(text(name.release)) \(text(name.machine))"
    }

    private static func text<Field>(_ field: Field) -> String {
        // A field is an array of characters with a zero behind the last.
        let bytes = unsafe withUnsafeBytes(of: field) { unsafe Array($0.prefix { $0 != 0 }) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
