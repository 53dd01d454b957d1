import * as z from 'zod';
import { linkOf } from '../wire/article.ts';
import { type CurrentArticle, type Draft, UNFINISHED } from '../wire/ports.ts';

const STATES = { live: 'published', expired: 'expired', retracted: 'retracted' } as const;

/** What the API answers to whoever sent an article. */
export const receipt = z.object({
  id: z.string(),
  seq: z.int().nullable().describe('Its entry’s number on the wire; null while it is a draft.'),
  revision: z.int(),
  state: z.enum(['draft', 'published', 'expired', 'retracted']),
  url: z.string().nullable().describe('Where readers find it; null for a draft that has no address of its own yet.'),
  dueAt: z.iso.datetime().optional().describe('When a draft becomes public; missing where it waits to be finished.'),
  unchanged: z.boolean().optional(),
});

export const shownReceipt = ({ seq, state, article }: CurrentArticle, siteUrl: string) => ({
  id: article.id,
  seq,
  revision: article.revision,
  state: STATES[state],
  url: linkOf(article, siteUrl),
});

/** A draft has no address yet: the title, and with it the address, may change until it is public. */
export const shownDraftReceipt = ({ id, content, dueAt }: Draft) => ({
  id,
  seq: null,
  revision: 1,
  state: 'draft' as const,
  url: content.url,
  ...(dueAt !== UNFINISHED && { dueAt }),
});

/** A whole article, for the newsroom. */
export const shownArticle = (current: CurrentArticle, siteUrl: string) => {
  const { article, announcedSeq, reason } = current;
  const { html, publishedAt, slug, id: _, revision: __, url: ___, ...rest } = article;
  return {
    ...shownReceipt(current, siteUrl),
    ...rest,
    body: { html },
    slug,
    publishedAt,
    announced: announcedSeq !== null,
    // For editors: sources often say nothing of what a picture shows.
    ...(article.image?.alt === '' && { missing: ['image.alt'] }),
    ...(reason !== null && { reason }),
  };
};

export const shownDraft = (draft: Draft) => {
  const { html, url: _, ...rest } = draft.content;
  return { ...shownDraftReceipt(draft), ...rest, body: { html } };
};

/** RFC 9110 section 8.8.3: the revision is the article's validator. */
export const etagOf = ({ article }: CurrentArticle): string => `"${article.revision}"`;
