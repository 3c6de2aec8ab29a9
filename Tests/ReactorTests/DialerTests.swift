import Glibc
import Testing

@testable import Reactor

@Suite(.timeLimit(.minutes(10))) struct DialerTests {
    /// What the body's error is; the dialer's threads end with it.
    private static func failure(
        _ endpoint: Endpoint, deadline: Int64? = nil
    ) async throws -> DialError? {
        try await onLoop { loop in
            let blocking = try BlockingWork(threads: 1)
            defer { blocking.stopAndJoin() }
            let dialer = Dialer(on: loop, lookingUpIn: blocking)
            do throws(DialError) {
                _ = try await dialer.connect(to: endpoint, until: deadline.map { loop.deadline(in: $0) })
                return nil
            } catch {
                return error
            }
        }
    }

    @Test func aClosedPortRefuses() async throws {
        // Bound and not listening: nobody else gets the port meanwhile.
        let taken = try Listener(host: "127.0.0.1", port: 0)
        let port = try #require(taken.address.port)
        _ = consume taken
        let failure = try await Self.failure(.tcp(host: "127.0.0.1", port: port))
        #expect(failure == .system(SystemError("connect", code: ECONNREFUSED)))
        #expect(failure?.description == "connect: Connection refused")
    }

    @Test func namesAreLookedUpAndAddressesTriedInTurn() async throws {
        let listener = try Listener(host: "127.0.0.1", port: 0)
        let port = try #require(listener.address.port)
        #expect(try await Self.failure(.tcp(host: "localhost", port: port), deadline: 5_000) == nil)
    }

    @Test func unknownNamesAreTheResolversErrors() async throws {
        let failure = try await Self.failure(.tcp(host: "no such name", port: 1))
        guard case .system(let error) = failure else {
            Issue.record("unexpected outcome \(String(describing: failure))")
            return
        }
        #expect(error.call == "getaddrinfo" && error.source == .resolver)
        #expect(!error.reason.isEmpty)
    }

    @Test func aMissingUnixSocketIsAnError() async throws {
        let failure = try await Self.failure(.unix(path: "/tmp/reactor-no-such-socket"))
        #expect(failure == .system(SystemError("connect", code: ENOENT)))
    }

    @Test func aPassedDeadlineIsATimeOut() async throws {
        let listener = try Listener(host: "127.0.0.1", port: 0)
        let port = try #require(listener.address.port)
        #expect(try await Self.failure(.tcp(host: "127.0.0.1", port: port), deadline: -5) == .timedOut)
    }

    @Test func endpointsAreDescribed() {
        #expect(Endpoint.tcp(host: "::1", port: 1).description == "[::1]:1")
        #expect(Endpoint.tcp(host: "example.org", port: 6379).description == "example.org:6379")
        #expect(Endpoint.unix(path: "/a").description == "/a")
    }
}
