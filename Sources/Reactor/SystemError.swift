import Glibc

/// A system call that failed: which one, and why.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Who gave the code, and so what it means.
    package enum Source: Sendable {
        case kernel
        /// `getaddrinfo`, which counts its own errors.
        case resolver
    }

    /// The call's name, as its manual page is called.
    package let call: String
    /// `errno`, or a resolver's `EAI_` code.
    package let code: Int32
    package let source: Source

    package init(_ call: StaticString, code: Int32, source: Source = .kernel) {
        self.call = "\(call)"
        self.code = code
        self.source = source
    }

    /// The failure that `errno` tells of; to be made right after the call.
    static func last(_ call: StaticString) -> SystemError {
        SystemError(call, code: errno)
    }

    /// `Address already in use`.
    package var reason: String {
        switch source {
        case .kernel:
            // strerror's text lives until this thread's next call, and is copied at once.
            guard let text = unsafe strerror(code) else { return "error \(code)" }
            // As above.
            return unsafe String(cString: text)
        case .resolver:
            // gai_strerror's texts are constants.
            guard let text = unsafe gai_strerror(code) else { return "resolver error \(code)" }
            // As above.
            return unsafe String(cString: text)
        }
    }

    /// `bind: Address already in use`, the form in Redis's log lines.
    package var description: String { "\(call): \(reason)" }
}

/// Makes a system call again for as long as a signal interrupts it.
///
/// The one place where `EINTR` is handled. The answer is the call's, or −1 with `errno` set.
@inline(__always)
func uninterrupted<Answer: SignedInteger>(_ call: () -> Answer) -> Answer {
    while true {
        let answer = call()
        if answer >= 0 || errno != EINTR { return answer }
    }
}

/// Makes a system call that answers −1 on failure, again while interrupted, and throws its error.
@discardableResult @inline(__always)
func checked<Answer: SignedInteger>(
    _ name: StaticString, _ call: () -> Answer
) throws(SystemError) -> Answer {
    let answer = uninterrupted(call)
    guard answer >= 0 else { throw .last(name) }
    return answer
}
