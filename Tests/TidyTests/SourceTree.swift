import Foundation

/// The package's Swift files, read once for all rules.
struct SourceTree: Sendable {
    let files: [SourceFile]

    /// What lies beside this test.
    static let package = SourceTree(root: root, folders: ["Sources", "Tests", "Examples"])

    /// The package's folder: Tests/TidyTests/SourceTree.swift is three steps below.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    init(files: [SourceFile]) { self.files = files }

    private init(root: URL, folders: [String]) {
        var found: [SourceFile] = []
        for folder in folders {
            let start = root.appending(path: folder)
            let paths = FileManager.default.enumerator(atPath: start.path)?.compactMap { $0 as? String } ?? []
            for path in paths.sorted() where path.hasSuffix(".swift") {
                let text = try? String(contentsOf: start.appending(path: path), encoding: .utf8)
                found.append(SourceFile(path: "\(folder)/\(path)", text: text ?? ""))
            }
        }
        files = found
    }

    /// Every folder that holds a file directly or further down, without a slash at the end.
    var folders: Set<String> {
        var all: Set<String> = []
        for file in files {
            var parts = file.path.split(separator: "/").dropLast()
            while !parts.isEmpty {
                all.insert(parts.joined(separator: "/"))
                parts = parts.dropLast()
            }
        }
        return all
    }

    /// The modules that the package's own folders make.
    var modules: Set<String> {
        let tops = files.compactMap { file -> String? in
            let parts = file.path.split(separator: "/")
            return parts.count > 2 && parts[0] != "Tests" ? String(parts[1]) : nil
        }
        return Set(tops)
    }
}
