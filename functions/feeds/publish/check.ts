import { SaxesParser } from 'saxes';
import * as z from 'zod';
import type { Format } from '../addresses.ts';

/** Of the articles that belong into a document, at most this part may be missing. */
const MOST_LOST = 1 / 5;

/** Why a document must not be published, or `null`. `expected`: how many articles belong into it. */
export const faultOf = (format: Format, text: string, expected: number): string | null => {
  const found = format === 'json' ? itemsOfJson(text) : itemsOfXml(text, format);
  if (found === null) return 'it does not parse';
  if (found === 0 && expected > 0) return 'it is empty';
  return expected - found > expected * MOST_LOST ? 'it lost more than a fifth of its articles' : null;
};

/** What a current document shows, next to what readers have. All by `announcedSeq`. */
interface Change {
  /** What readers have. */
  readonly before: readonly number[];
  readonly shown: readonly number[];
  /** Retracted, expired or moved: their rows say so. */
  readonly left: readonly number[];
  /** A list never forgets a row, so what is older than the oldest one looked at may only have grown out of a full window. */
  readonly grownOutBelow: number;
}

/** Whether readers would lose more than a fifth of what they have, and nothing says why. */
export const losesTooMuch = ({ before, shown, left, grownOutBelow }: Change): boolean => {
  const explained = new Set([...shown, ...left]);
  const lost = before.filter((seq) => !explained.has(seq) && seq >= grownOutBelow);
  return lost.length > before.length * MOST_LOST;
};

const ROOTS = { rss: ['rss', 'item'], atom: ['feed', 'entry'] } as const;

/** A parser of its own kind, not the one that the document was made with. */
const itemsOfXml = (text: string, format: 'rss' | 'atom'): number | null => {
  const [root, item] = ROOTS[format];
  const names: string[] = [];
  try {
    const parser = new SaxesParser({ xmlns: true });
    parser.on('opentag', ({ name }) => {
      names.push(name);
    });
    parser.write(text).close();
  } catch {
    // saxes throws at the first thing that is not well-formed, and that is the answer.
    return null;
  }
  return names[0] === root ? names.filter((name) => name === item).length : null;
};

const jsonFeed = z.object({ version: z.string(), items: z.array(z.object({ id: z.string() })) });

const itemsOfJson = (text: string): number | null => {
  try {
    return jsonFeed.parse(JSON.parse(text)).items.length;
  } catch {
    // Not JSON, or no feed.
    return null;
  }
};
