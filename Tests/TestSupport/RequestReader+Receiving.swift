public import RESP

extension RequestReader {
    /// Takes in bytes as if a client had sent them, in as many reads as there is need for, and parses them.
    public mutating func receive(_ bytes: some Collection<UInt8>, _ limits: RequestLimits = RequestLimits()) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let taken = fill { room in
                let part = rest.prefix(room.byteCount)
                for (offset, byte) in part.enumerated() {
                    room.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
                }
                return part.count
            }
            rest = rest.dropFirst(taken)
            parse(limits)
        }
    }

    /// Takes in a request of these words.
    public mutating func receive(words: [[UInt8]]) { receive(TestClient.encode(words)) }
}
