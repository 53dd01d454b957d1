import { RSL_CONTENT_TYPE, rslDocument } from '../../feeds/rsl.ts';
import { RSL_PATH } from '../../shared/config/licence.ts';
import { text } from '../../shared/http/answer.ts';
import { nothingHere } from '../pages/page.ts';
import { siteRoute } from '../ports.ts';

/** The terms for crawlers, where the newsroom has set some. robots.txt, pages and feeds point here. */
export const licenceRoute = siteRoute({
  method: 'GET',
  path: RSL_PATH,
  access: 'public',
  summary: 'What crawlers may do with the articles',
  answers: { 200: 'The terms (Really Simple Licensing 1.0).', 404: 'The newsroom has set no such terms.' },
  work: ({ house }) => {
    const document = rslDocument(house.newsroom);
    if (document === null) throw nothingHere();
    return text(200, RSL_CONTENT_TYPE, document, { 'cache-control': 'public, max-age=3600' });
  },
});
