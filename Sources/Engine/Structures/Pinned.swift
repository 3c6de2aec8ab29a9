/// A few plain figures at an address of their own, for an object that uses them with every command.
///
/// An object's properties are checked for exclusive access each time at run time. That protects what an
/// overlapping access could tear; numbers and flags, all that is admitted here, have nothing to tear.
@safe
package struct Pinned<State: BitwiseCopyable>: ~Copyable {
    @usableFromInline let pointer: UnsafeMutablePointer<State>

    package init(_ state: State) {
        // Initialised here, freed in `deinit`, and never handed out.
        unsafe pointer = .allocate(capacity: 1)
        // As above.
        unsafe pointer.initialize(to: state)
    }

    deinit {
        // Nobody can reach the state any more.
        unsafe pointer.deallocate()
    }

    package var state: State {
        @inlinable @inline(__always) _read {
            // Lives as long as this does.
            yield unsafe pointer.pointee
        }
        @inlinable @inline(__always) nonmutating _modify {
            // As above.
            yield unsafe &pointer.pointee
        }
    }
}
