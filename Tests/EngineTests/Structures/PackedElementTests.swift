import RESP
import Testing

@testable import Engine

@Suite struct PackedElementTests {
    @Test(arguments: ["0", "-1", "12", "9223372036854775807", "-9223372036854775808"])
    func numbersAreTheirText(text: String) {
        let bytes = Array(text.utf8)
        // The array outlives the element, here and below.
        let (packed, plain) = unsafe (PackedElement(packing: bytes.raw), PackedElement(bytes.raw))
        verify(packed.isInteger && !plain.isInteger)
        verify(packed.count == bytes.count && plain.count == bytes.count)
        verify(packed.text == bytes && plain.text == bytes)
        verify(packed.equals(plain) && plain.equals(packed) && packed.equals(packed) && plain.equals(plain))
        verify(packed.equals(bytes.raw) && plain.equals(bytes.raw))
        verify(packed.integer.map { plain.equals($0) } == true && !plain.equals(77))
    }

    @Test(arguments: ["", "-0", "01", "+1", " 1", "1 ", "9223372036854775808", "-", "1e3", "abc"])
    func otherTextsAreBytes(text: String) {
        let bytes = Array(text.utf8)
        // As above.
        let packed = unsafe PackedElement(packing: bytes.raw)
        verify(!packed.isInteger && packed.integer == nil && packed.text == bytes)
        verify(
            packed.equals(bytes.raw) && !packed.equals(PackedElement(1)) && !PackedElement(1).equals(packed))
        verify(!packed.equals((bytes + [0]).raw))
    }

    @Test func repliesAreBulkStrings() {
        let bytes = Array("ab".utf8)
        var reply = ReplyWriter()
        reply.bulk(PackedElement(-12))
        // As above.
        reply.bulk(unsafe PackedElement(bytes.raw))
        let written = [UInt8](copying: reply.buffer.bytes)
        #expect(written == Array("$3\r\n-12\r\n$2\r\nab\r\n".utf8))
    }
}
