public import RESP

extension ReplyWriter {
    /// A container's HELP: its syntax, the lines of its subcommands, and HELP itself.
    ///
    /// `name` is in upper case; what a line tells of the one before it is indented by four blanks.
    public mutating func help(_ name: StaticString, _ lines: [StaticString]) {
        array(lines.count + 3)
        buffer.append("+" as StaticString)
        buffer.append(name)
        buffer.append(" <subcommand> [<arg> [value] [opt] ...]. Subcommands are:\r\n" as StaticString)
        for line in lines { simple(line) }
        simple("HELP")
        simple("    Print this help.")
    }
}
