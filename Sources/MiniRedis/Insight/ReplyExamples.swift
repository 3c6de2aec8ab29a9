import Engine
import RESP

extension ReplyWriter {
    /// A reply of the named type with Redis's values, for clients to try their parsers on.
    mutating func example(of type: RawSpan) throws(CommandError) {
        if type.isWord("string") {
            bulk("Hello World")
        } else if type.isWord("integer") {
            integer(12345)
        } else if type.isWord("double") {
            double(text: "3.141")
        } else if type.isWord("bignum") {
            bigNumber(text: "1234567999999999999999999999999999999")
        } else if type.isWord("null") {
            null()
        } else if type.isWord("verbatim") {
            verbatim(text: "This is a verbatim\nstring")
        } else if type.isWord("true") {
            boolean(true)
        } else if type.isWord("false") {
            boolean(false)
        } else {
            try exampleOfMany(type)
        }
    }

    private mutating func exampleOfMany(_ type: RawSpan) throws(CommandError) {
        if type.isWord("array") {
            array(3)
            for number in 0..<3 { integer(number) }
        } else if type.isWord("set") {
            set(3)
            for number in 0..<3 { integer(number) }
        } else if type.isWord("map") {
            map(3)
            for number in 0..<3 {
                integer(number)
                boolean(number == 1)
            }
        } else if type.isWord("attrib") {
            if version == .resp3 {
                attribute(1)
                bulk("key-popularity")
                array(2)
                bulk("key:123")
                integer(90)
            }
            // Attributes belong to a reply.
            bulk("Some real reply following the attribute")
        } else if type.isWord("push") {
            guard version == .resp3 else { throw CommandError("ERR RESP2 is not supported by this command") }
            // A push is no reply, and the client waits for one. What a command pushes to its own
            // client comes after its reply.
            bulk("Some real reply following the push reply")
            push(2)
            bulk("server-cpu-usage")
            integer(42)
        } else {
            throw CommandError(
                "ERR Wrong protocol type name. Please use one of the following: string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false"
            )
        }
    }
}
