import { changeEdition, changeKnownPage } from '../ledger/change.ts';
import { type Edition, reached } from '../ledger/edition.ts';
import { isOpen, type Page } from '../ledger/page.ts';
import { cancelled } from '../ledger/pageSteps.ts';
import { isWhole, standingOf } from '../ledger/standing.ts';
import { closedOver, GROUP_PAGES, groupOf, newTally } from '../ledger/tally.ts';
import { tellOfDiscrepancy } from '../progress/discrepancy.ts';
import { release } from '../progress/progress.ts';
import type { Planning, Step } from './ports.ts';

/**
 * Ends an edition that was cancelled or superseded: whoever still waits on its pages gets nothing, and what is being
 * sent at this moment gets its result. Begins anew each time, and finds less to do.
 */
export const close = async (planning: Planning, edition: Edition): Promise<Step> => {
  const { ledger, now } = planning;
  let open = false;
  let last: Page | undefined;
  for (let pages: Page[]; ; ) {
    pages = await closeGroup(planning, edition.id, last?.page ?? 0);
    if (pages.length === 0) break;
    open ||= pages.some(isOpen);
    last = pages.at(-1);
  }
  // A planner that has not heard of it must not add another page.
  if (!last?.end && (await ledger.addPage(endBehind(edition.id, last))) === 'exists') return 'again';
  if (open) return 'later';
  const counted = (await ledger.edition(edition.id)) ?? edition;
  tellOfDiscrepancy(counted, await standingOf(ledger, counted));
  await release(planning, edition);
  await changeEdition(ledger, edition.id, (there) =>
    there.closedAt === null ? { ...there, closedAt: now(), touchedAt: now() } : undefined,
  );
  return 'later';
};

/** A hundred pages at a time, so that they can be counted as one. */
const closeGroup = async ({ ledger, now }: Planning, edition: string, after: number): Promise<Page[]> => {
  const group = groupOf(after + 1);
  const tally = (await ledger.tally(edition, group)) ?? newTally(edition, group);
  const pages = await ledger.pages(edition, { after, limit: GROUP_PAGES });
  const last = pages.at(-1);
  if (!last) return [];
  // Whoever counts it meanwhile must look at these pages.
  await changeEdition(ledger, edition, (there) =>
    reached(there) < last.page ? { ...there, reach: last.page } : undefined,
  );
  const closed: Page[] = [];
  for (const page of pages) {
    closed.push((await changeKnownPage(ledger, page, (there) => cancelled(there, now()))) ?? page);
  }
  const sum = isWhole(closed) ? closedOver(tally, closed) : undefined;
  if (sum) await ledger.saveTally(sum);
  return closed;
};

const endBehind = (edition: string, last: Page | undefined): Page => ({
  edition,
  page: (last?.page ?? 0) + 1,
  version: 1,
  through: last?.through ?? '',
  total: last?.total ?? 0,
  end: true,
  deliveries: [],
  claim: null,
  retry: null,
});
