// Each block that shows text of its own, in order: its width and style. What stands in our parts is left out,
// and dialogs, boxes about cookies and small forms, which are no part of an article and taken away.
() => {
  const found = [], seen = new Map();
  const blocks = 'p,h1,h2,h3,h4,li,td,blockquote,pre,dd,section,div';
  const apart = `${blocks},main,article,header,footer,aside,nav,center,form,dl,figure,tbody,ul,ol,table,script,`
    + 'style,noscript,iframe,video,audio,a,img,[data-slot],[data-passalong],note-line,note-pass';
  const kinds = ['fontSize', 'fontWeight', 'fontStyle', 'color', 'backgroundColor', 'textAlign', 'lineHeight',
    'display', 'float'];
  for (const e of document.querySelectorAll(blocks)) {
    const own = [...e.childNodes].filter(n => n.nodeType === 3
      || n.matches && !n.matches(apart) && !n.querySelector(apart));
    const text = own.map(n => n.textContent).join('').replace(/\s/g, '');
    if (text.length < 25 || e.closest('[data-slot],[data-passalong],note-line,note-pass')) continue;
    if (e.closest('[role=dialog],[id^=cookie i]') || e.closest('form')?.innerText.length < 2000) continue;
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (!box.width || !box.height || style.visibility !== 'visible') continue;
    const key = text.slice(0, 60), nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    found.push([key + nth, Math.round(box.width), kinds.map(kind => style[kind]).join(' ')]);
  }
  return {found, mode: document.compatMode, wide: document.documentElement.scrollWidth};
}
