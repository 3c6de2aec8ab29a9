import Testing

@testable import Engine

@Suite struct KeyspaceEventTests {
    @Test func everyClassHasItsLetter() {
        for bit in 0..<UInt32(15) where bit != 12 {
            let classes = EventClasses(rawValue: 1 << bit)
            #expect(classes.letters.count == 1, "bit \(bit)")
            #expect(EventClasses(letters: classes.letters) == classes)
        }
    }

    @Test func everySetReadsBack() {
        // Bit 12 is Redis's loaded-module class, which is told to modules only.
        for bits in stride(from: UInt32(0), to: 1 << 15, by: 7) where bits & 1 << 12 == 0 {
            let classes = EventClasses(rawValue: bits)
            let hidden: EventClasses = classes.isSuperset(of: .all) ? .newKey : []
            #expect(
                EventClasses(letters: classes.letters) == classes.subtracting(hidden), "\(classes.letters)")
        }
    }

    /// What CONFIG GET shows after CONFIG SET on a real server.
    @Test(arguments: [
        ("", ""), ("KEA", "AKE"), ("AKE", "AKE"), ("Ex", "xE"), ("KE$g", "g$KE"), ("Elg", "glE"),
        ("gxElK", "glxKE"),
        ("g$lshzxetd", "A"), ("g$lshzxet", "g$lshzxet"), ("Am", "Am"), ("An", "A"), ("nmA", "Am"),
        ("KnE", "nKE"),
        ("KK", "K"),
    ])
    func lettersComeInOrder(_ set: String, _ shown: String) {
        #expect(EventClasses(letters: set)?.letters == shown)
    }

    @Test(arguments: ["q", "KEA ", "a", "K,E", "é"]) func unknownLettersAreRefused(_ letters: String) {
        #expect(EventClasses(letters: letters) == nil)
    }
}
