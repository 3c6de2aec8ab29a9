import Testing

@testable import Engine

@Suite struct PinnedTests {
    private struct Figures: BitwiseCopyable {
        var count = 0
        var isOn = false
    }

    private final class Owner {
        let figures = Pinned(Figures(count: 1))
    }

    @Test func changesLast() {
        let owner = Owner()
        owner.figures.state.count += 41
        owner.figures.state.isOn = true
        #expect(owner.figures.state.count == 42)
        #expect(owner.figures.state.isOn)
    }

    @Test func eachHasItsOwn() {
        let (first, second) = (Owner(), Owner())
        first.figures.state.count = 7
        #expect(second.figures.state.count == 1)
    }

    @Test func overlappingAccessesAreAllowed() {
        let owner = Owner()
        func change(_ count: inout Int) {
            owner.figures.state.isOn = true
            count += owner.figures.state.count
        }
        change(&owner.figures.state.count)
        #expect(owner.figures.state.count == 2)
        #expect(owner.figures.state.isOn)
    }
}
