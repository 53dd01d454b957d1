const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Clean HTML made ready for a narrow page: a table wider than the screen scrolls by itself, also for somebody who has
 * only a keyboard. Opening and closing tags are replaced alike, so what was balanced stays so.
 */
export const proseOf = (clean: string, tableLabel: string): string => {
  const label = tableLabel.replace(/[&<>"]/g, (character) => escapes[character] ?? '');
  return clean
    .replaceAll(/<table\b/g, `<div class="table" role="region" tabindex="0" aria-label="${label}"><table`)
    .replaceAll('</table>', '</table></div>');
};
