import { changeEdition, changeTrack } from '../ledger/change.ts';
import { boundsOf, type Edition } from '../ledger/edition.ts';
import { type Beginning, beginOn, startOf } from '../ledger/track.ts';
import { checkBefore, isLongAgo } from './checkBefore.ts';
import { comesTooLate, holdLate } from './late.ts';
import { newsletterOf, type Planning, type Step } from './ports.ts';
import { openTrack } from './tracks.ts';

/**
 * Lets an approved edition begin, in three writes that may be taken up after each: the edition says that it is on its
 * way, so that no newer one supersedes it; the track moves, if nobody else is sending and it stands where the edition
 * begins; the edition says when that was. Only then is a page sent.
 */
export const begin = async (planning: Planning, edition: Edition): Promise<Step> => {
  const { ledger, checks, now } = planning;
  if (edition.state === 'approved') {
    if (edition.sendsAt !== null && edition.sendsAt > now()) return 'later';
    const outlook = beginOn(await openTrack(planning, edition), { ...edition, ...boundsOf(edition) }, now());
    const isLate = comesTooLate(edition, newsletterOf(planning, edition.newsletter), now());
    if (isLate && outlook.is !== 'superseded') return holdLate(planning, edition);
    if (outlook.is === 'wait') return 'later';
    if (outlook.is === 'begins' && checks && isLongAgo(edition, now())) return checkBefore(planning, checks, edition);
    const state = outlook.is === 'superseded' ? 'superseded' : 'sending';
    await ledger.save({ ...edition, state, touchedAt: now() });
    return 'again';
  }
  await takeTrack(planning, edition);
  return 'again';
};

/** Whether the track is this edition's, and it is still to be sent. */
export const takeTrack = async ({ ledger, now }: Planning, edition: Edition): Promise<boolean> => {
  const bounded = { ...edition, ...boundsOf(edition) };
  let beginning: Beginning = { is: 'wait' };
  const track = await changeTrack(ledger, edition, (there) => {
    beginning = beginOn(there, bounded, now());
    return beginning.is === 'begins' ? beginning.track : undefined;
  });
  const taken = track?.sending === edition.id;
  const startedAt = (track && startOf(track, edition.id)) ?? null;
  const after = await changeEdition(ledger, edition.id, (there) => {
    if (there.state !== 'sending') return undefined;
    if (taken) return there.startedAt === null ? { ...there, startedAt, touchedAt: now() } : undefined;
    // Somebody else took the track between the first write and the second.
    return { ...there, state: beginning.is === 'superseded' ? 'superseded' : 'approved', touchedAt: now() };
  });
  return taken && after?.state === 'sending';
};

/** The track is free again: whoever waits for it is rung. */
export const ringWaiting = async (
  { ledger, editionsBell }: Pick<Planning, 'ledger' | 'editionsBell'>,
  { newsletter, cadence }: Pick<Edition, 'newsletter' | 'cadence'>,
): Promise<void> => {
  const waiting = (await ledger.open()).filter(
    (one) => one.newsletter === newsletter && one.cadence === cadence && one.state === 'approved',
  );
  await editionsBell.ring(...waiting.map(({ id }) => ({ edition: id })));
};
