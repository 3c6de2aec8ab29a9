// swift-tools-version: 6.2
import PackageDescription

/// The same rules for every target: Swift 6, explicit existentials and imports, memory safety
/// spelled out, and no warning left standing.
///
/// `Lifetimes` lets a command's arguments be views that the compiler keeps from outliving the
/// buffer they point into.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ subject: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: "\(subject)Tests", dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "mini-redis",
    products: [
        .executable(name: "mini-redis-server", targets: ["MiniRedisServer"]),
        .executable(name: "hello-redis", targets: ["hello-redis"]),
        .executable(name: "chat", targets: ["chat"]),
        .executable(name: "counter", targets: ["counter"]),
        .library(name: "MiniRedis", targets: ["MiniRedis"]),
        .library(name: "MiniRedisClient", targets: ["MiniRedisClient"]),
    ],
    targets: [
        .systemLibrary(name: "CLinux"),
        library("Reactor", ["CLinux"]),
        library("RESP"),
        library("Broadcasting", ["RESP"]),
        library("Engine", ["RESP"]),
        library("MiniRedis", ["Reactor", "RESP", "Broadcasting", "Engine"]),
        library("MiniRedisClient", ["Reactor", "RESP"]),
        .executableTarget(name: "MiniRedisServer", dependencies: ["MiniRedis"], swiftSettings: settings),
        .executableTarget(
            name: "hello-redis", dependencies: ["MiniRedisClient"], path: "Examples/hello-redis",
            swiftSettings: settings),
        .executableTarget(
            name: "server-in-a-test", dependencies: ["MiniRedis", "MiniRedisClient"],
            path: "Examples/server-in-a-test", swiftSettings: settings),
        .executableTarget(
            name: "chat", dependencies: ["Reactor", "RESP", "Broadcasting"], path: "Examples/chat",
            swiftSettings: settings),
        .executableTarget(
            name: "counter", dependencies: ["MiniRedisClient"], path: "Examples/counter",
            swiftSettings: settings),
        .target(
            name: "TestSupport", dependencies: ["MiniRedis", "Reactor", "RESP"], path: "Tests/TestSupport",
            swiftSettings: settings),
        .executableTarget(
            name: "costs", dependencies: ["Reactor", "MiniRedis", "MiniRedisClient"],
            path: "Tests/Bench/Costs", swiftSettings: settings),
        .executableTarget(
            name: "pipelines", dependencies: ["MiniRedisClient"], path: "Tests/Bench/Pipelines",
            exclude: ["pipelines.c"], swiftSettings: settings),
        tests("Reactor", ["Reactor"]),
        tests("RESP", ["RESP", "TestSupport"]),
        tests("Broadcasting", ["Broadcasting", "RESP"]),
        tests("Engine", ["Engine", "RESP", "TestSupport"]),
        tests(
            "MiniRedis",
            ["MiniRedis", "MiniRedisServer", "TestSupport", "Reactor", "RESP", "Broadcasting", "Engine"]),
        tests(
            "MiniRedisClient",
            [
                "MiniRedisClient", "MiniRedis", "TestSupport", "Reactor", "RESP", "hello-redis",
                "server-in-a-test",
            ]),
        tests("Example", ["chat", "counter", "TestSupport", "Reactor", "RESP"]),
        tests("Tidy", []),
    ]
)
