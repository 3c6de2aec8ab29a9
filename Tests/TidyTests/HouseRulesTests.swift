import Testing

/// The rules that the compiler can't enforce, applied to the package, and proven on small samples.
@Suite struct HouseRulesTests {
    @Test(arguments: Rule.all) func treeKeeps(_ rule: Rule) {
        for finding in rule.report(.package) { Issue.record("\(finding)") }
    }

    @Test(arguments: Rule.all) func findsWhatBreaks(_ rule: Rule) {
        for sample in rule.broken where !sample.text.isEmpty {
            let tree = SourceTree(files: [SourceFile(path: sample.path, text: sample.text)])
            #expect(!rule.find(tree).isEmpty, "'\(rule.name)' misses \(sample.path)")
        }
        let tree = SourceTree(files: rule.broken.map { SourceFile(path: $0.path, text: $0.text) })
        #expect(rule.report(tree).count >= 1)
        #expect(rule.report(tree).allSatisfy { $0.hasSuffix("; " + rule.replacement) })
    }

    @Test(arguments: Rule.all) func leavesTheRestAlone(_ rule: Rule) {
        let tree = SourceTree(files: rule.kept.map { SourceFile(path: $0.path, text: $0.text) })
        let report = rule.report(tree)
        #expect(report.isEmpty, "\(report)")
    }

    @Test(arguments: Rule.all) func namesOnlyWhatIsThere(_ rule: Rule) {
        #expect(rule.missingPlaces(in: .package) == [])
    }

    @Test func aPlaceThatIsNotThereIsNoticed() {
        let tree = SourceTree(files: [SourceFile(path: "Sources/A/B/C.swift", text: "")])
        let there = ["Sources/", "Sources/A", "Sources/A/B/", "Sources/A/B/C.swift"]
        let gone = ["Sources/A/C/", "Sources/A/B/C", "Sources/A/C.swift", "Tests/"]
        let rule = Rule("", except: there + gone, instead: "") { _ in [] }
        #expect(rule.missingPlaces(in: tree) == gone)
    }

    /// Nothing is found in a tree that was not read.
    @Test func treeIsThere() {
        let paths = Set(SourceTree.package.files.map(\.path))
        #expect(paths.contains("Sources/RESP/ByteBuffer.swift"))
        #expect(paths.contains("Tests/TidyTests/HouseRulesTests.swift"))
        #expect(SourceTree.package.modules.isSuperset(of: ["Reactor", "RESP", "Engine", "MiniRedis"]))
        #expect(SourceTree.package.files.allSatisfy { !$0.lines.isEmpty && $0.lines.count == $0.code.count })
    }

    @Test func commentsAndStringsAreToldFromCode() {
        let file = SourceFile(
            path: "Sources/A/A.swift",
            text: ##"""
                let a = "b // c \(d + "e") f" // g
                /* h /* i */
                j */ let k = #"l " \(m) \#(n)"#
                let o = """
                    p " q
                    """; let r = "\\"
                """##)
        let code = file.code.map { $0.split(separator: " ").joined(separator: " ") }
        #expect(
            code == [
                #"let a = " d + " " ""#, "", ##"let k = #" n "#"##, #"let o = """"#, "",
                #"""" ; let r = " ""#.replacing(" ;", with: ";"),
            ])
        #expect(file.comments[0].contains("// g") && !file.comments[0].contains("c"))
        #expect(file.comments[1].contains("h"))
        #expect(file.comments[2].contains("j") && !file.comments[2].contains("k"))
    }
}
