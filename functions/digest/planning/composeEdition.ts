import type { Newsletter } from '../../shared/config.ts';
import { issueOf, subjectsOf } from '../archive/issue.ts';
import { linkOverUs } from '../clicking/link.ts';
import { renderPieces } from '../composing/render.ts';
import { NO_CURATION } from '../ledger/curation.ts';
import { boundsOf, type Edition, usualBound } from '../ledger/edition.ts';
import type { Later } from './later.ts';
import { type News, withoutImages, worthShowing } from './news.ts';
import { openNewsDesk } from './newsDesk.ts';
import { withoutDeadSubjects } from './ownWords.ts';
import type { Before } from './past.ts';
import { newsletterOf, type Planning, type Step } from './ports.ts';

interface Material {
  readonly newsletter: Newsletter;
  readonly news: readonly News[];
  readonly before: Before;
  readonly later: Later;
}

/** The edition with its pieces in the bucket, as its editors want them. */
export const composed = async (
  planning: Planning,
  edition: Edition,
  { newsletter, news, before, later }: Material,
): Promise<Edition> => {
  const { ledger, press, shelf, linkKeys } = planning;
  const { version, id } = edition.curation ?? { version: 0, id: null };
  const wanted = id === null ? undefined : await ledger.curation(edition.id, id);
  const curation = withoutDeadSubjects(wanted?.curation ?? NO_CURATION, news, later.gone);
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
  const issue = issueOf(pieces, { after: usualBound(edition), curation });
  const kept = { pieces: await shelf.keep(pieces), issue: await shelf.keepIssue(issue), subjects: subjectsOf(issue) };
  return { ...edition, ...kept, composed: version, seen: later.read };
};

/** The same once more, from what the wire says now; its audience stays. */
export const composedAnew = async (planning: Planning, edition: Edition): Promise<Edition> => {
  const newsletter = newsletterOf(planning, edition.newsletter);
  // It is no longer in the configuration, and nobody will get it.
  if (!newsletter) return edition;
  const desk = await openNewsDesk(planning, edition);
  return composed(planning, edition, {
    newsletter,
    news: desk.all(),
    before: desk.before(),
    later: desk.later(),
  });
};

/** Somebody has edited it since it was composed. */
export const recompose = async (planning: Planning, edition: Edition): Promise<Step> => {
  const anew = await composedAnew(planning, edition);
  if (anew === edition) return 'later';
  await planning.ledger.save({ ...anew, touchedAt: planning.now() });
  return 'again';
};
