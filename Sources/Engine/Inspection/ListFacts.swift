import RESP

/// How a list or another packed value is kept, for DEBUG.
extension Call {
    /// Whether the key's value is a listpack, and if so a line on the whole and one on each element, up to a
    /// bound; nil without a key.
    public func listpackLines(ofValueAt key: RawSpan) -> (isListpack: Bool, lines: [String])? {
        guard let entry = keyspace.locate(key).entry else { return nil }
        if entry.kind.holdsBlock, entry.kind != .integerSet { return (true, entry.listpack.lines) }
        if entry.kind == .packedHashWithDeadlines {
            // The kind says what the object is.
            let fields = unsafe unsafeDowncast(entry.object, to: PackedFields.self)
            return (true, fields.listpack.lines)
        }
        return (false, [])
    }

    /// Whether the key's value is a row of nodes, and if so a line on each node, up to a bound; nil without a
    /// key.
    ///
    /// With `full` the elements of the nodes follow them.
    public func quicklistLines(ofValueAt key: RawSpan, full: Bool) -> (isQuicklist: Bool, lines: [String])? {
        guard let entry = keyspace.locate(key).entry else { return nil }
        return entry.quicklist.map { (true, $0.lines(full: full)) } ?? (false, [])
    }

    /// What DEBUG OBJECT tells of a row of nodes besides; empty of other values.
    public func quicklistFigures(ofValueAt key: RawSpan) -> String {
        guard let list = keyspace.locate(key).entry?.quicklist, list.nodeCount > 0 else { return "" }
        var bytes = 0
        list.visitPaths { bytes += list.node($0).byteCount }
        let hundredths = (list.count * 100 + list.nodeCount / 2) / list.nodeCount
        let fraction = hundredths % 100
        return
            " ql_nodes:\(list.nodeCount) ql_avg_node:\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
            + " ql_listpack_max:\(list.settings.limit) ql_compressed:\(list.settings.compressDepth == 0 ? 0 : 1)"
            + " ql_uncompressed_size:\(bytes)"
    }
}

extension Entry {
    fileprivate var quicklist: Quicklist? {
        // The kind says what the object is.
        kind == .list ? unsafe unsafeDowncast(object, to: Quicklist.self) : nil
    }
}

/// Elements or nodes that are told of at most: a log is no place for millions.
private let longestReport = 1000
/// Bytes of an element that are shown.
private let longestText = 64

extension Listpack {
    fileprivate var lines: [String] {
        var lines = ["listpack of \(byteCount) bytes, \(count) elements"]
        var at = start
        while at < end, lines.count <= longestReport {
            let next = index(after: at)
            let element = element(at: at)
            let text = String(decoding: element.copy.prefix(longestText), as: UTF8.self)
            lines.append(
                "  \(lines.count - 1) at \(at), \(next - at) bytes: "
                    + (element.isInteger ? text : text.debugDescription))
            at = next
        }
        return lines
    }
}

extension Quicklist {
    fileprivate func lines(full: Bool) -> [String] {
        var lines = [
            "quicklist of \(count) elements in \(nodeCount) nodes, limit \(settings.limit),"
                + " compress depth \(settings.compressDepth)"
        ]
        var path: QuicklistPath? = isEmpty ? nil : firstPath
        while let current = path, lines.count <= longestReport {
            let node = node(current)
            lines.append(
                "node of \(node.byteCount) bytes, \(node.count) elements"
                    + (node.isPlain ? ", plain" : "") + (node.isCompressed ? ", compressed" : ""))
            if full, !node.isPlain { read(current) { lines += $0.listpack.lines.map { "  " + $0 } } }
            path = self.path(after: current)
        }
        return lines
    }
}
