import type { Instant } from '../../shared/time.ts';
import { changeKnownPage } from '../ledger/change.ts';
import { type Edition, reached } from '../ledger/edition.ts';
import { isOpen } from '../ledger/page.ts';
import { prepared } from '../ledger/pageSteps.ts';
import { takeTrack } from '../planning/begin.ts';
import type { Planning, Step } from '../planning/ports.ts';

export interface Retry {
  readonly id: string;
  readonly at: Instant;
  readonly by: 'person' | 'rule';
  /** Those too of whom nobody knows whether they have it. */
  readonly unknown: boolean;
}

/** A complete edition that goes out again to those who are missing. Who was among them stands on their pages. */
export const retrying = (edition: Edition, { id, at, by, unknown }: Retry): Edition => ({
  ...edition,
  state: 'approved',
  closedAt: null,
  watched: false,
  toldAt: null,
  samples: [],
  retry: { id, unknown, through: 0 },
  retries: [...edition.retries, { id, at, by, unknown }],
  touchedAt: at,
});

const PAGES_AT_ONCE = 50;

/**
 * Those who are missing become ready once more, each page once for each retry; then everything is as before. Until
 * then nobody sends, so no page is rung for: the doorbells ring anew from the first that is open.
 */
export const prepareRetry = async (
  planning: Planning,
  edition: Edition,
  retry: NonNullable<Edition['retry']>,
): Promise<Step> => {
  const { ledger, now } = planning;
  if (!(await takeTrack(planning, edition))) return 'again';
  const pages = await ledger.pages(edition.id, { after: retry.through, limit: PAGES_AT_ONCE });
  let { rung } = edition;
  for (const page of pages) {
    const after = await changeKnownPage(ledger, page, (there) => prepared(there, retry));
    if (after && isOpen(after)) rung = Math.min(rung, page.page - 1);
  }
  const last = pages.at(-1);
  const next = last ? { ...retry, through: last.page } : null;
  await ledger.save({ ...edition, retry: next, rung, reach: reached(edition), touchedAt: now() });
  return 'again';
};
