/// How many messages of one topic a reader does not get.
package struct Missed: Sendable {
    package let topic: Topic
    /// The form that the messages had.
    package let form: UInt8
    package internal(set) var count: Int
}

/// What is missing in one place of a backlog, topic by topic, in the order in which it began to.
struct Gap: Sendable {
    /// The number of the first message that is missing.
    let start: Int
    private(set) var missed: [Missed] = []
    /// Where a topic stands in the list, once there are several.
    private var places: [Place: Int] = [:]

    private struct Place: Hashable {
        let topic: ObjectIdentifier
        let form: UInt8
    }

    /// Begins with this message.
    init(start: Int, _ message: SharedMessage) {
        self.start = start
        missed = [Missed(topic: message.topic, form: message.form, count: 1)]
    }

    /// Counts another message.
    mutating func add(_ message: SharedMessage) {
        // Most often it is like the one before.
        let last = missed.count - 1
        if missed[last].topic === message.topic, missed[last].form == message.form {
            return missed[last].count += 1
        }
        if places.isEmpty { note(0) }
        if let index = places[Place(topic: ObjectIdentifier(message.topic), form: message.form)] {
            // Floods alternate between few topics: what is last is found without a look.
            missed[index].count += 1
        } else {
            missed.append(Missed(topic: message.topic, form: message.form, count: 1))
            note(missed.count - 1)
        }
    }

    private mutating func note(_ index: Int) {
        places[Place(topic: ObjectIdentifier(missed[index].topic), form: missed[index].form)] = index
    }
}
