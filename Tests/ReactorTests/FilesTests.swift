import Glibc
import Testing

@testable import Reactor

@Suite struct FilesTests {
    private let path = "/tmp/reactor-\(ThisProcess.id)-\(UInt32.random(in: 0 ... .max)).conf"

    @Test func filesAreWrittenReadReplacedAndRemoved() throws {
        let long = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
        try Files.write(Array("old".utf8), to: path)
        #expect(try Files.read(path) == Array("old".utf8))
        try Files.replace(path, with: long, permissions: 0o600)
        #expect(try Files.read(path) == long)
        var status = stat()
        // The pointers outlive the call.
        #expect(unsafe lstat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        try Files.remove(path)
        try Files.remove(path)
        #expect(throws: SystemError("open", code: ENOENT)) { try Files.read(path) }
    }

    @Test func aFailedReplacementLeavesNothing() {
        #expect(throws: SystemError("open", code: ENOENT)) {
            try Files.replace("/tmp/reactor-no-such-directory/file", with: [1])
        }
        #expect(throws: SystemError("rename", code: EISDIR)) { try Files.replace("/tmp", with: [1]) }
    }

    @Test func theProcessKnowsItself() throws {
        #expect(ThisProcess.id == getpid())
        #expect(try #require(ThisProcess.executablePath).hasPrefix("/"))
        #expect(ThisProcess.randomBytes(40).count == 40)
        #expect(ThisProcess.randomBytes(40) != ThisProcess.randomBytes(40))
        #expect(ThisProcess.randomBytes(0) == [])
    }
}
