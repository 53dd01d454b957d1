import { log } from '../../shared/log.ts';
import { addMs } from '../../shared/time.ts';
import type { PageDoorbell } from '../doorbells.ts';
import { changeEdition, changeKnownPage, changePage } from '../ledger/change.ts';
import { type Edition, reached } from '../ledger/edition.ts';
import { isOpen, type Page } from '../ledger/page.ts';
import { begun, claimed, settled } from '../ledger/pageSteps.ts';
import { EVERYBODY_REFUSED, paused, QUOTA_RESERVED } from '../planning/pause.ts';
import { PAGE_READERS } from '../planning/walk.ts';
import { lastFor } from '../progress/firstShare.ts';
import { refusalOfAll } from '../progress/halt.ts';
import { deliver } from './deliver.ts';
import { type Claimed, type Work, workOn } from './mails.ts';
import type { Sending } from './ports.ts';

/** Twice the time-out of the function (`infra/topology.ts`): whoever is silent for so long is gone. */
export const LEASE_MS = 120_000;
/** What a page's mails take together, at the size they are kept to (`composing/room.ts`) and with room for headers. */
export const PAGE_BYTES = PAGE_READERS * 100_000;
/** So long one claim sends as a rule: what has changed for a reader since is that much out of date. */
const MOST_SECONDS = 3;
/** And so long at most, from before its readers are read: who leaves meanwhile must not get it much later. */
const MOST_MS = 4000;

/**
 * Sends what waits on a page: claim, read the readers, compose, begin, call, settle. `begin` is written before the
 * first call, so that nobody ever repeats a call of which the outcome is not known.
 */
export const sendPage = async (sending: Sending, bell: PageDoorbell): Promise<void> => {
  const share = await sending.speed.enter();
  if (share === 'busy') return sending.pagesBell.ring(bell);
  if (share === 'reserved') return pause(sending, bell.edition, QUOTA_RESERVED);
  if (share <= 0) return pause(sending, bell.edition, 'NoSendRate');
  try {
    // Read behind the wait: whoever stopped it meanwhile is heard.
    const edition = await sending.ledger.edition(bell.edition);
    if (edition && isSending(edition) && bell.page <= reached(edition)) {
      await sendWaiting(sending, edition, bell, share);
    }
  } finally {
    // Whatever went wrong with this page, its share of the rate is free.
    sending.speed.leave();
  }
};

const sendWaiting = async (sending: Sending, edition: Edition, bell: PageDoorbell, share: number): Promise<void> => {
  const claim = sending.newClaim();
  const most = Math.min(PAGE_READERS, Math.max(1, Math.floor(share * MOST_SECONDS)));
  const page = await take(sending, bell, claim, most);
  if (page?.claim?.id !== claim) {
    // Whoever had it may have died with the page's last deliveries unknown: then the edition may be over.
    if (page && !isOpen(page)) await ringIfLast(sending, edition, page);
    return;
  }
  await sending.spaces.use((space) => sendClaimed(sending, edition, page, { claim, space }));
};

const sendClaimed = async (sending: Sending, edition: Edition, page: Page, mine: Claimed): Promise<void> => {
  const until = sending.speed.clockMs() + MOST_MS;
  const work = await workOn(sending, edition, page, mine);
  const begunPage = await beginPage(sending, page, mine.claim, work);
  if (!begunPage) return;
  const { results, paused: because } = await deliver(sending, sendable(begunPage, mine.claim, work), until);
  const after = await changeKnownPage(sending.ledger, begunPage, (there) =>
    settled(there, mine.claim, results, sending.now()),
  );
  if (because !== undefined) return pause(sending, edition.id, because);
  const code = after && refusalOfAll(after);
  if (code !== undefined) return haltRefused(sending, edition.id, code);
  if (after) await ringOn(sending, edition, after);
};

const isSending = ({ state, startedAt, retry }: Edition): boolean =>
  state === 'sending' && startedAt !== null && retry === null;

const take = ({ ledger, now }: Sending, bell: PageDoorbell, id: string, most: number): Promise<Page | undefined> =>
  changePage(ledger, bell, (there) => {
    const moment = now();
    const after = claimed(there, { id, until: addMs(moment, LEASE_MS) }, most, moment);
    return after === 'taken' ? undefined : after;
  });

/** `undefined`: the page was taken over, and not a single mail may be sent. */
const beginPage = async ({ ledger }: Sending, page: Page, claim: string, work: Work): Promise<Page | undefined> => {
  const after = await changeKnownPage(ledger, page, (there) => begun(there, claim, work.verdicts));
  if (after?.claim?.id === claim) return after;
  log.warn('page.taken-over', { edition: page.edition, page: page.page });
  return undefined;
};

/** The mails of the deliveries that stand as `sending` under this claim; a cancellation may have been faster. */
const sendable = (page: Page, claim: string, { mails }: Work): Work['mails'] => {
  const begunHere = (index: number): boolean => {
    const delivery = page.deliveries[index];
    return delivery?.state === 'sending' && delivery.claim === claim;
  };
  return new Map([...mails].filter(([index]) => begunHere(index)));
};

const pause = async (sending: Sending, edition: string, because: string): Promise<void> => {
  if (await isFirstToPause(sending, edition, because)) log.error('edition.paused', { edition, because });
};

/** Whatever it is (a sender who is not verified, say), the other readers would be written off for it one by one. */
const haltRefused = async (sending: Sending, edition: string, code: string): Promise<void> => {
  const because = EVERYBODY_REFUSED;
  if (await isFirstToPause(sending, edition, because)) log.error('edition.halted', { edition, because, code });
};

/** Pauses it. Those who come behind the first find it done. */
const isFirstToPause = async ({ ledger, now }: Sending, edition: string, because: string): Promise<boolean> => {
  let mine = false;
  await changeEdition(ledger, edition, (there) => {
    const after = paused(there, because, now());
    mine ||= after !== undefined;
    return after;
  });
  return mine;
};

/** What still waits on this page goes on behind the others; the last pages say that the edition may be over. */
const ringOn = async (sending: Sending, edition: Edition, page: Page): Promise<void> => {
  if (page.deliveries.some(({ state }) => state === 'ready')) {
    await sending.pagesBell.ring({ edition: edition.id, page: page.page });
  } else if (!isOpen(page)) {
    await ringIfLast(sending, edition, page);
  }
};

/** Pages end nearly in their order; should the last to end be another one, the sweep notices. */
const LAST_PAGES = 4;
/** So often it is counted, and more pages are rung for. */
const COUNTED_EVERY = 100;

const ringIfLast = async ({ editionsBell }: Sending, edition: Edition, page: Page): Promise<void> => {
  const isLast = page.page > lastFor(edition) - LAST_PAGES;
  if (isLast || page.page % COUNTED_EVERY === 0) await editionsBell.ring({ edition: edition.id });
};
