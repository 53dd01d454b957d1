import type { Newsletter } from '../../shared/config.ts';
import { issueOf } from '../archive/issue.ts';
import { linkOverUs } from '../clicking/link.ts';
import { renderPieces } from '../composing/render.ts';
import { NO_CURATION } from '../ledger/curation.ts';
import { boundsOf, type Edition, usualBound } from '../ledger/edition.ts';
import { type News, withoutImages, worthShowing } from './news.ts';
import { openNewsDesk } from './newsDesk.ts';
import type { Before } from './past.ts';
import { newsletterOf, type Planning, type Step } from './ports.ts';

interface Material {
  readonly newsletter: Newsletter;
  readonly news: readonly News[];
  readonly before: Before;
}

/** The edition with its pieces in the bucket, as its editors want them. */
export const composed = async (
  planning: Planning,
  edition: Edition,
  { newsletter, news, before }: Material,
): Promise<Edition> => {
  const { ledger, press, shelf, linkKeys } = planning;
  const { version, id } = edition.curation ?? { version: 0, id: null };
  const kept = id === null ? undefined : await ledger.curation(edition.id, id);
  const curation = kept?.curation ?? NO_CURATION;
  const pieces = renderPieces(press, {
    edition: edition.id,
    newsletter,
    cadence: edition.cadence,
    date: edition.slot ?? boundsOf(edition).plannedAt,
    news: withoutImages(worthShowing(news), edition.preflight?.leftOut ?? []),
    before,
    curation,
    over: linkOverUs({ linkKeys, siteUrl: press.siteUrl }, newsletter, edition.id),
  });
  const issue = await shelf.keepIssue(issueOf(pieces, { after: usualBound(edition), curation }));
  return { ...edition, pieces: await shelf.keep(pieces), issue, composed: version };
};

/** Somebody has edited it since it was composed: the pieces are made anew, and its audience stays. */
export const recompose = async (planning: Planning, edition: Edition): Promise<Step> => {
  const newsletter = newsletterOf(planning, edition.newsletter);
  // It is no longer in the configuration, and nobody will get it.
  if (!newsletter) return 'later';
  const desk = await openNewsDesk(planning, edition);
  const anew = await composed(planning, edition, { newsletter, news: desk.all(), before: desk.before() });
  await planning.ledger.save({ ...anew, touchedAt: planning.now() });
  return 'again';
};
