import { changeEdition, changeKnownPage, changeTrack } from '../ledger/change.ts';
import type { Edition } from '../ledger/edition.ts';
import { type Counts, countsOf, isAccountedFor, isOpen, type Page } from '../ledger/page.ts';
import { prepared } from '../ledger/pageSteps.ts';
import type { Ledger } from '../ledger/ports.ts';
import { releasedBy } from '../ledger/track.ts';
import { ringWaiting, takeTrack } from './begin.ts';
import type { Step } from './plan.ts';
import type { Planning } from './ports.ts';

/** What is left to do for an edition that has begun: ring for its pages, prepare a retry, see whether it is over. */
export const progress = async (planning: Planning, edition: Edition): Promise<Step> => {
  if (edition.retry) return prepareRetry(planning, edition, edition.retry);
  if (edition.rung < (edition.pages ?? 0)) return ringPages(planning, edition);
  if (await isUnderWay(planning.ledger, edition)) return 'later';
  const counts = await countEdition(planning.ledger, edition);
  if (!isAccountedFor(counts)) return 'later';
  await release(planning, edition);
  const closed = await changeEdition(planning.ledger, edition.id, (there) =>
    there.state === 'sending' && there.version === edition.version
      ? { ...there, state: 'complete', closedAt: planning.now(), touchedAt: planning.now() }
      : undefined,
  );
  return closed?.state === 'complete' ? 'later' : 'again';
};

const RINGS_AT_ONCE = 500;

const ringPages = async ({ ledger, pagesBell, now }: Planning, edition: Edition): Promise<Step> => {
  const through = Math.min(edition.rung + RINGS_AT_ONCE, edition.pages ?? 0);
  const numbers = Array.from({ length: through - edition.rung }, (_, i) => edition.rung + 1 + i);
  await pagesBell.ring(...numbers.map((page) => ({ edition: edition.id, page })));
  await ledger.save({ ...edition, rung: through, touchedAt: now() });
  return 'again';
};

const PAGES_AT_ONCE = 50;

/** Those who are missing become ready once more, each page once for each retry; then everything is as before. */
const prepareRetry = async (
  planning: Planning,
  edition: Edition,
  retry: NonNullable<Edition['retry']>,
): Promise<Step> => {
  const { ledger, pagesBell, now } = planning;
  if (!(await takeTrack(planning, edition))) return 'again';
  const pages = await ledger.pages(edition.id, { after: retry.through, limit: PAGES_AT_ONCE });
  for (const page of pages) {
    const after = await changeKnownPage(ledger, page, (there) => prepared(there, retry));
    if (after && isOpen(after)) await pagesBell.ring({ edition: edition.id, page: page.page });
  }
  const last = pages.at(-1);
  const next = last ? { ...retry, through: last.page } : null;
  await ledger.save({ ...edition, retry: next, touchedAt: now() });
  return 'again';
};

/** The index may be behind, so what it names is looked at again. It may also name too little: the count decides. */
const isUnderWay = async (ledger: Ledger, edition: Edition): Promise<boolean> => {
  const open = await ledger.openPages(edition.id, 10);
  const pages = await Promise.all(open.map(({ page }) => ledger.page(edition.id, page)));
  return pages.some((page) => page && isOpen(page));
};

/** What became of an edition's deliveries, counted on its pages. While it is planned, its audience is what is there. */
export const countEdition = async (ledger: Ledger, edition: Edition): Promise<Counts> => {
  const pages: Page[] = await ledger.pages(edition.id, { after: 0 });
  const planned = pages.reduce((sum, page) => sum + page.deliveries.length, 0);
  return countsOf(pages, edition.audience ?? planned);
};

/** The next edition of this cadence may begin. */
export const release = async (planning: Planning, edition: Edition): Promise<void> => {
  await changeTrack(planning.ledger, edition, (track) => releasedBy(track, edition));
  await ringWaiting(planning, edition);
};
