import type { Article } from '../../wire/article.ts';
import { type Entry, isLive, isPublic } from '../../wire/entry.ts';
import type { Wire } from '../../wire/ports.ts';
import { pictureMark } from '../ledger/preflight.ts';

/** An article that is news in some edition; without its text, which no mail carries. */
export interface News extends Omit<Article, 'html'> {
  readonly announcedSeq: number;
}

/** The latest that is known of each article, in whatever order its entries were read. */
export type Known = Map<string, { readonly seq: number; readonly news: News | null }>;

/** A revision is no news and a retracted article none any more: what counts is the first announced entry. */
const learn = (known: Known, entries: readonly Entry[]): void => {
  for (const entry of entries) {
    if (!isPublic(entry) || (known.get(entry.article.id)?.seq ?? 0) > entry.seq) continue;
    known.set(entry.article.id, { seq: entry.seq, news: newsOf(entry) });
  }
};

const newsOf = ({ kind, article, announcedSeq }: Entry): News | null => {
  if (!isLive(kind) || announcedSeq === null) return null;
  const { html: _, ...rest } = article;
  return { ...rest, announcedSeq };
};

/** What was announced after `after`, newest first. */
export const newsAfter = (known: Known, after: number): News[] =>
  [...known.values()]
    .flatMap(({ news }) => (news && news.announcedSeq > after ? [news] : []))
    .sort((a, b) => b.announcedSeq - a.announcedSeq);

/** Entries may carry long texts: fewer of them come in one piece than would be quickest. */
const ENTRIES_AT_ONCE = 100;

/**
 * Reads the entries after `after` up to and with `upTo` into `known`; gives the last `seq` there was. `note` sees each
 * entry on its way.
 */
export const learnBetween = async (
  wire: Wire,
  known: Known,
  after: number,
  upTo: number,
  note: (entry: Entry) => void = () => {},
): Promise<number> => {
  let at = after;
  while (at < upTo) {
    const entries = await wire.after(at, Math.min(ENTRIES_AT_ONCE, upTo - at));
    learn(known, entries);
    entries.forEach(note);
    at = entries.at(-1)?.seq ?? at;
    if (entries.length < ENTRIES_AT_ONCE) break;
  }
  return at;
};

/** Stretches that are read at a time on the way back: an import of a hundred thousand entries is passed in seconds. */
const STRETCHES_AT_ONCE = 4;

interface GoingBack {
  readonly upTo: number;
  readonly after: number;
  /** Asked now and then: whether what is known from behind this `seq` on is enough. */
  readonly isEnough?: (at: number) => boolean;
  readonly note?: (entry: Entry) => void;
}

/** The same from the end: reads down to `after`, or until it is enough. Gives the `seq` behind which all was read. */
export const learnBack = async (
  wire: Wire,
  known: Known,
  { upTo, after, isEnough = () => false, note }: GoingBack,
): Promise<number> => {
  let at = upTo;
  while (at > after && !isEnough(at)) {
    const down = Array.from({ length: STRETCHES_AT_ONCE }, (_, i) => at - i * ENTRIES_AT_ONCE);
    const lowestOf = (end: number): number => Math.max(after, end - ENTRIES_AT_ONCE);
    await Promise.all(
      down.filter((end) => end > after).map((end) => learnBetween(wire, known, lowestOf(end), end, note)),
    );
    at = lowestOf(down.at(-1) ?? at);
  }
  return at;
};

/**
 * No edition tells more, whoever has been without mail for however long: a month of a newsroom with six hundred
 * articles a day. Only what was announced counts, or an import of old articles would push the news out.
 */
export const MOST_NEWS = 20_000;

/** How many articles in these languages are known that were announced behind a `seq`. */
export const countOf = (known: Known, languages: readonly string[], at: number): number => {
  let count = 0;
  for (const { news } of known.values())
    if (news && news.announcedSeq > at && languages.includes(news.language)) count++;
  return count;
};

/** Whether these are so many that nothing before that is read. */
export const enoughOf =
  (known: Known, languages: readonly string[], most = MOST_NEWS) =>
  (at: number): boolean =>
    countOf(known, languages, at) >= most;

/** From where on an edition with these bounds tells what there is: all of it, as a rule. */
export const lowestBound = async (
  wire: Wire,
  { after, upTo }: { readonly after: number; readonly upTo: number },
  languages: readonly string[],
): Promise<number> => {
  if (upTo - after <= MOST_NEWS) return after;
  const known: Known = new Map();
  return learnBack(wire, known, { upTo, after, isEnough: enoughOf(known, languages) });
};

/** Whether an edition of what came after `after` would have anything to say in one of these languages. */
export const hasNews = async (wire: Wire, after: number, languages: readonly string[]): Promise<boolean> => {
  const known: Known = new Map();
  const isThere = (): boolean => enoughOf(known, languages, 1)(after);
  await learnBack(wire, known, { upTo: await wire.head(), after, isEnough: isThere });
  return isThere();
};

/** Twice what a mail shows: translations of one story take each other's place. */
const MOST_OF_A_KIND = 60;
const FEW = 300;

/**
 * What is worth rendering: all of a few hundred articles; of more, the newest of each language and of each of its
 * topics, so that whoever chose whichever topics gets the newest thirty of them.
 */
export const worthShowing = (news: readonly News[]): News[] => {
  if (news.length <= FEW) return [...news];
  const seen = new Map<string, number>();
  const isAmongNewest = (kind: string): boolean => {
    const before = seen.get(kind) ?? 0;
    seen.set(kind, before + 1);
    return before < MOST_OF_A_KIND;
  };
  return news.filter(({ language, topics }) =>
    // Each kind is counted, whether or not another one has let the article in already.
    ['', ...topics].map((topic) => isAmongNewest(`${language} ${topic}`)).includes(true),
  );
};

/** Pictures that are dead, named by their marks, are left out wherever an article is rendered. */
export const withoutImages = (news: readonly News[], dead: readonly string[]): News[] =>
  news.map((one) => (one.image && dead.includes(pictureMark(one.image.url)) ? { ...one, image: null } : one));
