/// A place on earth in degrees.
public struct RedisPlace: RESPDecodable, Hashable {
    public let longitude: Double
    public let latitude: Double

    /// Makes a place; a server refuses those within five degrees of the poles.
    public init(longitude: Double, latitude: Double) {
        self.longitude = longitude
        self.latitude = latitude
    }

    /// Reads a pair of both.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let parts = value.elements, parts.count == 2 else {
            throw .mismatch(value, "a longitude and a latitude")
        }
        self.init(longitude: try Double(resp: parts[0]), latitude: try Double(resp: parts[1]))
    }

    func append(to words: inout RedisWords) {
        words.append(longitude)
        words.append(latitude)
    }
}

/// A unit of distances.
public enum RedisLengthUnit: String, Sendable, Hashable {
    case metres = "m"
    case kilometres = "km"
    case feet = "ft"
    case miles = "mi"
}

/// What a search looks into.
public struct RedisArea: Sendable, Hashable {
    private let words: [[UInt8]]

    private init(_ build: (inout RedisWords) -> Void) {
        var words = RedisWords("AREA")
        build(&words)
        self.words = Array(words.words.dropFirst())
    }

    private static func around(
        _ centre: Centre, _ shape: (inout RedisWords) -> Void, _ unit: RedisLengthUnit
    ) -> Self {
        Self { words in
            switch centre {
            case .member(let member):
                words.append("FROMMEMBER")
                words.append(member)
            case .place(let place):
                words.append("FROMLONLAT")
                place.append(to: &words)
            }
            shape(&words)
            words.append(unit.rawValue)
        }
    }

    /// Around what a search looks.
    public enum Centre: Sendable, Hashable {
        case member([UInt8])
        case place(RedisPlace)

        /// A member of the same sorted set.
        public static func member(_ name: String) -> Self { .member(Array(name.utf8)) }

        /// A place in degrees.
        public static func place(longitude: Double, latitude: Double) -> Self {
            .place(RedisPlace(longitude: longitude, latitude: latitude))
        }
    }

    /// Everything within a distance.
    public static func circle(
        around centre: Centre, radius: Double, _ unit: RedisLengthUnit = .metres
    ) -> Self {
        around(
            centre,
            {
                $0.append("BYRADIUS")
                $0.append(radius)
            }, unit)
    }

    /// Everything within half a width to the west and east, and half a height to the north and south.
    public static func box(
        around centre: Centre, width: Double, height: Double, _ unit: RedisLengthUnit = .metres
    ) -> Self {
        around(
            centre,
            {
                $0.append("BYBOX")
                $0.append(width)
                $0.append(height)
            }, unit)
    }

    /// Everything between at least three vertices (Valkey from version 9); distances are in metres from
    /// the middle.
    public static func polygon(_ vertices: [RedisPlace]) -> Self {
        Self {
            $0.append("BYPOLYGON")
            $0.append(vertices.count)
            for vertex in vertices { vertex.append(to: &$0) }
        }
    }

    func append(to words: inout RedisWords) {
        for word in self.words { words.append(word) }
    }
}

/// Which of what a search finds is wanted, and in which order.
public enum RedisNearness: Sendable, Hashable {
    /// In no order.
    case unordered
    /// The nearest first, and only so many.
    case nearest(limit: Int? = nil)
    /// The farthest first, and only so many.
    case farthest(limit: Int? = nil)
    /// Any so many.
    case any(limit: Int)

    func append(to words: inout RedisWords) {
        switch self {
        case .unordered: break
        case .nearest(let limit):
            words.append("ASC")
            Self.append(limit, to: &words)
        case .farthest(let limit):
            words.append("DESC")
            Self.append(limit, to: &words)
        case .any(let limit):
            Self.append(limit, to: &words)
            words.append("ANY")
        }
    }

    private static func append(_ limit: Int?, to words: inout RedisWords) {
        guard let limit else { return }
        words.append("COUNT")
        words.append(limit)
    }
}

/// A member that a search has found, with how far it is from the centre and where.
public struct RedisFoundPlace<Member: RESPDecodable>: RESPDecodable {
    public let member: Member
    /// In the unit of the search.
    public let distance: Double
    /// The score in the sorted set.
    public let hash: Int64
    public let place: RedisPlace

    /// Reads a member with all there is to it.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let parts = value.elements, parts.count == 4 else {
            throw .mismatch(value, "a member, a distance, a hash and a place")
        }
        member = try Member(resp: parts[0])
        distance = try Double(resp: parts[1])
        hash = try Int64(resp: parts[2])
        place = try RedisPlace(resp: parts[3])
    }
}

extension RedisFoundPlace: Equatable where Member: Equatable {}
extension RedisFoundPlace: Hashable where Member: Hashable {}
