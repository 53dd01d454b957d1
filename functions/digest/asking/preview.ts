import { InvalidInput } from '../../shared/errors.ts';
import type { Instant } from '../../shared/time.ts';
import { activeSubscription } from '../../subscribers/subscriber.ts';
import { preferencesUrl, TEST_TOKEN, unsubscribeUrl } from '../../subscribers/token.ts';
import type { Wants } from '../composing/choice.ts';
import { composeFor } from '../composing/compose.ts';
import { withoutCounting } from '../composing/counted.ts';
import { type Choice, layOut } from '../composing/layout.ts';
import type { Pieces } from '../composing/pieces.ts';
import { type Edition, usualBound } from '../ledger/edition.ts';
import { isBehind } from '../ledger/editorial.ts';
import { placeInOrder } from '../ledger/order.ts';
import type { Delivery, Page } from '../ledger/page.ts';
import type { Ledger } from '../ledger/ports.ts';
import { ownPast } from '../planning/bounds.ts';
import type { Newsletters } from './newsletters.ts';

/** For whom a mail is shown: a subscriber, or somebody made up. */
export interface Viewer {
  readonly subscriber?: string | undefined;
  /** Best first; all of the newsletter's where nothing is said. */
  readonly languages?: readonly string[] | undefined;
  /** All where nothing is said. */
  readonly topics?: readonly string[] | undefined;
  /** What whoever asks calls the subscriber. */
  readonly field?: 'subscriber' | 'as';
}

export interface Shown {
  readonly pieces: Pieces;
  readonly choice: Choice;
}

/** What an edition would be for this reader if it were sent now. Throws `InvalidInput` with the reason where there is nothing to show. */
export const showFor = async (room: Newsletters, edition: Edition, viewer: Viewer): Promise<Shown> => {
  if (edition.pieces === null || isBehind(edition)) {
    const sentence =
      edition.state === 'complete'
        ? 'The edition had no readers, and so it was never composed.'
        : 'The edition is being composed; ask again in a moment.';
    throw new InvalidInput(sentence, { status: 409 });
  }
  const pieces = withoutCounting(await room.piecesOf(edition));
  const choice = layOut(pieces, await wantsOf(room, edition, viewer, pieces));
  if (choice) return { pieces, choice };
  throw new InvalidInput('There is nothing in this edition for whoever chooses this.', { status: 404 });
};

const wantsOf = async (
  room: Newsletters,
  edition: Edition,
  { subscriber, languages, topics, field = 'subscriber' }: Viewer,
  { shells, editions }: Pieces,
): Promise<Wants> => {
  const all = [...shells.keys()];
  const after = usualBound(edition);
  if (subscriber === undefined) {
    return {
      languages: known(languages ?? all, all, 'languages'),
      topics: known(topics ?? [], topicIds(room), 'topics'),
      after,
    };
  }
  const beside = languages ? 'languages' : topics ? 'topics' : undefined;
  if (beside) throw new InvalidInput(`A subscriber has ${beside} of his own: say one or the other.`, { field: beside });
  const [reader] = await room.subscribers.byIds([subscriber]);
  const subscription = reader && activeSubscription(reader, edition.newsletter);
  if (!subscription) {
    throw new InvalidInput('There is no such subscriber of this newsletter.', { field, status: 404 });
  }
  const delivery = await deliveryOf(room.ledger, edition, subscriber);
  return {
    languages: subscription.languages,
    topics: subscription.topics,
    after: delivery?.after ?? after,
    since: delivery?.joined ?? 0,
    ...ownPast(subscription, editions),
  };
};

const topicIds = ({ press }: Newsletters): string[] => press.newsroom.topics.map(({ id }) => id);

const known = (asked: readonly string[], there: readonly string[], field: string): readonly string[] => {
  const foreign = asked.find((one) => !there.includes(one));
  if (foreign === undefined) return asked;
  throw new InvalidInput(`“${foreign}” is not known here; there are ${there.join(', ')}.`, { field });
};

/** The reader's delivery, if the edition is for him: pages are in the order of their readers, so a few looks find it. */
const deliveryOf = async (ledger: Ledger, edition: Edition, reader: string): Promise<Delivery | undefined> => {
  const place = placeInOrder(edition, reader);
  let [low, high] = [1, edition.pages ?? 0];
  let found: Page | undefined;
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const page = await ledger.page(edition.id, middle);
    if (!page) return undefined;
    if (placeInOrder(edition, page.through) >= place) {
      found = page;
      high = middle - 1;
    } else low = middle + 1;
  }
  return found?.deliveries.find((delivery) => delivery.reader === reader);
};

interface Addressed {
  readonly to: string;
  readonly date: Instant;
  readonly siteUrl: string;
  /** Letters, digits, `-` and `_`. */
  readonly id: string;
}

/** The whole mail, with links for leaving that do nothing to anybody. */
export const mailOf = ({ pieces, choice }: Shown, { to, date, siteUrl, id }: Addressed): Buffer =>
  composeFor(pieces, choice, {
    to,
    date,
    messageId: `${id}@${pieces.sender.address.slice(pieces.sender.address.lastIndexOf('@') + 1)}`,
    delivery: id,
    unsubscribeUrl: unsubscribeUrl(siteUrl, TEST_TOKEN),
    preferencesUrl: preferencesUrl(siteUrl, TEST_TOKEN),
  });
