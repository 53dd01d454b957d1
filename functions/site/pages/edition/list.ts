import { newsIn } from '../../../digest/archive/issue.ts';
import type { Edition } from '../../../digest/editions.ts';
import { partsOfId } from '../../../digest/ledger/edition.ts';
import type { Site } from '../../ports.ts';
import { type Head, headOf, wentOut } from './head.ts';

interface Asked {
  /** The id of the last edition already seen. */
  readonly before: string | undefined;
  readonly most: number;
}

/**
 * Editions of all newsletters that had news in this language, newest first; `older` is where the next page begins. Those
 * that share the moment and cadence of the last one stand on its page, so that the next can begin behind them all.
 */
export const editionsIn = async (
  site: Site,
  language: string,
  { before, most }: Asked,
): Promise<{ readonly editions: Head[]; readonly older: string | undefined }> => {
  const newsletters = site.house.newsroom.newsletters.filter(({ languages }) => languages.includes(language));
  const found = await Promise.all(
    newsletters.map(({ id }) => ofNewsletter(site, language, { newsletter: id, before, most: most + 1 })),
  );
  const all = found.flat().sort((a, b) => (a.place < b.place ? 1 : -1));
  const last = all[most - 1];
  const shown = last ? all.filter(({ place }) => place >= last.place) : all;
  return { editions: shown.map(({ head }) => head), older: shown.length < all.length ? shown.at(-1)?.id : undefined };
};

interface Placed {
  readonly id: string;
  /** Editions of all newsletters are in this order. */
  readonly place: string;
  readonly head: Head;
}

const BATCH = 100;
/** Where each article goes out at once, many editions have no reader and never go out: they are read past, not for ever. */
const MOST_BATCHES = 20;

const ofNewsletter = async (
  site: Site,
  language: string,
  { newsletter, before, most }: Asked & { readonly newsletter: string },
): Promise<Placed[]> => {
  const found: Placed[] = [];
  let from = before;
  for (let read = 0; read < MOST_BATCHES && found.length < most; read++) {
    const batch = await site.editions.latest(newsletter, { before: from, limit: Math.min(BATCH, most) });
    const here = await Promise.all(batch.filter(wentOut).map((edition) => placedIn(site, language, edition)));
    found.push(...here.filter((one) => one !== undefined));
    if (batch.length < Math.min(BATCH, most)) break;
    from = batch.at(-1)?.id;
  }
  return found.slice(0, most);
};

/** `undefined`: it had nothing in this language. */
const placedIn = async (site: Site, language: string, edition: Edition): Promise<Placed | undefined> => {
  const parts = partsOfId(edition.id);
  const issue = edition.subjects === null ? await site.editions.issue(edition) : undefined;
  const hasNews = edition.subjects ? edition.subjects[language] !== undefined : !issue || newsIn(issue, language);
  if (!parts || !hasNews) return undefined;
  return {
    id: edition.id,
    place: `${parts.stamp}#${parts.cadence}`,
    head: headOf(site, language, edition, issue),
  };
};
