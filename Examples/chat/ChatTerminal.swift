import Glibc
import RESP
import Reactor

/// A person in a group: says the lines of standard input, and prints what others say.
actor ChatTerminal {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // The actor keeps the loop alive.
        unsafe loop.asUnownedSerialExecutor()
    }

    private let group: String
    /// What is to be sent.
    private var output = ByteBuffer()
    /// Whether the person says nothing more.
    private var isDone = false
    private let connection: Registration
    private let keyboardBell: Registration
    /// Nil if standard input is a file, which is always ready.
    private let keyboard: Registration?

    /// Bytes of a server's line, which may say a member's in other words.
    private static let longestLine = 4 * ChatServer.longestLine
    /// Bytes to be sent beyond which no more input is read.
    private static let mostUnsent = 256 << 10

    /// Waits for a socket and for standard input; on the loop.
    init(in group: String, on loop: EventLoop, _ socket: borrowing Socket, input: borrowing Descriptor)
        throws(SystemError)
    {
        self.group = group
        self.loop = loop
        connection = try Registration(socket.descriptor, on: loop)
        keyboardBell = Registration(on: loop)
        keyboard = try? Registration(input, on: loop)
    }

    /// Runs until the input has ended and the server has said all; false if the server went first.
    ///
    /// Also `leave()` ends the input.
    func run(_ socket: borrowing Socket) async throws(SystemError) -> Bool {
        defer {
            connection.close()
            keyboardBell.close()
            keyboard?.close()
        }
        output.append(ClientPacket.join(group: group).line)
        var lines = LineBuffer(longest: Self.longestLine)
        var hasShut = false
        while true {
            try send(socket)
            if isDone, output.isEmpty, !hasShut {
                hasShut = true
                try socket.shutdownWriting()
            }
            let readiness = await connection.wait(
                for: output.isEmpty ? .readable : [.readable, .writable])
            if readiness.contains(.cancelled) { return true }
            guard readiness.contains(.readable) || readiness.contains(.hangup) else { continue }
            guard try print(&lines, socket) else { return hasShut }
        }
    }

    /// Writes once.
    private func send(_ socket: borrowing Socket) throws(SystemError) {
        // Taken out, as bytes can't be lent from an object's own buffer.
        var pending = output.take()
        defer { output = pending.take() }
        guard !pending.isEmpty, case .bytes(let count) = try socket.write(pending.bytes) else { return }
        pending.consume(count)
        keyboardBell.signal()
    }

    /// Says nothing more.
    func leave() {
        isDone = true
        connection.signal()
        keyboardBell.signal()
        keyboard?.close()
    }

    /// Reads once and prints what came; false at the end.
    private func print(_ lines: inout LineBuffer, _ socket: borrowing Socket) throws(SystemError) -> Bool {
        var isOpen = true
        _ = try lines.fill { room throws(SystemError) in
            switch try socket.read(into: &room) {
            case .bytes(let count): return count
            case .wouldBlock: return 0
            case .endOfFile:
                isOpen = false
                return 0
            }
        }
        var text = ""
        while let line = lines.next() { text += Self.describe(line) }
        try Files.writeAll(Array(text.utf8).span, to: Descriptor(owning: dup(STDOUT_FILENO)))
        return isOpen
    }

    private static func describe(_ line: LineBuffer.Line) -> String {
        guard case .text(let bytes) = line, let packet = try? ServerPacket(line: bytes) else {
            return "! the server said something odd\n"
        }
        switch packet {
        case .message(let group, let message): return "\(harmless(group)): \(harmless(message))\n"
        case .error(let text): return "! \(harmless(text))\n"
        }
    }

    /// A text without the characters by which others could steer this person's terminal.
    private static func harmless(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            scalars.append(scalar.properties.generalCategory == .control ? "\u{fffd}" : scalar)
        }
        return String(scalars)
    }

    /// Says the lines of standard input until its end.
    func listen(_ input: borrowing Descriptor) async {
        var lines = LineBuffer(longest: ChatServer.longestLine)
        while !isDone {
            if output.count > Self.mostUnsent {
                _ = await keyboardBell.wait(for: [])
                continue
            }
            if let keyboard {
                let readiness = await keyboard.wait(for: .readable)
                guard readiness.isDisjoint(with: [.closed, .cancelled]), !isDone else { break }
            }
            var count = 0
            _ = lines.fill { room in
                // The kernel writes at most as much as the span has.
                count = unsafe room.withUnsafeMutableBytes { bytes in
                    // As above.
                    unsafe Glibc.read(input.number, bytes.baseAddress, bytes.count)
                }
                return count
            }
            while let line = lines.next() { say(line) }
            connection.signal()
            if count > 0 { continue }
            if let line = lines.rest() { say(line) }
            isDone = true
        }
        connection.signal()
    }

    private func say(_ line: LineBuffer.Line) {
        guard case .text(let bytes) = line else { return }
        let text = String(decoding: bytes, as: UTF8.self)
        output.append(ClientPacket.post(group: group, message: text).line)
    }
}
