import type { Article, Content } from '../../functions/wire/article.ts';
import type { Entry } from '../../functions/wire/entry.ts';
import type { CurrentArticle } from '../../functions/wire/ports.ts';

export const someContent = (over: Partial<Content> = {}): Content => ({
  language: 'en',
  title: 'Five towns share one ferry timetable',
  summary: 'From May the ferries of five towns run to one timetable.',
  section: 'News',
  html: '<p>From May the ferries of five towns run to one timetable.</p><p>Nobody waits longer than ten minutes.</p>',
  topics: ['mobility'],
  authors: [{ name: 'Ana Prat' }],
  url: null,
  image: null,
  publishedAt: '2026-05-01T08:00:00.000Z',
  expiresAt: null,
  story: null,
  rights: null,
  ...over,
});

export const anArticle = (over: Partial<Article> = {}): Article => ({
  ...someContent(),
  id: '01JZZZZZZZZZZZZZZZZZZZZZZ1',
  revision: 1,
  slug: 'five-towns-share-one-ferry-timetable',
  updatedAt: '2026-05-01T08:00:05.000Z',
  ...over,
});

export const anEntry = (over: Partial<Entry> = {}): Entry => {
  const seq = over.seq ?? 1;
  return {
    seq,
    kind: 'published',
    at: '2026-05-01T08:00:05.000Z',
    attempt: `attempt-${seq}`,
    announce: true,
    announcedSeq: seq,
    article: anArticle(),
    before: null,
    reason: null,
    identities: [],
    ...over,
  };
};

export const aCurrent = (over: Partial<CurrentArticle> = {}): CurrentArticle => ({
  seq: 1,
  state: 'live',
  announcedSeq: 1,
  article: anArticle(),
  reason: null,
  ...over,
});
