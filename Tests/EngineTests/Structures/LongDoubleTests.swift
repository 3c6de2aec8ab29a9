import Glibc
import Testing

@testable import Engine

#if arch(x86_64)
    /// What INCRBYFLOAT of Redis 7.0.15 on x86-64 answered.
    @Suite struct LongDoubleTests {
        static let sums: [(String, String, String)] = [
            ("0", "0", "0"),
            ("0", "-0", "0"),
            ("0", "1", "1"),
            ("10.50", "0.1", "10.6"),
            ("5.0e3", "2.0e2", "5200"),
            ("1", "-1.1", "-0.1"),
            ("3", "1.1", "4.1"),
            ("0.1", "0.2", "0.3"),
            ("1e17", "0.5", "100000000000000000.5"),
            ("17179869184", "1", "17179869185"),
            ("17179869184", "1.5", "17179869185.5"),
            ("0", "1e-17", "0.00000000000000001"),
            ("0", "1e-18", "0"),
            ("0", "-1e-18", "0"),
            ("0", "4e-18", "0"),
            ("0", "6e-18", "0.00000000000000001"),
            ("0", "1e20", "100000000000000000000"),
            ("0", "-1e19", "-10000000000000000000"),
            ("9223372036854775807", "1", "9223372036854775808"),
            ("9223372036854775807", "0.5", "9223372036854775807.5"),
            (
                "0", "1e100",
                "9999999999999999999669353532207342619498699019828496079271391541752018669482644324418977840117055488"
            ),
            ("0", "0x1p3", "8"),
            ("0", "0x1.8p-3", "0.1875"),
            ("0.3", "-0.1", "0.2"),
            ("-0.5", "0.5", "0"),
            ("-0.0", "-0.0", "0"),
            ("0", "3.14159265358979323846264338", "3.14159265358979324"),
            ("123456789.123456789", "0.000000001", "123456789.12345678999554366"),
            ("0", ".5", "0.5"),
            ("0", "5.", "5"),
            ("0", "+7", "7"),
            ("0", "007", "7"),
            ("0", "1E5", "100000"),
            ("0", "99999999999999999999.5", "100000000000000000000"),
            ("2.5", "1e-3", "2.501"),
            ("0", "1.0000000000000000001", "1"),
            ("-2780.6187801", "-9.268333947524511", "-2789.88711404752451095"),
            ("-19946760.326904192567", "5.4e+03", "-19941360.32690419256687164"),
            ("-173128320893.03894043", "-0.881879463", "-173128320893.92081989347934723"),
            ("-806564380046.40380859", "86718.89748", "-806564293327.50632858276367188"),
            ("337402468.78846067190", "-8220.32035585", "337394248.46810482189175673"),
            ("-544.776319002885430", "56.80904697", "-487.96727203288542998"),
            ("-804855314346.496582031", "-5646.4655253376", "-804855319992.96210736036300659"),
            ("1856.20661", "-0.075", "1856.13161"),
            ("29599616.63371335", "19549.305168", "29619165.93888135000088369"),
            ("6326649450.5751724243164", "37.9516768", "6326649488.5268492242321372"),
            ("-7993006787.9439706802", "61609.30365", "-7992945178.64032068010419607"),
            ("582200460543.2675781", "93.392656", "582200460636.66023415327072144"),
            ("-9571888.079368616", "6.75e+04", "-9504388.07936861599955591"),
            ("28898.9357865522", "-5.4853e+05", "-519631.06421344780000027"),
            ("191407118.96", "-72.4947889001682", "191407046.46521109984314535"),
            ("9297405.98620", "-6.3e+02", "9296775.98620000000028085"),
            ("97093184.22102299333", "-885.2456", "97092298.97542299333144911"),
            ("16867027129.5", "-4537.2", "16867022592.29999999981373549"),
            ("-87772.5519633", "996905.44515149412", "909132.89318819412000039"),
            ("-7581136.475663", "-780.71943403302", "-7581917.19509703302037451"),
            ("8893004055.47412300109863", "-968.0331", "8893003087.44102300144731998"),
            ("-4217.55147510", "260948.93", "256731.37852490000000216"),
            ("56533.9853850880", "74179.62221929", "130713.60760437799999778"),
            ("-8978005.2", "-91240.53", "-9069245.72999999999956344"),
            ("-27740.01001", "-471448.08335", "-499188.0933599999999899"),
            ("951906.96378074", "-3.81e+04", "913806.96378074000000424"),
            ("898969.620909", "-3.3274e+05", "566229.62090899999998328"),
            ("63518978965.0", "-6324.424412588254", "63518972640.57558741047978401"),
            ("-788804747742.486572", "8764.11", "-788804738978.37657201290130615"),
            ("769769146158.833", "524.5420698513", "769769146683.37506985664367676"),
            ("6082779303.556878", "-9709.671952807303", "6082769593.88492519268766046"),
            ("-88595436205.2", "130149.332", "-88595306055.86800000071525574"),
            ("879071686586.91625976562", "3e+05", "879071986586.916259765625"),
            ("45376972.89", "-611330.5", "44765642.38999999999941792"),
            ("-922804.976084662601352", "-5425.17910573", "-928230.15519039260135514"),
            ("8813249388.69383430480957", "-6932.052", "8813242456.64183430466800928"),
            ("-201643.145948598277755", "162737", "-38906.14594859827775508"),
            ("8584196.1057", "-2894.17241", "8581301.93328999999994267"),
            ("-8790470304", "7.153e+05", "-8789755004"),
            ("-47928535.763655535876751", "-643173.75428131", "-48571709.51793684587755706"),
        ]

        private func number(_ text: String) -> LongDouble? {
            let bytes = Array(text.utf8)
            // The array lives until the number is read.
            return unsafe LongDouble(bytes.span.bytes)
        }

        @Test(arguments: sums)
        func sumPrintsAsInRedis(_ row: (a: String, b: String, sum: String)) throws {
            let sum = try LongDouble(#require(number(row.a)).value + #require(number(row.b)).value)
            #expect(sum.withText { $0.text } == row.sum)
        }

        @Test(arguments: [
            "", "abc", " 1", "1 ", "nan", "NaN", "-nan", "1x", "0x", "1e", "1e99999", "--1", "1,5", "inf ",
            "1e-99999",
            "0x1p-99999", "\t1", "-", "+", ".", "1\u{0}", "\u{0}", "-0x", "1-",
        ])
        func textIsNoNumber(_ text: String) {
            #expect(number(text) == nil)
        }

        @Test func textMayBeAsLongAsRedisAllows() {
            #expect(number("1" + String(repeating: "0", count: 4932))?.value == 1e4932)
            #expect(number("0." + String(repeating: "0", count: 5000) + "1")?.value.isZero == nil)
            #expect(number(String(repeating: "0", count: 5119))?.value == 0)
            #expect(number(String(repeating: "0", count: 5120)) == nil)
        }

        /// The library's own text, cut as Redis cuts it.
        private func libraryText(_ value: Float80) -> String {
            var buffer = [CChar](repeating: 0, count: 6000)
            let capacity = buffer.count
            // The array outlives the call, which writes no further than its end.
            _ = unsafe withVaList([value]) { unsafe vsnprintf(&buffer, capacity, "%.17Lf", $0) }
            var text = Substring(
                decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            while text.last == "0" { text.removeLast() }
            if text.last == "." { text.removeLast() }
            return text == "-0" ? "0" : String(text)
        }

        @Test(arguments: 0..<20)
        func textIsTheLibrarys(_ seed: UInt64) {
            var random = SeededGenerator(seed: seed)
            for _ in 0..<500 {
                let digits = Float80(Int64.random(in: .min ... .max, using: &random))
                let exponent = Int.random(in: -160...20, using: &random)
                let value = Float80(sign: .plus, exponent: exponent, significand: digits)
                #expect(LongDouble(value).withText { $0.text } == libraryText(value))
                // Ties between two decimals: odd multiples of 2^-18 have 18 places.
                let tie = Float80(Int64.random(in: -9999...9999, using: &random) * 2 + 1) * 0x1p-18
                #expect(LongDouble(tie).withText { $0.text } == libraryText(tie))
            }
        }

        @Test(arguments: 0..<20)
        func shortTextsAreReadAsByTheLibrary(_ seed: UInt64) throws {
            var random = SeededGenerator(seed: seed)
            for _ in 0..<500 {
                var text = ["", "-", "+"][Int.random(in: 0..<3, using: &random)]
                for _ in 0..<Int.random(in: 1...20, using: &random) {
                    text += String(Int.random(in: 0...9, using: &random))
                    if !text.contains("."), Int.random(in: 0..<6, using: &random) == 0 { text += "." }
                }
                let value = try #require(number(text)).value
                // The text outlives the call.
                let expected = unsafe strtold(text, nil)
                #expect(value == expected, "\(text)")
            }
            #expect(try #require(number("-0")).value.sign == .minus)
        }

        @Test(arguments: ["inf", "-inf", "+inf", "infinity", "INF"])
        func infinityIsANumber(_ text: String) throws {
            #expect(try #require(number(text)).value.isInfinite)
        }

        @Test func theLargestNumberHasAllItsDigits() {
            let text = LongDouble(.greatestFiniteMagnitude).withText { $0.text }
            #expect(text.count == 4933)
            #expect(text.hasPrefix("11897314953572317650"))
            #expect(LongDouble(-.leastNonzeroMagnitude).withText { $0.text } == "0")
        }
    }
#endif
