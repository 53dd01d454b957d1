import { type Entry, isLive, isPublic } from '../../wire/entry.ts';
import type { Wire } from '../../wire/ports.ts';
import { type Known, learnBetween, type News } from './news.ts';

/** What became of an edition's own articles after it was planned. */
export interface Later {
  /** Those that were retracted or are over, as they were, and since when. */
  readonly gone: readonly Gone[];
  /** Ids of those that were revised and are still there. */
  readonly revised: readonly string[];
  /** Up to here the wire was read. */
  readonly read: number;
}

export interface Gone extends News {
  readonly goneAt: string;
}

interface Bounds {
  readonly from: number;
  readonly upTo: number;
}

/**
 * Reads the entries behind an edition's bounds, or behind `seen` if all before that is known, and takes into `known` what
 * they say of its own articles. What came new since belongs to the next edition, corrections of earlier ones too.
 */
export const learnLater = async (
  wire: Wire,
  known: Known,
  { from, upTo }: Bounds,
  seen: number = upTo,
): Promise<Later> => {
  const latest: Known = new Map();
  const concerned = new Map<string, Entry>();
  const read = await learnBetween(wire, latest, seen, Number.MAX_SAFE_INTEGER, (entry) => {
    const { announcedSeq } = entry;
    const isOwn = announcedSeq !== null && announcedSeq > from && announcedSeq <= upTo;
    if (isOwn && isPublic(entry)) concerned.set(entry.article.id, entry);
  });
  for (const id of concerned.keys()) known.set(id, latest.get(id) ?? { seq: read, news: null });
  const entries = [...concerned.values()];
  return {
    gone: entries.flatMap((entry) => (isLive(entry.kind) ? [] : [goneOf(entry)])),
    revised: entries.filter(({ kind }) => isLive(kind)).map(({ article }) => article.id),
    read,
  };
};

const goneOf = ({ article, announcedSeq, at }: Entry): Gone => {
  const { html: _, ...rest } = article;
  return { ...rest, announcedSeq: announcedSeq ?? 0, goneAt: at };
};
