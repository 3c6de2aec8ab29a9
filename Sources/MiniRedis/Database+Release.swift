import Engine
import Reactor

/// Giving memory back in slices: what a flush or the end of a big value left behind.
extension Database {
    /// Work done between two turns of the loop: about a tenth of a millisecond.
    private static let blocksPerSlice = 400

    /// Frees what keys have let go of as it comes, until the task is cancelled.
    func keepReleasing() async {
        let bell = Registration(on: loop)
        dataset.discarded.whenFilled = { bell.signal() }
        await withTaskCancellationHandler {
            await release(when: bell)
        } onCancel: {
            bell.cancel()
        }
        dataset.discarded.whenFilled = nil
        bell.close()
    }

    private func release(when bell: Registration) async {
        while await bell.wait(for: []).isDisjoint(with: [.cancelled, .closed]) {
            while !Task.isCancelled,
                !housekeep({ dataset.discarded.releaseSome(blocks: Self.blocksPerSlice) })
            {
                await loop.yield()
            }
        }
    }
}
