import type { Mailer } from '../../mail/mailer.ts';
import type { Cadence, Newsletter } from '../../shared/config.ts';
import { sha256 } from '../../shared/hash.ts';
import type { Doorbell } from '../../shared/storage/doorbell.ts';
import type { Table } from '../../shared/storage/table.ts';
import type { Instant } from '../../shared/time.ts';
import type { Growth } from '../../subscribers/counting/growth.dynamo.ts';
import type { Subscribers } from '../../subscribers/ports.ts';
import type { Articles, Wire } from '../../wire/ports.ts';
import type { ClickSheets } from '../clicking/sheets.dynamo.ts';
import type { PieceShelf } from '../composing/pieces.s3.ts';
import type { Pieces } from '../composing/pieces.ts';
import type { Press } from '../composing/press.ts';
import type { EditionDoorbell } from '../doorbells.ts';
import { changeEdition } from '../ledger/change.ts';
import { type Edition, type EditionState, hasNotBegun, newEdition } from '../ledger/edition.ts';
import { type Action, isDone, moveOf } from '../ledger/moves.ts';
import type { Ledger } from '../ledger/ports.ts';
import { currentPreflight, firmRefusal } from '../ledger/preflight.ts';
import { keptBackUntil } from '../planning/keptBack.ts';
import { hasNews } from '../planning/news.ts';
import { hasCorrections } from '../planning/past.ts';
import { BY_A_PERSON, paused, resuming } from '../planning/pause.ts';
import { newsletterOf } from '../planning/ports.ts';
import { openTrack } from '../planning/tracks.ts';
import { retrying } from '../progress/retry.ts';
import type { TestMails } from './testMails.dynamo.ts';

/** What the newsletters' routes work with. */
export interface Newsletters {
  readonly ledger: Ledger;
  readonly wire: Wire;
  /** As they are now. */
  readonly articles: Pick<Articles, 'byIds'>;
  readonly press: Pick<Press, 'newsroom'>;
  readonly editionsBell: Doorbell<EditionDoorbell>;
  readonly shelf: Pick<PieceShelf, 'read'>;
  /** What mails would be joined from if they were sent now. */
  readonly piecesOf: (edition: Edition) => Promise<Pieces>;
  readonly subscribers: Pick<Subscribers, 'byIds'>;
  /** How many left by the links of an edition. */
  readonly growth: Pick<Growth, 'leavings'>;
  /** How often articles were opened from mails. */
  readonly clicks: Pick<ClickSheets, 'sheet' | 'countedThrough'>;
  readonly mailer: Pick<Mailer, 'send'>;
  readonly tests: TestMails;
  readonly siteUrl: string;
  /** Where the newsroom keys are known, and those that sign links. */
  readonly keys: Table;
  readonly now: () => Instant;
  /** Small letters and digits, never the same twice. */
  readonly newSuffix: () => string;
}

interface Asking {
  readonly request?: string | undefined;
  /** So long it waits once it may go; without it, not at all. */
  readonly undoMinutes?: number | undefined;
}

/** An edition planned now; `undefined` where nothing is new. The same `request` is answered with the same edition. */
export const askForEdition = async (
  room: Newsletters,
  newsletter: Newsletter,
  cadence: Cadence,
  { request, undoMinutes = 0 }: Asking = {},
): Promise<Edition | undefined> => {
  const { ledger, wire, now } = room;
  const fresh = newEdition({ newsletter: newsletter.id, cadence, slot: null, now: now(), suffix: room.newSuffix() });
  const id = request === undefined ? fresh.id : await firstId(ledger, fresh, request);
  const there = id === fresh.id ? undefined : await ledger.edition(id);
  if (there) return there;
  const track = await openTrack(room, { newsletter: newsletter.id, cadence });
  if (!(await isWorthAnEdition(wire, track.coveredThrough, newsletter))) return undefined;
  await ledger.create({ ...fresh, id, undoMinutes });
  await room.editionsBell.ring({ edition: id });
  return ledger.edition(id);
};

/** As for a slot: a correction alone is worth one where the newsletter says so. */
const isWorthAnEdition = async (
  wire: Wire,
  after: number,
  { languages, correctionsAlone }: Newsletter,
): Promise<boolean> =>
  (await hasNews(wire, after, languages)) || (correctionsAlone && (await hasCorrections(wire, after, languages)));

const firstId = (ledger: Ledger, { newsletter, cadence, id }: Edition, request: string): Promise<string> =>
  ledger.firstAsked(sha256(JSON.stringify([newsletter, cadence, request])), id);

export type ActionOutcome =
  | { readonly is: 'done'; readonly edition: Edition }
  | { readonly is: 'missing' }
  | { readonly is: Refusal; readonly state: EditionState; readonly because?: string };

/**
 * `nameless`: whoever approves must be known by name; `own`: he has edited it himself; `grounded`: its pre-flight found
 * what nobody may send in spite of.
 */
type Refusal = 'illegal' | 'unapproved' | 'nameless' | 'own' | 'grounded';

/** What it takes to move an edition from one state to another. */
type Acting = Pick<Newsletters, 'ledger' | 'press' | 'editionsBell' | 'now' | 'newSuffix'>;

/** Does what a person asks of an edition, if its state allows it, and rings for what follows from it. */
export const takeAction = async (
  room: Acting,
  id: string,
  action: Action,
  how: { readonly unknown: boolean; readonly by?: string | null },
): Promise<ActionOutcome> => {
  const resume = await resuming(room, id);
  let refused: Refusal | undefined;
  let mine: Edition | undefined;
  const after = await changeEdition(room.ledger, id, (edition) => {
    // After an unclear answer we meet our own writing: that is no reason to refuse.
    if (mine && edition.state === mine.state && edition.touchedAt === mine.touchedAt) return undefined;
    const barred = mayApprove(room, edition, action, how.by ?? null);
    if (barred === undefined && isDone(action, edition)) {
      refused = undefined;
      return undefined;
    }
    const move = barred ?? grounded(edition, action) ?? moveOf(action, edition, needsApproval(room, edition));
    refused = typeof move === 'string' ? move : undefined;
    mine = typeof move === 'string' ? undefined : moved(room, edition, action, move.to, { resume, ...how });
    return mine;
  });
  if (!after) return { is: 'missing' };
  if (refused !== undefined) {
    const because = refused === 'grounded' ? firmRefusal(currentPreflight(after))?.sentence : undefined;
    return { is: refused, state: after.state, ...(because !== undefined && { because }) };
  }
  await room.editionsBell.ring({ edition: id });
  return { is: 'done', edition: after };
};

export const needsApproval = (room: Pick<Newsletters, 'press'>, { newsletter }: Edition): boolean =>
  newsletterOf(room, newsletter)?.approval === 'required';

/** Where two must have seen an edition, whoever edited it does not approve it. */
const mayApprove = (
  room: Acting,
  { newsletter, editedBy }: Edition,
  action: Action,
  by: string | null,
): 'nameless' | 'own' | undefined => {
  if (action !== 'approve' || newsletterOf(room, newsletter)?.approvalBy !== 'someone-else') return undefined;
  if (by === null) return 'nameless';
  return editedBy.includes(by) ? 'own' : undefined;
};

const grounded = (edition: Edition, action: Action): 'grounded' | undefined =>
  (action === 'approve' || action === 'send') && hasNotBegun(edition) && firmRefusal(currentPreflight(edition))
    ? 'grounded'
    : undefined;

interface Details {
  readonly by?: string | null;
  readonly resume: (edition: Edition) => Edition | undefined;
  readonly unknown: boolean;
}

/** Who lets an edition go that was refused has read why. */
const acceptance = (
  edition: Edition,
  action: Action,
  accepted: { readonly by: string | null; readonly at: Instant },
): Pick<Edition, 'preflight'> => {
  const found = currentPreflight(edition);
  const letsGo = action === 'approve' || action === 'send';
  return { preflight: letsGo && found && found.refusals.length > 0 ? { ...found, accepted } : edition.preflight };
};

const moved = (
  room: Acting,
  edition: Edition,
  action: Action,
  to: EditionState,
  { resume, unknown, by = null }: Details,
): Edition | undefined => {
  const touchedAt = room.now();
  if (to === 'paused') return paused(edition, BY_A_PERSON, touchedAt);
  if (edition.state === 'paused' && to === 'sending') return resume(edition);
  const next = {
    ...edition,
    state: to,
    sendsAt: null,
    touchedAt,
    ...((action === 'approve' || action === 'send') && { letGoAt: touchedAt }),
    ...acceptance(edition, action, { by, at: touchedAt }),
  };
  if (action === 'approve') {
    const sendsAt = keptBackUntil(edition, newsletterOf(room, edition.newsletter), touchedAt);
    return { ...next, approved: true, approvedBy: by, sendsAt };
  }
  if (action !== 'retry') return next;
  return retrying(edition, { id: room.newSuffix(), at: touchedAt, by: 'person', unknown });
};
