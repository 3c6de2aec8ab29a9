/// What a client says: one JSON object on a line.
enum ClientPacket: Equatable {
    case join(group: String)
    case post(group: String, message: String)

    /// Why a line is no packet, in words for the client.
    struct Fault: Error, Equatable {
        let text: String
    }

    /// Reads a line.
    init(line: [UInt8]) throws(Fault) {
        let packet = try Tagged(line)
        switch packet.tag {
        case "Join": self = .join(group: try packet.fields(["group_name"])[0])
        case "Post":
            let fields = try packet.fields(["group_name", "message"])
            self = .post(group: fields[0], message: fields[1])
        default: throw Fault(text: "There is no packet '\(packet.tag.prefix(64))'")
        }
    }

    /// The packet as a line.
    var line: [UInt8] {
        switch self {
        case .join(let group): Tagged.line("Join", [("group_name", group)])
        case .post(let group, let message):
            Tagged.line("Post", [("group_name", group), ("message", message)])
        }
    }
}

/// What the server says: one JSON object on a line.
enum ServerPacket: Equatable {
    case message(group: String, message: String)
    case error(String)

    /// Reads a line.
    init(line: [UInt8]) throws(ClientPacket.Fault) {
        let packet = try Tagged(line)
        switch packet.tag {
        case "Message":
            let fields = try packet.fields(["group_name", "message"])
            self = .message(group: fields[0], message: fields[1])
        case "Error":
            guard case .string(let text) = packet.content else {
                throw ClientPacket.Fault(text: "'Error' holds no string")
            }
            self = .error(text)
        default: throw ClientPacket.Fault(text: "There is no packet '\(packet.tag.prefix(64))'")
        }
    }

    /// The packet as a line.
    var line: [UInt8] {
        switch self {
        case .message(let group, let message):
            return Tagged.line("Message", [("group_name", group), ("message", message)])
        case .error(let text):
            var bytes = Array("{\"Error\":".utf8)
            JSON.append(text, to: &bytes)
            return bytes + Array("}\n".utf8)
        }
    }
}

/// An object with one member, whose name says what the value is.
private struct Tagged {
    let tag: String
    let content: JSON

    init(_ line: [UInt8]) throws(ClientPacket.Fault) {
        let value: JSON
        do throws(JSON.Fault) {
            value = try JSON(line)
        } catch {
            throw ClientPacket.Fault(text: "Not a line of JSON: \(error)")
        }
        guard case .object(let members) = value, members.count == 1 else {
            throw ClientPacket.Fault(text: "A packet is an object with one member")
        }
        tag = members[0].name
        content = members[0].value
    }

    /// The strings under these names, which must be all that there is, in any order.
    func fields(_ names: [String]) throws(ClientPacket.Fault) -> [String] {
        guard case .object(let members) = content, members.count == names.count else {
            throw ClientPacket.Fault(text: "'\(tag)' holds \(names.joined(separator: " and "))")
        }
        var strings: [String] = []
        for name in names {
            guard case .string(let text)? = members.first(where: { $0.name == name })?.value else {
                throw ClientPacket.Fault(text: "'\(tag)' has no string '\(name)'")
            }
            strings.append(text)
        }
        return strings
    }

    static func line(_ tag: String, _ fields: [(name: String, text: String)]) -> [UInt8] {
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        JSON.append(tag, to: &bytes)
        bytes += Array(":{".utf8)
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            JSON.append(field.name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            JSON.append(field.text, to: &bytes)
        }
        return bytes + Array("}}\n".utf8)
    }
}
