import Reactor

/// How connections are made for a link, one after the other, and run.
extension RedisClient.Configuration {
    /// Runs a link for as long as the body runs, which begins when a connection stands.
    func withRunning<Answer>(_ link: Link, _ body: (Link) async throws -> Answer) async throws -> Answer {
        try await withThrowingTaskGroup(of: Void.self) { group in
            // Its error reaches whoever waits for a reply.
            group.addTask { try? await run(link) }
            defer { group.cancelAll() }
            try await link.opened()
            return try await body(link)
        }
    }

    /// Connects, and again when a connection is lost, until that is given up; cancellation is an end in
    /// order.
    func run(_ link: Link) async throws(RedisError) {
        guard link.begin() else { throw .alreadyRunning }
        let thread: RedisClientThread
        do throws(RedisError) {
            thread = if let own = self.thread { own } else { try RedisClientThread.shared() }
        } catch {
            link.end(error)
            throw error
        }
        let loop = thread.thread.loop
        let ending = await withTaskGroup(of: RedisError?.self) { group in
            group.addTask(on: loop) {
                await link.keepTime(on: loop, patience: requestTimeout)
                return nil
            }
            group.addTask(on: loop) {
                await endWaits(of: link, on: thread)
                return nil
            }
            group.addTask(on: loop) {
                let ending = await serve(link, on: thread)
                link.end(ending)
                return ending
            }
            var ending = RedisError.closed
            for await end in group {
                if let end { ending = end }
                group.cancelAll()
            }
            return ending
        }
        if ending != .closed { throw ending }
    }

    /// One connection after the other, on the loop; gives what ended the last one.
    private func serve(_ link: Link, on thread: RedisClientThread) async -> RedisError {
        var backoff = reconnection?.backoff()
        while true {
            let outcome = await connection(for: link, on: thread)
            guard outcome.error != .closed, !Task.isCancelled else { return .closed }
            if outcome.hasStood { backoff?.reset() }
            guard let delay = backoff?.next(after: outcome.error) else { return outcome.error }
            if outcome.hasStood { link.interrupt(outcome.error) }
            let loop = thread.thread.loop
            guard await loop.sleep(until: loop.deadline(in: delay.wholeMilliseconds)) else { return .closed }
        }
    }

    /// How a connection ended, or why there was none.
    private struct Outcome {
        var error: RedisError
        var hasStood = false
    }

    /// The life of one connection.
    private func connection(for link: Link, on thread: RedisClientThread) async -> Outcome {
        let loop = thread.thread.loop
        let deadline = connectTimeout.map { loop.deadline(in: $0.wholeMilliseconds) }
        let wire: Wire
        do throws(DialError) {
            wire = try await thread.connect(to: address, until: deadline)
        } catch {
            return Outcome(error: error == .cancelled ? .closed : .connectionFailed("\(address): \(error)"))
        }
        defer { wire.registration.close() }
        return await withTaskCancellationHandler {
            var inbox = Inbox()
            do throws(RedisError) {
                let terms = try await Handshake(configuration: self).run(on: wire, &inbox, until: deadline)
                link.open(wire, terms)
            } catch {
                return Outcome(
                    error: error == .timedOut ? .connectionFailed("\(address): no answer in time") : error)
            }
            return Outcome(error: await link.converse(on: wire, inbox), hasStood: true)
        } onCancel: {
            wire.registration.cancel()
        }
    }
}

extension RedisClientThread {
    /// Makes a connection.
    func connect(to address: RedisAddress, until deadline: Deadline?) async throws(DialError)
        -> Wire
    {
        let dialer: Dialer
        do throws(SystemError) { dialer = try self.dialer() } catch { throw .system(error) }
        let socket = try await dialer.connect(to: address.endpoint, until: deadline)
        do throws(SystemError) {
            if case .tcp = address { try socket.setNoDelay() }
            return try Wire(socket, on: thread.loop)
        } catch {
            throw .system(error)
        }
    }
}
