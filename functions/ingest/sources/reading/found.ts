import { internetDate } from '../../../border/date/internet.ts';
import { momentOf, readDate } from '../../../border/date.ts';
import { escaped } from '../../../border/html.ts';
import { cleanText, plainOf } from '../../../border/text.ts';
import type { Instant } from '../../../shared/time.ts';

/** An article as a source shows it, whatever its format. Nothing in it is cleaned yet. */
export interface FoundItem {
  /** The source's own name for it. */
  readonly guid: string | null;
  readonly url: string | null;
  /** Plain text, as are `summary`, `authors` and `categories`. */
  readonly title: string;
  readonly summary: string | null;
  /** Foreign HTML; empty where the source shows none. */
  readonly html: string;
  /** What relative addresses in `html` are relative to. */
  readonly base: string;
  readonly publishedAt: Instant | null;
  readonly modifiedAt: Instant | null;
  readonly authors: readonly string[];
  readonly categories: readonly string[];
  readonly image: FoundImage | null;
  /** Only where the source knows the language of each article. */
  readonly language: string | null;
  readonly story: string | null;
  readonly rights: string | null;
}

export interface FoundImage {
  readonly url: string;
  /** Empty where the source says nothing of it. */
  readonly alt: string;
  readonly credit?: string;
  readonly width?: number;
  readonly height?: number;
  /** Its media type and its length, where somebody has read it. */
  readonly type?: string;
  readonly bytes?: number;
}

/** One item that could not be read; the others can. */
export interface RefusedItem {
  /** Its guid, address or title, whichever it has, so that an editor finds it. */
  readonly item: string;
  readonly because: string;
}

export interface FoundDocument {
  readonly is: 'document';
  readonly items: readonly FoundItem[];
  readonly refused: readonly RefusedItem[];
  /** How long the source wants to be left alone. */
  readonly ttlSeconds: number | null;
}

/** It is not what it should be; the source keeps its last good state. `because` ends a sentence. */
export interface RefusedDocument {
  readonly is: 'refused';
  readonly because: string;
}

/** A document as it came, and how its dates without a zone are meant. */
export interface ForeignDocument {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly url: string;
  readonly language: string;
  readonly timeZone: string;
}

/** Before that, a date is the zero of some clock. */
const OLDEST: Instant = '1981-01-01T00:00:00.000Z';

/** A date in whatever form; `null` for none, for what is none, and for the zero of a computer's clock. */
export const dateIn = (
  text: string | undefined,
  { language, timeZone }: Pick<ForeignDocument, 'language' | 'timeZone'>,
): Instant | null => {
  if (text === undefined || text.trim() === '') return null;
  const at = internetDate(text) ?? momentOf(readDate(text, language), timeZone);
  return at !== undefined && at > OLDEST ? at : null;
};

export const absolute = (address: string | undefined, base: string): string | null => {
  const trimmed = address?.trim() ?? '';
  if (trimmed === '' || !URL.canParse(trimmed, base)) return null;
  const { href, protocol } = new URL(trimmed, base);
  return protocol === 'http:' || protocol === 'https:' ? href : null;
};

/** One line of what may or may not be HTML. */
export const lineOfHtml = (html: string): string => cleanText(plainOf(html));

export const htmlOfText = (text: string): string =>
  text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter(Boolean)
    .map((paragraph) => `<p>${escaped(paragraph).replaceAll('\n', '<br>')}</p>`)
    .join('');

const MOST_SUMMARY = 600;

/** A summary as one line, cut between words where it is longer than a lead. */
export const summaryOf = (html: string | undefined): string | null => {
  const line = lineOfHtml(html ?? '').replace(/\s*(?:\[?(?:…|\.\.\.)\]?|\[&hellip;\])$/, ' …');
  if (line.trim() === '…' || line === '') return null;
  if (line.length <= MOST_SUMMARY) return line;
  return `${line.slice(0, MOST_SUMMARY).replace(/\s+\S*$/, '')} …`;
};

const MOST_ITEMS = 1000;

/**
 * The items of a document, each told from the others. A guid that several items with different addresses have is no
 * name (some generators give all the same); one that comes again with the same address is the same item, and the first
 * counts.
 */
export const gathered = (found: readonly (FoundItem | RefusedItem)[], ttlSeconds: number | null): FoundDocument => {
  const refused = found.filter((one): one is RefusedItem => 'because' in one);
  const items = withSoundGuids(found.filter((one): one is FoundItem => !('because' in one)));
  const seen = new Set<string>();
  const kept = items.filter((item) => {
    const name = nameOf(item);
    const isNew = !seen.has(name);
    seen.add(name);
    if (!isNew) refused.push({ item: labelOf(item), because: 'it is there twice' });
    return isNew;
  });
  const over = kept.slice(MOST_ITEMS);
  if (over.length > 0) {
    refused.push({
      item: `${over.length} items`,
      because: `only the first ${MOST_ITEMS} items of a document are read`,
    });
  }
  return { is: 'document', items: kept.slice(0, MOST_ITEMS), refused, ttlSeconds };
};

const withSoundGuids = (items: readonly FoundItem[]): FoundItem[] => {
  const addresses = new Map<string, Set<string>>();
  for (const { guid, url, title } of items) {
    if (guid === null) continue;
    const known = addresses.get(guid) ?? new Set();
    addresses.set(guid, known.add(url ?? title));
  }
  return items.map((item) =>
    item.guid !== null && (addresses.get(item.guid)?.size ?? 0) > 1 ? { ...item, guid: null } : item,
  );
};

/** By which a source's item is recognised when it is shown again. */
export const nameOf = ({ guid, url, title, html }: Pick<FoundItem, 'guid' | 'url' | 'title' | 'html'>): string =>
  guid ?? url ?? JSON.stringify([title, html]);

export const labelOf = ({ guid, url, title }: Pick<FoundItem, 'guid' | 'url' | 'title'>): string =>
  (url ?? guid ?? title).slice(0, 200);
