import RESP

extension SetOptions {
    /// SET's key is read only if the value before is asked for.
    static let findKey: KeyFinder = { (arguments, keys) in
        for index in 3..<max(arguments.count, 3) where arguments.isWord(index, "GET") {
            return keys.append(KeyReference(1, [.readWrite, .access, .update]))
        }
        keys.append(KeyReference(1, [.overwrite, .update]))
    }
}
