import { redirect } from '../../shared/http/answer.ts';
import { preferredLanguage } from '../../shared/page/house.ts';
import type { Article } from '../../wire/article.ts';
import { type Site, siteRoute } from '../ports.ts';
import { planFront } from './frontPlan.ts';
import { invitationIn } from './invitation.ts';
import { inEveryLanguage, languageIn, pageAnswer } from './page.ts';
import { liveArticles, teaserOf, topicsOf } from './teaser.ts';

/** The door of the house: sends everybody to the front page in their language. */
export const rootRoute = siteRoute({
  method: 'GET',
  path: '/',
  access: 'public',
  summary: 'To the front page in the reader’s language',
  answers: { 302: 'The front page in the best of the newsroom’s languages, by `Accept-Language`.' },
  work: ({ house }, { headers }) =>
    redirect(302, `/${preferredLanguage(house.newsroom, headers['accept-language'])}`, {
      vary: 'Accept-Language',
      // One cache in front of many readers would send them all where the first one wanted to go.
      'cache-control': 'private, max-age=60',
    }),
});

export const frontRoute = siteRoute({
  method: 'GET',
  path: '/{lang}',
  access: 'public',
  summary: 'The front page',
  answers: { 200: 'The newest articles of one language.', 404: 'The newsroom has no such language.' },
  work: async (site, { params }) => {
    const language = languageIn(site, params);
    const { newsroom } = site.house;
    const plan = planFront(...(await newsIn(site, language)));
    const teasers = (articles: readonly Article[]) => articles.map((article) => teaserOf(newsroom, article));
    return pageAnswer(site, 'front', {
      language,
      path: `/${language}`,
      alternates: [...inEveryLanguage(site, (one) => `/${one}`), { language: 'x-default', path: '/' }],
      lead: plan.lead && teaserOf(newsroom, plan.lead),
      beside: teasers(plan.beside),
      strips: plan.strips.map((strip) => ({
        topic: topicsOf(newsroom, { language, topics: [strip.topic] })[0],
        teasers: teasers(strip.articles),
      })),
      more: teasers(plan.more),
      invitation: invitationIn(newsroom, language),
    });
  },
});

const NEWEST = 24;
/** More than a strip shows, since some stand further up already. */
const NEWEST_OF_TOPIC = 8;

type News = Parameters<typeof planFront>;

const newsIn = async (site: Site, language: string): Promise<News> => {
  const { lists, articles, house } = site;
  const topics = house.newsroom.topics.map(({ id }) => id);
  const [newest, ...ofTopics] = await Promise.all([
    lists.news(language, 'all', { limit: NEWEST }),
    ...topics.map((topic) => lists.news(language, topic, { limit: NEWEST_OF_TOPIC })),
  ]);
  // A newsroom that has only imported its past has no news yet. Its front page shows what there is.
  const rows = newest.length > 0 ? newest : await lists.byDate(language, 'all', { limit: NEWEST });
  const found = await liveArticles(articles, [...rows, ...ofTopics.flat()]);
  const byId = new Map(found.map((article) => [article.id, article]));
  const inOrder = (list: readonly { readonly id: string }[]): Article[] => list.flatMap(({ id }) => byId.get(id) ?? []);
  return [inOrder(rows), topics.map((topic, i) => ({ topic, articles: inOrder(ofTopics[i] ?? []) }))];
};
