import type { Newsletter } from '../../shared/config.ts';
import { log } from '../../shared/log.ts';
import { addMs, type Instant, MINUTE_MS } from '../../shared/time.ts';
import type { Edition } from '../ledger/edition.ts';
import type { Standing } from '../ledger/standing.ts';
import type { Planning, Step } from '../planning/ports.ts';
import { PAGE_READERS } from '../planning/walk.ts';

/**
 * Up to which page an edition goes before it waits for what SES has to tell; `undefined`: it is too small for that.
 * Pages are in the order of random ids, so the first ones are a fair sample, and another one each time (`order.ts`).
 */
const firstThrough = (
  { firstShare }: Pick<Newsletter, 'firstShare'>,
  { audience, pages }: Pick<Edition, 'audience' | 'pages'>,
): number | undefined => {
  const { share, atMost, fromAudience } = firstShare;
  if (audience === null || pages === null || share === 0 || audience < fromAudience) return undefined;
  const through = Math.ceil(Math.min(audience * share, atMost) / PAGE_READERS);
  return through < pages ? through : undefined;
};

interface Looked {
  readonly newsletter: Newsletter;
  readonly standing: Standing;
}

/** The next step with those who get it first; `undefined`: there is none, others have theirs. */
export const lookAtFirst = async (
  { ledger, now }: Planning,
  edition: Edition,
  { newsletter, standing }: Looked,
): Promise<Step | undefined> => {
  const { first } = edition;
  if (first === null) {
    if (edition.rung > 0) return undefined;
    const through = firstThrough(newsletter, edition);
    if (through === undefined) return undefined;
    await ledger.save({ ...edition, first: { through, doneAt: null, passed: false } });
    return 'again';
  }
  if (first.passed) return undefined;
  if (first.doneAt === null) {
    if (edition.rung < first.through || standing.openPages.some((page) => page <= first.through)) return undefined;
    log.info('edition.first-share-sent', { edition: edition.id, sent: standing.counts.sent });
    await ledger.save({ ...edition, first: { ...first, doneAt: now() }, touchedAt: now() });
    return 'again';
  }
  if (now() < waitsUntil(newsletter, first.doneAt)) return 'later';
  log.info('edition.first-share-passed', { edition: edition.id });
  // Its speed is told anew: it stood still on purpose.
  await ledger.save({ ...edition, first: { ...first, passed: true }, samples: [], touchedAt: now() });
  return 'again';
};

/** The last page that may be sent for now. */
export const lastFor = ({ first, pages }: Pick<Edition, 'first' | 'pages'>): number =>
  first && !first.passed ? first.through : (pages ?? 0);

export const waitsUntil = ({ firstShare }: Pick<Newsletter, 'firstShare'>, doneAt: Instant): Instant =>
  addMs(doneAt, firstShare.waitMinutes * MINUTE_MS);
