import type { Issue } from '../../../digest/archive/issue.ts';
import type { Edition } from '../../../digest/editions.ts';
import { type Cadence, labelIn } from '../../../shared/config.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Site } from '../../ports.ts';

/** An edition as it is named on pages. */
export interface Head {
  readonly path: string;
  /** The newsletter's name. */
  readonly title: string;
  /** `null` where it had no news in this language, or nobody knows. */
  readonly subject: string | null;
  readonly cadence: Cadence;
  readonly at: Instant;
}

export const wentOut = (edition: Edition): boolean => edition.startedAt !== null;

export const headOf = (site: Site, language: string, edition: Edition, issue: Issue | undefined): Head => {
  const { newsroom } = site.house;
  const newsletter = newsroom.newsletters.find(({ id }) => id === edition.newsletter);
  const here = issue?.languages[language];
  return {
    path: `/${language}/editions/${edition.id}`,
    title: newsletter ? labelIn(newsletter.label, language, newsroom) : (here?.label ?? edition.newsletter),
    subject: edition.subjects?.[language] ?? (here?.subject || null),
    cadence: edition.cadence,
    at: edition.slot ?? edition.createdAt,
  };
};
