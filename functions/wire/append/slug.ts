/** Letters that Unicode does not take apart into a base letter and a mark. */
const SPELT_OUT: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};

const MOST_LETTERS = 80;
/** Beyond this many articles of one title, the id tells them apart. */
const MOST_NUMBERED = 50;

/**
 * The title as it stands in an address: small letters and digits of any script, single hyphens. Latin letters lose
 * their accents; other scripts keep their letters, since a transliteration would be read by nobody.
 */
export const slugOf = (title: string): string => {
  const plain = title
    .toLowerCase()
    .replace(/(\p{L})['’]s\b/gu, '$1s')
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .replace(/[ßæœøđðłþı]/g, (letter) => SPELT_OUT[letter] ?? letter);
  const words = plain.split(/[^\p{L}\p{N}\p{M}]+/u).filter(Boolean);
  return shortened(words) || 'article';
};

/** The slugs an article of this title may have, best first: `a-title`, `a-title-2`, … */
export const slugCandidates = (title: string, articleId: string): string[] => {
  const base = slugOf(title);
  const numbered = Array.from({ length: MOST_NUMBERED - 1 }, (_, i) => `${base}-${i + 2}`);
  return [base, ...numbered, `${base}-${articleId.toLowerCase()}`];
};

/** An article keeps its slug as long as its title says the same. */
export const keepsSlug = (was: Titled, is: Titled): boolean =>
  was.language === is.language && slugOf(was.title) === slugOf(is.title);

interface Titled {
  readonly language: string;
  readonly title: string;
}

/** Whole words, as many as fit; of one endless word its beginning. */
const shortened = (words: readonly string[]): string => {
  let slug = '';
  for (const word of words) {
    const longer = slug === '' ? [...word].slice(0, MOST_LETTERS).join('') : `${slug}-${word}`;
    if ([...longer].length > MOST_LETTERS) break;
    slug = longer;
  }
  return slug;
};
