import { changeEdition, changeTrack } from '../ledger/change.ts';
import type { Edition } from '../ledger/edition.ts';
import { isAccountedFor } from '../ledger/page.ts';
import { keepSums, type Standing, standingOf } from '../ledger/standing.ts';
import { releasedBy } from '../ledger/track.ts';
import { ringWaiting } from '../planning/begin.ts';
import type { Step } from '../planning/ports.ts';
import { newsletterOf, type Planning } from '../planning/ports.ts';
import { tellOfDiscrepancy } from './discrepancy.ts';
import { lastFor, lookAtFirst } from './firstShare.ts';
import { halt, troubleOf } from './halt.ts';
import { quotaFor } from './quota.ts';
import { doneOf, isSampleDue, sampled } from './rate.ts';
import { prepareRetry } from './retry.ts';
import { ringPages, roomFor } from './ring.ts';
import { isLongUnknown, tellOfUnknown } from './unknown.ts';

/**
 * What is left to do for an edition that has begun: count it, stop it where its mails are not welcome, ring for its
 * next pages, see whether it is over. Called when pages are done and every minute.
 */
export const progress = async (planning: Planning, opened: Edition): Promise<Step> => {
  if (opened.retry) return prepareRetry(planning, opened, opened.retry);
  const standing = await standingOf(planning.ledger, opened);
  const edition = await withQuota(planning, opened, standing);
  await keepSums(planning.ledger, standing);
  tellOfDiscrepancy(edition, standing);
  const newsletter = newsletterOf(planning, edition.newsletter);
  const trouble = newsletter && troubleOf(newsletter.halt, edition, standing);
  if (trouble !== undefined) return halt(planning, edition, standing, trouble);
  if (isLongUnknown(edition, standing, planning.now())) return tellOfUnknown(planning, edition, standing);
  const first = newsletter && (await lookAtFirst(planning, edition, { newsletter, standing }));
  if (first !== undefined) return first;
  const last = lastFor(edition);
  if (edition.rung < last && roomFor(edition, standing) > 0) return ringPages(planning, edition, { standing, last });
  if (isAccountedFor(standing.counts)) return complete(planning, edition, standing);
  await noteSample(planning, edition, standing);
  return 'later';
};

/** Saved with its next sample, or with whatever else is written of it. */
const withQuota = async (planning: Planning, edition: Edition, { counts }: Standing): Promise<Edition> => {
  if (edition.state !== 'sending' || !isSampleDue(edition, planning.now())) return edition;
  const quota = await quotaFor(planning, edition, doneOf(counts));
  return quota === undefined ? edition : { ...edition, quota };
};

const noteSample = async ({ ledger, now }: Planning, edition: Edition, standing: Standing): Promise<void> => {
  const after = sampled(edition, standing, now());
  // Not `touchedAt`: that says when something was last done for it. Whoever was faster has noted more.
  if (after) await ledger.save(after);
};

const complete = async (planning: Planning, edition: Edition, { counts }: Standing): Promise<Step> => {
  await release(planning, edition);
  const moment = planning.now();
  const closed = await changeEdition(planning.ledger, edition.id, (there) =>
    there.state === 'sending' && there.version === edition.version
      ? { ...there, state: 'complete', closedAt: moment, touchedAt: moment, watched: counts.unknown > 0 }
      : undefined,
  );
  return closed?.state === 'complete' ? 'later' : 'again';
};

/** The next edition of this cadence may begin. */
export const release = async (planning: Planning, edition: Edition): Promise<void> => {
  await changeTrack(planning.ledger, edition, (track) => releasedBy(track, edition));
  await ringWaiting(planning, edition);
};
