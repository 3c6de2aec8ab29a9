import Glibc

/// The functions of an angle that distances on a sphere need, from the C library: to the last digit as in Redis.
enum Trigonometry {
    static func sine(_ radians: Double) -> Double { sin(radians) }

    static func cosine(_ radians: Double) -> Double { cos(radians) }

    static func arcSine(_ sine: Double) -> Double { asin(sine) }

    /// The angle of a direction, from the one in which `x` grows towards the one in which `y` does.
    static func angle(y: Double, x: Double) -> Double { atan2(y, x) }
}
