import { log } from '../../shared/log.ts';
import { HOUR_MS, type Instant, MINUTE_MS, msOf } from '../../shared/time.ts';
import { changeEdition } from '../ledger/change.ts';
import type { Edition } from '../ledger/edition.ts';
import { keepSums, type Standing, standingOf } from '../ledger/standing.ts';
import type { Step } from '../planning/ports.ts';
import { newsletterOf, type Planning } from '../planning/ports.ts';
import { retrying } from './retry.ts';

/** SES tells of a mail within seconds, and of nearly all within minutes: what is unknown for longer, somebody must hear of. */
const LONG_MS = 15 * MINUTE_MS;
/** Before mails go out that may have gone out: events that were late have come by now. */
const RESEND_AFTER_MS = HOUR_MS;

const unknownFor = (edition: Edition, { counts, unknownSince }: Standing, now: Instant): number =>
  counts.unknown === 0 ? 0 : msOf(now) - msOf(unknownSince ?? edition.startedAt ?? edition.createdAt);

export const isLongUnknown = (edition: Edition, standing: Standing, now: Instant): boolean =>
  edition.toldAt === null && unknownFor(edition, standing, now) >= LONG_MS;

/** Once for each edition: a person hears that somebody may or may not have his mail. */
export const tellOfUnknown = async (
  { ledger, now }: Planning,
  edition: Edition,
  { counts }: Standing,
): Promise<Step> => {
  if (await ledger.save({ ...edition, toldAt: now() })) {
    log.error('edition.unknown', { edition: edition.id, unknown: counts.unknown });
  }
  return 'again';
};

/**
 * Looks after a complete edition of whose readers some are unknown: until SES has told, or a person has been told, or,
 * where the newsletter wants that, they have been sent it again, once.
 */
export const watchUnknown = async (planning: Planning, edition: Edition): Promise<Step> => {
  const { ledger, now } = planning;
  const standing = await standingOf(ledger, edition);
  await keepSums(ledger, standing);
  if (isLongUnknown(edition, standing, now())) return tellOfUnknown(planning, edition, standing);
  const resends =
    newsletterOf(planning, edition.newsletter)?.onUnknown === 'resend' &&
    !edition.retries.some(({ by }) => by === 'rule');
  if (resends && unknownFor(edition, standing, now()) >= RESEND_AFTER_MS) return resend(planning, edition, standing);
  if (standing.counts.unknown === 0 || (edition.toldAt !== null && !resends)) {
    await ledger.save({ ...edition, watched: false });
  }
  return 'later';
};

const resend = async ({ ledger, now }: Planning, edition: Edition, { counts }: Standing): Promise<Step> => {
  const at = now();
  const after = await changeEdition(ledger, edition.id, (there) =>
    there.state === 'complete' && there.version === edition.version
      ? retrying(there, { id: `rule-${at}`, at, by: 'rule', unknown: true })
      : undefined,
  );
  if (after?.state === 'approved') log.warn('edition.unknown-resent', { edition: edition.id, unknown: counts.unknown });
  return 'again';
};
