import type { Instant } from '../../shared/time.ts';
import type { Article } from '../../wire/article.ts';
import type { CurrentArticle } from '../../wire/ports.ts';

/** An article of an edition as it is now, and what became of it after the edition began. */
export interface Told {
  readonly article: Article;
  readonly since: Since | null;
}

interface Since {
  /** `revised`: changed, and nobody has said that anything was wrong. */
  readonly is: 'retracted' | 'corrected' | 'revised';
  readonly at: Instant;
  /** Why it was retracted, or what was put right, for readers. */
  readonly note: string | null;
}

/**
 * What an edition that began at this moment told in this language. Left out: what was retracted before (no mail had it),
 * what is over, and what is in another language by now.
 */
export const toldIn = (articles: readonly CurrentArticle[], language: string, startedAt: Instant): Told[] =>
  articles.flatMap(({ state, article, reason, correction }): Told[] => {
    if (article.language !== language || state === 'expired') return [];
    const at = article.updatedAt;
    const changed = at > startedAt;
    if (state === 'retracted') return changed ? [{ article, since: { is: 'retracted', at, note: reason } }] : [];
    if (!changed) return [{ article, since: null }];
    const is = correction === undefined ? 'revised' : 'corrected';
    return [{ article, since: { is, at, note: correction ?? null } }];
  });
