// What stands before a slot at nine points of it, for each slot and our line above the article.
async () => {
    const found = [];
    for (const host of document.querySelectorAll('note-card[data-slot], note-line')) {
        host.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'});
        await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
        const {left, top, width, height} = host.getBoundingClientRect();
        const name = host.dataset.slot || 'line';
        if (width < 200 || height < 40) found.push(`${name} is ${width} x ${height}`);
        for (const x of [.03, .5, .97])
            for (const y of [.06, .5, .94]) {
                const at = document.elementFromPoint(left + width * x, top + height * y);
                if (!at || !host.contains(at))
                    found.push(`${name} at ${x} ${y}: ${at ? at.outerHTML.slice(0, 80) : 'nothing'}`);
            }
    }
    return found;
}
