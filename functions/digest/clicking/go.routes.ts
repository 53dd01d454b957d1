import { InvalidInput } from '../../shared/errors.ts';
import { redirect } from '../../shared/http/answer.ts';
import { addressOf } from '../../shared/http/network.ts';
import { type Ask, routeFor } from '../../shared/http/route.ts';
import { errorFields, log } from '../../shared/log.ts';
import type { House } from '../../shared/page/house.ts';
import type { Instant } from '../../shared/time.ts';
import type { KeysFor } from '../../shared/tokenKeys.ts';
import { linkOf, pagePathOf } from '../../wire/article.ts';
import type { Articles, CurrentArticle } from '../../wire/ports.ts';
import { looksAutomated } from './automated.ts';
import { clickKeyIdOf, type ReadClick, readClickToken } from './link.ts';
import { slotOf, visitorOf } from './visit.ts';
import type { Visits } from './visits.dynamo.ts';

/** What the door for links in mails works with. */
export interface ClickDoor {
  readonly house: House;
  readonly articles: Pick<Articles, 'byId'>;
  readonly keysFor: KeysFor;
  readonly visits: Pick<Visits, 'note'>;
  readonly now: () => Instant;
}

const route = routeFor<ClickDoor>();

/** Every click is to come here, and the page it leads to learns nothing of the mail. */
const HEADERS = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex' } as const;

export const goRoutes = [
  route({
    method: 'GET',
    path: '/go/{token}',
    access: 'public',
    summary: 'From a mail to an article, counted as a number',
    description:
      'In mails of newsletters with `clicks: true`. The link is the same for all readers of an edition. It leads where the article is now, whatever else stands in the request. HEAD is answered alike and counts as automated.',
    answers: {
      302: 'To the article; to our page of it where it was taken back or is over.',
      404: 'This is no link of ours.',
    },
    work: async (door, ask) => {
      const token = ask.params['token'] ?? '';
      const read = readClickToken(await door.keysFor(clickKeyIdOf(token)), token);
      const current = read.is === 'good' ? await door.articles.byId(read.click.article) : undefined;
      if (read.is === 'bad' || !current) throw new InvalidInput('There is nothing at this address.', { status: 404 });
      await note(door, ask, read);
      return redirect(302, addressFor(current, door.house.siteUrl), HEADERS);
    },
  }),
];

/** Only our own page says that an article was taken back, or is over. */
const addressFor = ({ state, article }: CurrentArticle, siteUrl: string): string => {
  const own = siteUrl + pagePathOf(article);
  if (state !== 'live') return own;
  const address = URL.parse(linkOf(article, siteUrl));
  // Ingest let no other in; a header does not take its word for it.
  return address?.protocol === 'https:' || address?.protocol === 'http:' ? address.href : own;
};

const note = async (
  { visits, now }: ClickDoor,
  ask: Ask<unknown, unknown>,
  { click, secret }: Extract<ReadClick, { is: 'good' }>,
): Promise<void> => {
  const at = now();
  const userAgent = ask.headers['user-agent'] ?? '';
  const seen = { slot: slotOf(at), edition: click.edition, address: addressOf(ask), userAgent };
  try {
    await visits.note({ ...click, visitor: visitorOf(secret, seen), at, automated: looksAutomated(ask) });
  } catch (error) {
    // The table did not take it: a number is one too small, and the reader gets the article all the same.
    log.warn('click.not-counted', { edition: click.edition, ...errorFields(error) });
  }
};
