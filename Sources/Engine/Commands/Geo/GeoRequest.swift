import RESP

/// What GEOSEARCH and its likes were asked, beyond the key.
struct GeoRequest {
    /// Which of the commands asks.
    enum Form {
        case search
        case searchStore
        case radius(mayStore: Bool)
        case radiusByMember(mayStore: Bool)
    }

    enum Order {
        case none
        case nearestFirst
        case farthestFirst
    }

    private(set) var order = Order.none
    /// How many at most, unless all.
    private(set) var count: Int?
    /// Whether any so many will do.
    private(set) var takesAny = false
    private(set) var withDistance = false
    private(set) var withHash = false
    private(set) var withCoordinates = false
    /// The argument that names where the result is stored, if it is.
    private(set) var destination: Int?
    /// Whether distances are stored rather than places.
    private(set) var storesDistance = false
    private(set) var unit = GeoUnit.metres
    private var extent: GeoShape.Extent?
    private var centre: GeoPoint?
    /// Whether the centre is given, if not where it is.
    private var hasCentre = false
    private let isSearch: Bool
    private let mayStore: Bool
    /// The sorted set; without one nothing is asked of a member.
    private let set: SortedSetValue?

    /// What is looked for; nil if there is nothing to look into.
    var shape: GeoShape? {
        guard let extent else { return nil }
        if case .polygon(let polygon) = extent {
            return GeoShape(centre: polygon.centre, extent: extent, unit: unit)
        }
        return centre.map { GeoShape(centre: $0, extent: extent, unit: unit) }
    }

    /// How many parts each element of a reply has beside the member.
    var extraParts: Int { (withDistance ? 1 : 0) + (withHash ? 1 : 0) + (withCoordinates ? 1 : 0) }

    /// Which matches are wanted.
    var wanted: GeoSearch.Wanted {
        guard let count else { return .all }
        if takesAny { return .any(count) }
        return order == .farthestFirst ? .farthest(count) : .nearest(count)
    }

    /// Reads the arguments behind the source's key in Redis's order, which looked for that key before.
    init(_ arguments: Arguments, _ form: Form, _ set: SortedSetValue?) throws(CommandError) {
        self.set = set
        switch form {
        case .search, .searchStore:
            isSearch = true
            if case .searchStore = form { destination = 1 }
            mayStore = destination != nil
            try readOptions(arguments, from: mayStore ? 3 : 2)
        case .radius(let mayStore):
            (isSearch, self.mayStore) = (false, mayStore)
            centre = try Self.point(arguments, 2)
            try readCircle(arguments, 4)
            try readOptions(arguments, from: 6)
        case .radiusByMember(let mayStore):
            (isSearch, self.mayStore) = (false, mayStore)
            if set != nil {
                try readMember(arguments[2])
                try readCircle(arguments, 3)
            }
            try readOptions(arguments, from: 5)
        }
        if destination != nil, extraParts > 0 {
            throw isSearch
                ? CommandError(
                    "ERR GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options")
                : CommandError(
                    "ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options"
                )
        }
        try checkParts(arguments)
        // Without an order the first so many would be none in particular.
        if count != nil, order == .none, !takesAny { order = .nearestFirst }
    }

    /// Complains of what is missing.
    private func checkParts(_ arguments: Arguments) throws(CommandError) {
        if isSearch, !hasCentre, !isPolygon {
            throw .incomplete("exactly one of FROMMEMBER or FROMLONLAT can be specified for ", arguments[0])
        }
        if isSearch, extent == nil {
            throw .incomplete("exactly one of BYRADIUS and BYBOX can be specified for ", arguments[0])
        }
        if takesAny, count == nil { throw CommandError("ERR the ANY argument requires COUNT argument") }
    }

    // MARK: Options

    private mutating func readOptions(_ arguments: Arguments, from start: Int) throws(CommandError) {
        var index = start
        while index < arguments.count {
            let word = arguments[index]
            if word.isWord("WITHDIST") {
                withDistance = true
            } else if word.isWord("WITHHASH") {
                withHash = true
            } else if word.isWord("WITHCOORD") {
                withCoordinates = true
            } else if word.isWord("ANY") {
                takesAny = true
            } else if word.isWord("ASC") {
                order = .nearestFirst
            } else if word.isWord("DESC") {
                order = .farthestFirst
            } else {
                index += try readValue(arguments, index, left: arguments.count - index - 1)
            }
            index += 1
        }
    }

    /// Reads an option with values, behind which `left` arguments are left; returns how many they are.
    private mutating func readValue(_ arguments: Arguments, _ index: Int, left: Int) throws(CommandError)
        -> Int
    {
        let word = arguments[index]
        if word.isWord("COUNT"), left >= 1 {
            let number = try arguments.integer(index + 1)
            guard number > 0 else { throw CommandError("ERR COUNT must be > 0") }
            count = Int(clamping: number)
            return 1
        }
        if !isSearch {
            guard mayStore, left >= 1 else { throw .syntax }
            let isDistance = word.isWord("STOREDIST")
            guard isDistance || word.isWord("STORE") else { throw .syntax }
            destination = index + 1
            storesDistance = isDistance
            return 1
        }
        if word.isWord("STOREDIST"), mayStore {
            storesDistance = true
            return 0
        }
        return try readSearch(arguments, index, left: left)
    }

    /// Reads where GEOSEARCH is to look.
    private mutating func readSearch(_ arguments: Arguments, _ index: Int, left: Int) throws(CommandError)
        -> Int
    {
        let word = arguments[index]
        if word.isWord("FROMMEMBER"), left >= 1, !isFromPlace, !isPolygon {
            hasCentre = true
            if set != nil { try readMember(arguments[index + 1]) }
            return 1
        }
        if word.isWord("FROMLONLAT"), left >= 2, !isFromMember, !isPolygon {
            centre = try Self.point(arguments, index + 1)
            hasCentre = true
            isFromPlace = true
            return 2
        }
        if word.isWord("BYRADIUS"), left >= 2, !isBox, !isPolygon {
            try readCircle(arguments, index + 1)
            return 2
        }
        if word.isWord("BYBOX"), left >= 3, extent == nil || isBox {
            try readBox(arguments, index + 1)
            return 3
        }
        if word.isWord("BYPOLYGON"), left >= 2, !hasCentre, extent == nil {
            return try readPolygon(arguments, index + 1, left: left - 1)
        }
        throw .syntax
    }

    /// Whether the centre is given as a place.
    private var isFromPlace = false

    private var isFromMember: Bool { hasCentre && !isFromPlace }

    private var isBox: Bool {
        if case .box = extent { return true }
        return false
    }

    private var isPolygon: Bool {
        if case .polygon = extent { return true }
        return false
    }

    // MARK: Shapes

    private mutating func readMember(_ member: RawSpan) throws(CommandError) {
        // The argument stays where it is while the command runs.
        guard let score = set?.score(of: unsafe PackedElement(packing: member)) else {
            throw CommandError("ERR could not decode requested zset member")
        }
        centre = GeoHash(score: score).point
    }

    private mutating func readCircle(_ arguments: Arguments, _ index: Int) throws(CommandError) {
        guard let radius = Double(decimal: arguments[index]) else {
            throw CommandError("ERR need numeric radius")
        }
        if radius < 0 { throw CommandError("ERR radius cannot be negative") }
        unit = try Self.unit(arguments[index + 1])
        extent = .circle(radius: radius)
    }

    private mutating func readBox(_ arguments: Arguments, _ index: Int) throws(CommandError) {
        guard let width = Double(decimal: arguments[index]) else {
            throw CommandError("ERR need numeric width")
        }
        guard let height = Double(decimal: arguments[index + 1]) else {
            throw CommandError("ERR need numeric height")
        }
        if width < 0 || height < 0 { throw CommandError("ERR height or width cannot be negative") }
        unit = try Self.unit(arguments[index + 2])
        extent = .box(width: width, height: height)
    }

    /// Reads how many vertices there are, and those; returns how many arguments they are.
    private mutating func readPolygon(_ arguments: Arguments, _ index: Int, left: Int) throws(CommandError)
        -> Int
    {
        let error = CommandError("ERR invalid number of vertices")
        let count = Int(
            try arguments.integer(index, in: Int64(Int32.min)...Int64(Int32.max), else: error))
        guard count >= 3, count <= left / 2 else {
            throw CommandError("ERR GEOSEARCH BYPOLYGON must have at least 3 vertices")
        }
        var vertices: [GeoPoint] = []
        vertices.reserveCapacity(count)
        for number in 0..<count {
            vertices.append(try Self.point(arguments, index + 1 + number * 2))
        }
        unit = .metres
        extent = .polygon(GeoPolygon(vertices))
        return 1 + count * 2
    }

    // MARK: Parts

    /// Reads a longitude and the latitude behind it.
    static func point(_ arguments: Arguments, _ index: Int) throws(CommandError) -> GeoPoint {
        guard let longitude = Double(decimal: arguments[index]),
            let latitude = Double(decimal: arguments[index + 1])
        else { throw .notFloat }
        let point = GeoPoint(longitude: longitude, latitude: latitude)
        guard point.isValid else { throw .invalidPlace(point) }
        return point
    }

    /// Reads a unit's name.
    static func unit(_ word: RawSpan) throws(CommandError) -> GeoUnit {
        guard let unit = GeoUnit(word) else {
            throw CommandError("ERR unsupported unit provided. please use M, KM, FT, MI")
        }
        return unit
    }
}

extension CommandError {
    /// `text`, and the command's name as the client wrote it.
    fileprivate static func incomplete(_ text: StaticString, _ name: RawSpan) -> CommandError {
        CommandError(bytes: Array("ERR ".utf8) + Array(text.description.utf8) + name.quotable)
    }

    /// Coordinates that are on no map, with six decimals as C shows them.
    fileprivate static func invalidPlace(_ point: GeoPoint) -> CommandError {
        let text = FixedText.bytes(point.longitude) + Array(",".utf8) + FixedText.bytes(point.latitude)
        return CommandError(bytes: Array("ERR invalid longitude,latitude pair ".utf8) + text)
    }
}
