import type { Polling } from '../ports.ts';
import type { FoundItem } from '../reading/found.ts';
import { addressOf, type Source, type SourceState } from '../source.ts';
import { askFor, type Looked, type Place } from './ask.ts';
import { bringItems } from './bring.ts';
import { stateAfter } from './health.ts';
import { lookAtPosts } from './lookAtPosts.ts';

/** Looks at one source and says what is known of it now. Its articles are on the wire by then. */
export const lookAt = async (polling: Polling, place: Omit<Place, 'asked'>): Promise<SourceState> => {
  const { source, state } = place;
  const asked = addressOf(source, state, polling.now());
  const looked = await LOOKS[source.kind](polling, { ...place, asked });
  return stateAfter({ source, state, ...looked, asked, now: polling.now(), random: polling.random });
};

type LookThere = (polling: Polling, place: Place) => Promise<Looked>;

const lookAtFeed: LookThere = async (polling, place) => {
  const came = await askFor(polling, place, place.asked);
  if (came.is === 'looked') return came;
  const { answer, bodyHash } = came;
  const found = await polling.reader.feed(came.document);
  if (found.is === 'refused') return { look: { is: 'trouble', because: found.because }, answer };
  const brought = await bringItems(polling, { ...place, items: found.items });
  const refused = [...found.refused, ...brought.refused];
  return { look: { is: 'read', ...brought, refused, bodyHash, ttlSeconds: found.ttlSeconds, cursor: null }, answer };
};

/** A listing brings addresses; what is there comes from the pages themselves. */
const lookAtPage: LookThere = async (polling, place) => {
  const came = await askFor(polling, place, place.asked);
  if (came.is === 'looked') return came;
  const { answer, bodyHash } = came;
  const found = await polling.reader.listing({ document: came.document, linksBegin: place.source.linksBegin });
  if (found.is === 'refused') return { look: { is: 'trouble', because: found.because }, answer };
  const brought = await bringItems(polling, { ...place, items: found.links.map(linkedItem) });
  return { look: { is: 'read', ...brought, bodyHash, ttlSeconds: null, cursor: null }, answer };
};

const linkedItem = (url: string): FoundItem => ({
  guid: url,
  url,
  title: url,
  summary: null,
  html: '',
  base: url,
  publishedAt: null,
  modifiedAt: null,
  authors: [],
  categories: [],
  image: null,
  language: null,
  story: null,
  rights: null,
});

const LOOKS: Readonly<Record<Source['kind'], LookThere>> = {
  feed: lookAtFeed,
  wordpress: lookAtPosts,
  page: lookAtPage,
};
