import { cleanHtml } from '../../border/html.ts';
import { draftShownBy } from '../../ingest/previewLink.ts';
import { redirect } from '../../shared/http/answer.ts';
import { pagePathOf } from '../../wire/article.ts';
import { type Draft, UNFINISHED } from '../../wire/ports.ts';
import { type Site, siteRoute } from '../ports.ts';
import { nothingHere, pageAnswer } from './page.ts';
import { proseOf } from './prose.ts';
import { authorsOf, imageOf, topicsOf } from './teaser.ts';

export const previewRoute = siteRoute({
  method: 'GET',
  path: '/preview/{token}',
  access: 'public',
  summary: 'A draft, for who was given its link',
  answers: {
    200: 'The draft as it is now.',
    302: 'The article is public by now.',
    404: 'There is no such draft, or the link is dead.',
  },
  work: async (site, { params }) => {
    const token = params['token'] ?? '';
    const shown = draftShownBy(await site.linkKeys(), token, site.now());
    if (!shown) throw nothingHere();
    const draft = await site.draft(shown.id);
    if (draft) return previewAnswer(site, draft, { token, until: shown.until });
    const current = await site.articles.byId(shown.id);
    if (current?.state !== 'live') throw nothingHere();
    return redirect(302, pagePathOf(current.article), { 'cache-control': 'no-store' });
  },
});

const previewAnswer = (site: Site, { content, dueAt }: Draft, { token, until }: { token: string; until: string }) => {
  const { newsroom, siteUrl, templates } = site.house;
  const page = pageAnswer(site, 'preview', {
    language: content.language,
    path: `/preview/${token}`,
    personal: true,
    until,
    dueAt: dueAt === UNFINISHED ? null : dueAt,
    article: {
      title: content.title,
      section: content.section,
      standfirst: content.summary,
      html: proseOf(cleanHtml(content.html, siteUrl), templates.say(content.language, 'site.table')),
      image: imageOf(content),
      authors: authorsOf(content),
      topics: topicsOf(newsroom, content),
    },
  });
  // Nobody between us and the reader may keep it: tomorrow the draft may say something else, or be nothing any more.
  return { ...page, headers: { ...page.headers, 'cache-control': 'no-store', 'x-robots-tag': 'noindex' } };
};
