import { changeEdition, changeKnownPage } from '../ledger/change.ts';
import type { Edition } from '../ledger/edition.ts';
import { isOpen, type Page } from '../ledger/page.ts';
import { cancelled } from '../ledger/pageSteps.ts';
import type { Step } from './plan.ts';
import type { Planning } from './ports.ts';
import { release } from './progress.ts';

const PAGES_AT_ONCE = 100;

/**
 * Ends an edition that was cancelled or superseded: whoever still waits on its pages gets nothing, and what is being
 * sent at this moment gets its result. Begins anew each time, and finds less to do.
 */
export const close = async (planning: Planning, edition: Edition): Promise<Step> => {
  const { ledger, now } = planning;
  let open = false;
  let last: Page | undefined;
  for (let pages: Page[]; ; ) {
    pages = await ledger.pages(edition.id, { after: last?.page ?? 0, limit: PAGES_AT_ONCE });
    for (const page of pages) {
      const after = await changeKnownPage(ledger, page, (there) => cancelled(there, now()));
      open ||= after !== undefined && isOpen(after);
    }
    if (pages.length === 0) break;
    last = pages.at(-1);
  }
  // A planner that has not heard of it must not add another page.
  if (!last?.end && (await ledger.addPage(endBehind(edition.id, last))) === 'exists') return 'again';
  if (open) return 'later';
  await release(planning, edition);
  await changeEdition(ledger, edition.id, (there) =>
    there.closedAt === null ? { ...there, closedAt: now(), touchedAt: now() } : undefined,
  );
  return 'later';
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
