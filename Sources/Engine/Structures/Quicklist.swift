/// A list of any length: listpacks one behind the other, none longer than the settings allow.
///
/// As in Redis, which decides alike when a node is full, split or merged, so that a list looks the same
/// in snapshots and to OBJECT ENCODING. Other than in Redis the nodes are not linked: they are records of
/// 16 bytes in a row that is cut into segments, and each segment knows how many elements it has. So an
/// element in the middle of millions is found by adding up some hundred numbers, and a node costs half.
///
/// Elements that are added must lie outside the list. Elements that are handed out are valid until the
/// list is changed.
@safe final class Quicklist: Value {
    struct State {
        var segments = Deck<QuicklistSegment>()
        var count = 0
        var nodeCount = 0
        /// The bytes of all nodes' blocks and of the segments' records.
        var byteCount = 0
    }

    private(set) var settings: QuicklistSettings
    let arena: Arena
    /// Behind a pointer, so that no access is checked at run time.
    private let statePointer: UnsafeMutablePointer<State>
    private var isHeld = false

    /// An empty list whose blocks will be in an arena, which lives as long as the list does.
    init(_ settings: QuicklistSettings = QuicklistSettings(), in arena: Arena) {
        self.settings = settings
        self.arena = arena
        // Lives until `deinit`.
        unsafe statePointer = UnsafeMutablePointer<State>.allocate(capacity: 1)
        // As above.
        unsafe statePointer.initialize(to: State())
        super.init()
    }

    /// A list that takes over a listpack of the same arena, if that has any elements.
    convenience init(adopting list: Listpack, _ settings: QuicklistSettings, in arena: Arena) {
        self.init(settings, in: arena)
        append(adopting: list)
    }

    deinit {
        removeAll()
        // Nobody can reach the list any more.
        unsafe statePointer.deallocate()
    }

    var state: State {
        @inline(__always) _read {
            // Lives as long as the list does.
            yield unsafe statePointer.pointee
        }
        @inline(__always) _modify {
            // Lives as long as the list does.
            yield unsafe &statePointer.pointee
        }
    }

    /// How many elements there are.
    var count: Int { @inline(__always) get { state.count } }

    override var isEmpty: Bool { count == 0 }

    /// How many nodes there are.
    var nodeCount: Int { state.nodeCount }

    /// Has elements of so many bytes put in nodes of their own from now on, as DEBUG may set it meanwhile.
    func follow(plainThreshold: Int) {
        if settings.plainThreshold != plainThreshold { settings.plainThreshold = plainThreshold }
    }

    // MARK: The ends

    /// Adds a text behind the last element.
    func append(_ text: RawSpan) { push(text, atHead: false) }

    /// Adds a text in front of the first element.
    func prepend(_ text: RawSpan) { push(text, atHead: true) }

    /// The first element, if there is one.
    var first: PackedElement? {
        // Nodes at the ends are never compressed.
        isEmpty ? nil : node(firstPath).element(number: 0)
    }

    /// The last element, if there is one.
    var last: PackedElement? { isEmpty ? nil : node(lastPath).element(number: -1) }

    /// Removes the first element of a list that is not empty.
    func removeFirst() { removeEnd(firstPath) { list in list.start } }

    /// Removes the last element of a list that is not empty.
    func removeLast() { removeEnd(lastPath) { list in list.index(before: list.end) } }

    @inline(__always)
    private func push(_ text: RawSpan, atHead: Bool) {
        let size = text.byteCount
        if !isEmpty, admits(atHead ? firstPath : lastPath, size) {
            let arena = arena
            change(atHead ? firstPath : lastPath) { node in
                node.mutate { atHead ? $0.prepend(text, in: arena) : $0.append(text, in: arena) }
            }
        } else {
            insert(makeNode(text), at: atHead ? firstPath : endPath)
            settle()
        }
    }

    @inline(__always)
    private func removeEnd(_ path: QuicklistPath, _ index: (Listpack) -> Int) {
        precondition(!isEmpty)
        if node(path).count > 1 {
            let arena = arena
            change(path) { node in
                node.mutate { list in _ = list.remove(at: index(list), in: arena) }
            }
        } else {
            removeNode(at: path)
            settle()
        }
    }

    // MARK: What a value answers

    override var isCounted: Bool {
        get { isHeld }
        set { isHeld = newValue }
    }

    override var memoryUse: Int {
        // The object with its header, and the state, both as `malloc` rounds them.
        160 + state.byteCount + state.segments.memoryUse
    }

    override func mix(into digest: inout DatasetDigest) {
        visit { element in
            element.withText { digest.mix($0) }
            return true
        }
    }

    override func copy() -> Value {
        let copy = Quicklist(settings, in: arena)
        visitPaths { copy.insert(node($0).copy(in: arena), at: copy.endPath) }
        return copy
    }

    override var releaseCost: Int {
        // A long element is given back by the system's pages.
        max(nodeCount, state.byteCount >> 12)
    }

    override func releaseSome(blocks budget: Int) -> Bool {
        var left = max(budget, 1)
        while left > 0, !isEmpty {
            let arena = arena
            let pages = change(lastPath) { $0.shorten(pages: left, in: arena) }
            if pages == 0 { takeNode(at: lastPath).node.free(in: arena) }
            left -= max(pages, 1)
        }
        return isEmpty
    }

    /// Removes all elements.
    func removeAll() {
        while !isEmpty { takeNode(at: lastPath).node.free(in: arena) }
    }
}
