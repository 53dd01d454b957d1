const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Clean HTML made ready for our pages. A table wider than the screen scrolls by itself, also for somebody who has only
 * a keyboard; and a quotation's last line that begins with a dash is whose words they were. Opening and closing tags
 * are replaced alike, so what was balanced stays so.
 */
export const proseOf = (clean: string, tableLabel: string): string => {
  const label = tableLabel.replace(/[&<>"]/g, (character) => escapes[character] ?? '');
  return clean
    .replaceAll(/<table\b/g, `<div class="table" role="region" tabindex="0" aria-label="${label}"><table`)
    .replaceAll('</table>', '</table></div>')
    .replaceAll(/<p>(?=[—–] [^<]{1,200}<\/p><\/blockquote>)/g, '<p class="attribution">');
};
