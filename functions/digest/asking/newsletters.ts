import type { Cadence, Newsletter } from '../../shared/config.ts';
import { sha256 } from '../../shared/hash.ts';
import type { Doorbell } from '../../shared/storage/doorbell.ts';
import type { Table } from '../../shared/storage/table.ts';
import type { Instant } from '../../shared/time.ts';
import type { Wire } from '../../wire/ports.ts';
import type { Press } from '../composing/render.ts';
import type { EditionDoorbell } from '../doorbells.ts';
import { changeEdition } from '../ledger/change.ts';
import { type Edition, type EditionState, newEdition } from '../ledger/edition.ts';
import { type Action, moveOf } from '../ledger/moves.ts';
import type { Ledger } from '../ledger/ports.ts';
import { hasNews } from '../planning/news.ts';
import { BY_A_PERSON, paused, resuming } from '../planning/pause.ts';
import { newsletterOf } from '../planning/ports.ts';
import { openTrack } from '../planning/tracks.ts';
import { retrying } from '../progress/retry.ts';

/** What the newsletters' routes work with. */
export interface Newsletters {
  readonly ledger: Ledger;
  readonly wire: Wire;
  readonly press: Pick<Press, 'newsroom'>;
  readonly editionsBell: Doorbell<EditionDoorbell>;
  /** Where the newsroom keys are known. */
  readonly keys: Table;
  readonly now: () => Instant;
  /** Small letters and digits, never the same twice. */
  readonly newSuffix: () => string;
}

/** An edition planned now; `undefined` where nothing is new. The same `request` is answered with the same edition. */
export const askForEdition = async (
  room: Newsletters,
  newsletter: Newsletter,
  cadence: Cadence,
  request?: string,
): Promise<Edition | undefined> => {
  const { ledger, wire, now } = room;
  const fresh = newEdition({ newsletter: newsletter.id, cadence, slot: null, now: now(), suffix: room.newSuffix() });
  const id = request === undefined ? fresh.id : await firstId(ledger, fresh, request);
  const there = id === fresh.id ? undefined : await ledger.edition(id);
  if (there) return there;
  const track = await openTrack(room, { newsletter: newsletter.id, cadence });
  if (!(await hasNews(wire, track.coveredThrough, newsletter.languages))) return undefined;
  await ledger.create({ ...fresh, id });
  await room.editionsBell.ring({ edition: id });
  return ledger.edition(id);
};

const firstId = (ledger: Ledger, { newsletter, cadence, id }: Edition, request: string): Promise<string> =>
  ledger.firstAsked(sha256(JSON.stringify([newsletter, cadence, request])), id);

export type ActionOutcome =
  | { readonly is: 'done'; readonly edition: Edition }
  | { readonly is: 'missing' }
  | { readonly is: 'illegal' | 'unapproved'; readonly state: EditionState };

/** Does what a person asks of an edition, if its state allows it, and rings for what follows from it. */
export const takeAction = async (
  room: Newsletters,
  id: string,
  action: Action,
  how: { readonly unknown: boolean },
): Promise<ActionOutcome> => {
  const resume = await resuming(room, id);
  let refused: 'illegal' | 'unapproved' | undefined;
  let mine: Edition | undefined;
  const after = await changeEdition(room.ledger, id, (edition) => {
    // After an unclear answer we meet our own writing: that is no reason to refuse.
    if (mine && edition.state === mine.state && edition.touchedAt === mine.touchedAt) return undefined;
    const needsApproval = newsletterOf(room, edition.newsletter)?.approval === 'required';
    const move = moveOf(action, edition, needsApproval);
    refused = typeof move === 'string' ? move : undefined;
    mine = typeof move === 'string' ? undefined : moved(room, edition, action, move.to, { resume, ...how });
    return mine;
  });
  if (!after) return { is: 'missing' };
  if (refused !== undefined) return { is: refused, state: after.state };
  await room.editionsBell.ring({ edition: id });
  return { is: 'done', edition: after };
};

interface Details {
  readonly resume: (edition: Edition) => Edition | undefined;
  readonly unknown: boolean;
}

const moved = (
  room: Newsletters,
  edition: Edition,
  action: Action,
  to: EditionState,
  { resume, unknown }: Details,
): Edition | undefined => {
  const touchedAt = room.now();
  if (to === 'paused') return paused(edition, BY_A_PERSON, touchedAt);
  if (edition.state === 'paused' && to === 'sending') return resume(edition);
  const next = { ...edition, state: to, touchedAt };
  if (action === 'approve') return { ...next, approved: true };
  if (action !== 'retry') return next;
  return retrying(edition, { id: room.newSuffix(), at: touchedAt, by: 'person', unknown });
};
