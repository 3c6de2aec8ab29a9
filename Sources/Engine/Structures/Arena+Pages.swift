/// Where pages come from, the lists that they are in, and where they go.
extension Arena {
    /// A page of its own for a caller who manages it; it is dropped with the arena too.
    func allocatePage() -> UnsafeMutableRawPointer {
        let page = takeFreePage()
        page.format(sizeClass: 0, blockSize: Page.byteCount)
        page.header.used = 1
        page.header.bump = UInt32(Page.byteCount)
        state.bytesInUse += Page.byteCount
        // The page is this caller's alone.
        return unsafe page.start
    }

    /// Takes back what `allocatePage` returned.
    @unsafe
    func deallocatePage(_ start: UnsafeMutableRawPointer) {
        state.bytesInUse -= Page.byteCount
        // The caller gives the whole page up.
        unsafe recycle(Page(containing: start))
    }

    /// A new page, listed, for blocks of a class.
    @inline(never)
    func addPage(sizeClass: Int) -> Page {
        let page = takeFreePage()
        page.format(sizeClass: sizeClass, blockSize: Arena.blockSize(ofClass: sizeClass))
        link(page, atHead: true)
        return page
    }

    /// Puts a page where it belongs after a block came back: see `Arena.deallocate`.
    @inline(never)
    func relist(_ page: Page) {
        if page.header.used == 0 {
            if page.header.isListed { unlist(page) }
            return recycle(page)
        }
        if page.header.isListed {
            unlist(page)
            // Allocation goes to the head, so thin pages at the tail have a chance to run empty.
            link(page, atHead: page.header.used > page.header.thinCount)
        } else {
            link(page, atHead: true)
        }
    }

    private func link(_ page: Page, atHead: Bool) {
        let sizeClass = Int(page.header.sizeClass)
        var list = self.list(sizeClass)
        page.header.isListed = true
        page.header.next = atHead ? list.head : nil
        page.header.previous = atHead ? nil : list.tail
        if atHead {
            list.head?.header.previous = page
            list.head = page
            if list.tail == nil { list.tail = page }
        } else {
            list.tail?.header.next = page
            list.tail = page
            if list.head == nil { list.head = page }
        }
        setList(sizeClass, list)
    }

    /// Takes a page without room, or about to be freed, out of its class's list.
    @inline(never)
    func unlist(_ page: Page) {
        let sizeClass = Int(page.header.sizeClass)
        var list = self.list(sizeClass)
        let next = page.header.next
        let previous = page.header.previous
        if let next { next.header.previous = previous } else { list.tail = previous }
        if let previous { previous.header.next = next } else { list.head = next }
        page.header.next = nil
        page.header.previous = nil
        page.header.isListed = false
        setList(sizeClass, list)
    }

    // MARK: Free pages

    /// A page in nobody's use: one that is still resident if possible, else one of a chunk.
    private func takeFreePage() -> Page {
        state.pagesInUse += 1
        if let page = state.sparePages {
            state.sparePages = page.header.next
            state.sparePageCount -= 1
            return page
        }
        let chunk = state.roomyChunks ?? addChunk()
        let number = chunk.header.cleanPages.trailingZeroBitCount
        chunk.header.cleanPages &= ~(1 << UInt32(number))
        if chunk.header.cleanPages == 0 { unlinkRoomy(chunk) }
        return Page(chunk: chunk, number: number)
    }

    /// Keeps a page for the next need, or gives its memory back if enough are kept.
    private func recycle(_ page: Page) {
        state.pagesInUse -= 1
        if state.sparePageCount < Arena.reservedPages {
            page.header.next = state.sparePages
            state.sparePages = page
            state.sparePageCount += 1
            return
        }
        // No block of this page is live.
        unsafe Mapping.clean(page.start, Page.byteCount)
        let chunk = page.chunk
        chunk.header.cleanPages |= 1 << UInt32(page.number)
        if !chunk.header.isRoomy { linkRoomy(chunk) }
        if chunk.header.cleanPages == Chunk.allPages { drop(chunk) }
    }

    // MARK: Chunks

    private func addChunk() -> Chunk {
        let chunk = Chunk.map()
        chunk.header.next = state.chunks
        state.chunks?.header.previous = chunk
        state.chunks = chunk
        linkRoomy(chunk)
        return chunk
    }

    private func drop(_ chunk: Chunk) {
        unlinkRoomy(chunk)
        let next = chunk.header.next
        let previous = chunk.header.previous
        next?.header.previous = previous
        if let previous { previous.header.next = next } else { state.chunks = next }
        chunk.unmap(lastPages: Chunk.pageCount)
    }

    private func linkRoomy(_ chunk: Chunk) {
        chunk.header.isRoomy = true
        chunk.header.previousRoomy = nil
        chunk.header.nextRoomy = state.roomyChunks
        state.roomyChunks?.header.previousRoomy = chunk
        state.roomyChunks = chunk
    }

    private func unlinkRoomy(_ chunk: Chunk) {
        let next = chunk.header.nextRoomy
        let previous = chunk.header.previousRoomy
        chunk.header.isRoomy = false
        next?.header.previousRoomy = previous
        if let previous { previous.header.nextRoomy = next } else { state.roomyChunks = next }
    }
}
