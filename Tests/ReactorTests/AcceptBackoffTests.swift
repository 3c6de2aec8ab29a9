import Glibc
import Testing

@testable import Reactor

@Suite struct AcceptBackoffTests {
    @Test(arguments: [
        (ECONNABORTED, AcceptFailure.connection), (EPERM, .connection), (ENETDOWN, .connection),
        (EMFILE, .shortage), (ENFILE, .shortage), (ENOBUFS, .shortage), (ENOMEM, .shortage),
        (EBADF, .fatal), (EINVAL, .fatal), (ENOTSOCK, .fatal),
    ])
    func errorsAreClassified(code: Int32, failure: AcceptFailure) {
        #expect(SystemError("accept", code: code).acceptFailure == failure)
    }

    @Test func pausesDoubleUpToALimit() {
        var backoff = AcceptBackoff()
        var pauses: [Int64] = []
        for _ in 0..<9 { pauses.append(backoff.pause()) }
        #expect(pauses == [10, 20, 40, 80, 160, 320, 640, 1_000, 1_000])
        backoff.reset()
        #expect(backoff.pause() == AcceptBackoff.shortest)
    }
}
