import { feedsOf } from '../../functions/feeds/addresses.ts';
import { compose } from '../../functions/feeds/compose/compose.ts';
import { itemMaker } from '../../functions/feeds/compose/makeItem.ts';
import { renderAtom } from '../../functions/feeds/render/atom.ts';
import type { FeedDocument } from '../../functions/feeds/render/document.ts';
import { renderJson } from '../../functions/feeds/render/json.ts';
import { renderRss } from '../../functions/feeds/render/rss.ts';
import type { Article } from '../../functions/wire/article.ts';
import { aCurrent, anArticle } from '../support/anArticle.ts';
import { settingsOf } from './aBuilder.ts';

/** The document of all English articles that holds these, the first one newest, each with an id of its own. */
export const aDocument = (...articles: Partial<Article>[]) => {
  const settings = settingsOf();
  const [feed] = feedsOf(settings.newsroom);
  if (!feed) throw new Error('There is no feed.');
  const currents = articles.map((over, i) => {
    const seq = articles.length - i;
    const article = anArticle({ id: `01KART${String(i).padStart(20, '0')}`, ...over });
    return aCurrent({ seq, announcedSeq: seq, article });
  });
  const window = currents.map(({ seq, article: { id } }) => {
    const at = '2026-05-01T08:00:05.000Z';
    return { list: feed, announcedSeq: seq, announcedAt: at, id, seq, at, gone: null, reason: null };
  });
  const all = new Map(currents.map((current) => [current.article.id, current]));
  return compose(feed, window, { articles: all, stories: new Map() }, { ...settings, makeItem: itemMaker(settings) });
};

export const inAllFormats = (document: FeedDocument): { rss: string; atom: string; json: string } => ({
  rss: renderRss(document).text,
  atom: renderAtom(document).text,
  json: renderJson(document).text,
});

/** The feed of these articles, in all formats. */
export const theFeedOf = (...articles: Partial<Article>[]) => inAllFormats(aDocument(...articles).document);
