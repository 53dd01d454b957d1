/** Text inside XML, attributes too. What XML cannot hold at all was removed where it came in. */
export const xmlText = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
