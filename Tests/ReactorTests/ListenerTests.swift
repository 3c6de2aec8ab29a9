import Glibc
import Testing

@testable import Reactor

@Suite(.timeLimit(.minutes(10))) struct ListenerTests {
    @Test(arguments: ["127.0.0.1", "::1", "*", "::*", "localhost"])
    func takesConnectionsOnAFreePort(host: String) async throws {
        try await onLoop { loop in
            let listener = try Listener(host: host, port: 0)
            let port = try #require(listener.address.port)
            #expect(port != 0)
            let target = host.contains(":") ? "::1" : "127.0.0.1"
            let blocking = try BlockingWork(threads: 1)
            defer { blocking.stopAndJoin() }
            let client = try await Dialer(on: loop, lookingUpIn: blocking)
                .connect(to: .tcp(host: target, port: port), until: loop.deadline(in: 5_000))
            let server = try listener.next()
            let shown = target.contains(":") ? "[::1]" : target
            #expect(try server.localAddress.description == "\(shown):\(port)")
            #expect(try client.peerAddress.description == "\(shown):\(port)")
            #expect(try server.peerAddress.description == client.localAddress.description)
            try server.setNoDelay()
            try server.setKeepAlive(seconds: 300)
            try server.setSendBuffer(bytes: 65_536)
            #expect(try server.descriptor.option(Int32(IPPROTO_TCP), TCP_KEEPIDLE) == 300)
            #expect(try server.descriptor.option(Int32(IPPROTO_TCP), TCP_KEEPINTVL) == 100)
            #expect(try server.descriptor.option(Int32(IPPROTO_TCP), TCP_KEEPCNT) == 3)
            #expect(try server.takePendingError() == nil)
        }
    }

    @Test func samePortForBothFamilies() throws {
        let four = try Listener(host: "*", port: 0)
        let port = try #require(four.address.port)
        let six = try Listener(host: "::*", port: port)
        #expect(six.address.description == "[::]:\(port)")
        #expect(four.address.description == "0.0.0.0:\(port)")
    }

    @Test func aTakenPortIsAnError() throws {
        let first = try Listener(host: "127.0.0.1", port: 0)
        let port = try #require(first.address.port)
        do throws(SystemError) {
            _ = try Listener(host: "127.0.0.1", port: port)
            Issue.record("two listeners on one port")
        } catch {
            #expect(error.description == "bind: Address already in use")
            #expect(error.acceptFailure == .fatal)
        }
    }

    @Test func noConnectionIsNoError() throws {
        let listener = try Listener(host: "127.0.0.1", port: 0)
        guard case .wouldBlock = try listener.accept() else {
            Issue.record("a connection from nowhere")
            return
        }
    }

    @Test func unixSocketsHaveTheirPermissionsAndReplaceStaleOnes() async throws {
        let path = "/tmp/reactor-\(ThisProcess.id)-\(UInt32.random(in: 0 ... .max)).sock"
        defer { try? Files.remove(path) }
        try await onLoop { loop in
            for permissions: UInt32 in [0o700, 0o777] {
                let listener = try Listener(unixPath: path, permissions: permissions)
                var status = stat()
                // The pointers outlive the call.
                #expect(unsafe lstat(path, &status) == 0)
                #expect(status.st_mode & 0o777 == permissions)
                let blocking = try BlockingWork(threads: 1)
                defer { blocking.stopAndJoin() }
                let client = try await Dialer(on: loop, lookingUpIn: blocking).connect(to: .unix(path: path))
                let server = try listener.next()
                #expect(listener.address.isUnix)
                #expect(try server.localAddress.description == "\(path):0")
                #expect(try client.peerAddress.description == "\(path):0")
                #expect(try server.peerAddress.description == ":0")
            }
        }
    }

    @Test func otherFilesAreNotReplaced() throws {
        let path = "/tmp/reactor-\(ThisProcess.id)-\(UInt32.random(in: 0 ... .max)).txt"
        defer { try? Files.remove(path) }
        try Files.write([1, 2, 3], to: path)
        #expect(throws: SystemError("bind", code: EADDRINUSE)) { _ = try Listener(unixPath: path) }
        #expect(try Files.read(path) == [1, 2, 3])
    }

    @Test func pathsThatAreTooLongAreErrors() {
        let path = "/tmp/" + String(repeating: "x", count: SocketAddress.pathLimit)
        #expect(throws: SystemError("bind", code: ENAMETOOLONG)) { _ = try Listener(unixPath: path) }
    }
}
