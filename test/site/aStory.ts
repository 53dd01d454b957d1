import type { Article } from '../../functions/wire/article.ts';
import type { CurrentArticle } from '../../functions/wire/ports.ts';
import { aCurrent, anArticle } from '../support/anArticle.ts';

type Over = Partial<Article> & Partial<Pick<CurrentArticle, 'seq' | 'state' | 'announcedSeq' | 'reason'>>;

/** A current article under its own id and slug: `aStory('ferry', { language: 'fr' })`. */
export const aStory = (name: string, { seq = 1, state, announcedSeq, reason, ...article }: Over = {}): CurrentArticle =>
  aCurrent({
    seq,
    state: state ?? 'live',
    announcedSeq: announcedSeq === undefined ? seq : announcedSeq,
    reason: reason ?? null,
    article: anArticle({ id: name, slug: name, title: `The ${name}`, ...article }),
  });

export const aPicture = (over: Partial<NonNullable<Article['image']>> = {}) => ({
  url: 'https://pictures.example/a.png',
  alt: 'A boat',
  width: 1200,
  height: 630,
  ...over,
});
