import Glibc

/// What the environment says of how the tests are run.
public enum TestEnvironment {
    /// How many loops servers are tested with unless a test says otherwise: `MINI_REDIS_TEST_IO_THREADS`, if it
    /// is set.
    static let ioThreads = number("MINI_REDIS_TEST_IO_THREADS", in: 1...128)

    /// How many times as much time and memory as usual things may take, as under a sanitizer:
    /// `MINI_REDIS_TEST_SLACK`, or 1.
    public static let slack = number("MINI_REDIS_TEST_SLACK", in: 1...100) ?? 1

    private static func number(_ name: String, in range: ClosedRange<Int>) -> Int? {
        // The text is copied at once, and no test changes the environment.
        guard let text = unsafe getenv(name).map({ unsafe String(cString: $0) }) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            fatalError("\(name)=\(text) is not from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
