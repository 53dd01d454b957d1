import { log } from '../../shared/log.ts';
import { msOf } from '../../shared/time.ts';
import type { EditionDoorbell } from '../doorbells.ts';
import { type Edition, hasNotBegun } from '../ledger/edition.ts';
import { isBehind } from '../ledger/editorial.ts';
import { progress } from '../progress/progress.ts';
import { watchUnknown } from '../progress/unknown.ts';
import { begin } from './begin.ts';
import { checkBefore, needsPreflight } from './checkBefore.ts';
import { close } from './close.ts';
import { recompose } from './composeEdition.ts';
import { keepUp } from './keepUp.ts';
import { keptBackUntil } from './keptBack.ts';
import { comesTooLate, holdLate } from './late.ts';
import { plan } from './plan.ts';
import { newsletterOf, type Planning, type Step } from './ports.ts';

/**
 * Looks at an edition and does whatever is next for it, one saved step after the other, until somebody else has to do
 * something. It may be interrupted anywhere and called any number of times.
 */
export const lookAtEdition = async (planning: Planning, { edition: id }: EditionDoorbell): Promise<void> => {
  const until = msOf(planning.now()) + planning.sliceMs;
  let state: Edition['state'] | undefined;
  for (;;) {
    const edition = await planning.ledger.edition(id);
    if (!edition) return;
    if (state !== undefined && edition.state !== state) log.info('edition', { edition: id, state: edition.state });
    state = edition.state;
    if ((await nextStep(planning, edition)) === 'later') return;
    if (msOf(planning.now()) < until) continue;
    await planning.editionsBell.ring({ edition: id });
    return;
  }
};

const nextStep = async (planning: Planning, edition: Edition): Promise<Step> => {
  const kept = await keptUp(planning, edition);
  if (kept) return kept;
  if (planning.checks && needsPreflight(edition)) return checkBefore(planning, planning.checks, edition);
  switch (edition.state) {
    case 'planned':
      return plan(planning, edition);
    case 'ready':
      return letGo(planning, edition);
    case 'approved':
      return begin(planning, edition);
    case 'sending':
      return edition.startedAt === null ? begin(planning, edition) : progress(planning, edition);
    case 'cancelled':
    case 'superseded':
      return edition.closedAt === null ? close(planning, edition) : 'later';
    // A person decides, or SES lets us go on, or it is over.
    case 'held':
    case 'paused':
      return 'later';
    case 'complete':
      return edition.watched ? watchUnknown(planning, edition) : 'later';
  }
};

/** Before it begins, its pieces are what its editors want and the wire says. */
const keptUp = async (planning: Planning, edition: Edition): Promise<Step | undefined> => {
  if (edition.pieces === null || !hasNotBegun(edition)) return undefined;
  return isBehind(edition) ? recompose(planning, edition) : keepUp(planning, edition);
};

/** A frozen edition goes out by itself, unless somebody must approve it or it comes too late to be news. */
const letGo = async (planning: Planning, edition: Edition): Promise<Step> => {
  const { ledger, now } = planning;
  const newsletter = newsletterOf(planning, edition.newsletter);
  if ((newsletter?.approval ?? 'required') === 'required' && !edition.approved) return 'later';
  const moment = now();
  if (comesTooLate(edition, newsletter, moment)) return holdLate(planning, edition);
  const sendsAt = keptBackUntil(edition, newsletter, moment);
  await ledger.save({ ...edition, state: 'approved', sendsAt, touchedAt: moment });
  return 'again';
};
