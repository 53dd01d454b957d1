import * as z from 'zod';
import { labelIn } from '../../shared/config.ts';
import { siteRoute } from '../ports.ts';
import { movedTopicAnswer } from './movedTopic.ts';
import { inEveryLanguage, languageIn, nothingHere, pageAnswer } from './page.ts';
import { liveArticles, teaserOf } from './teaser.ts';

const PER_PAGE = 20;

/** The last row's key, as a page before this one gave it. Anything else a link carries (`utm_source` …) is let be. */
const query = z.object({
  before: z
    .string()
    .regex(/^[\w:.#-]{1,100}$/, 'it is not a place in this list')
    .optional(),
});

export const topicRoute = siteRoute({
  method: 'GET',
  path: '/{lang}/topics/{topic}',
  access: 'public',
  summary: 'All articles of a topic, the newest first',
  query,
  answers: {
    200: 'One page of the topic’s articles.',
    301: 'The topic has another id by now.',
    404: 'There is no such language or topic.',
    410: 'The newsroom no longer has this topic.',
  },
  work: async (site, { params, query: { before } }) => {
    const language = languageIn(site, params);
    const { newsroom } = site.house;
    const moved = movedTopicAnswer(site, language, params['topic'] ?? '', (id) => `/${language}/topics/${id}`);
    if (moved) return moved;
    const topic = newsroom.topics.find(({ id }) => id === params['topic']);
    if (!topic) throw nothingHere();
    const rows = await site.lists.byDate(language, topic.id, {
      limit: PER_PAGE + 1,
      ...(before !== undefined && { before }),
    });
    const shown = rows.slice(0, PER_PAGE);
    const pathOf = (one: string): string => `/${one}/topics/${topic.id}`;
    const older = rows.length > PER_PAGE ? shown.at(-1) : undefined;
    return pageAnswer(site, 'topic', {
      language,
      path: before === undefined ? pathOf(language) : pageFrom(pathOf(language), before),
      // The pages of a list in two languages have nothing in common but the first.
      ...(before === undefined && { alternates: inEveryLanguage(site, pathOf) }),
      topicId: topic.id,
      topicLabel: labelIn(topic.label, language, newsroom),
      teasers: (await liveArticles(site.articles, shown)).map((article) => teaserOf(newsroom, article)),
      older: older && pageFrom(pathOf(language), older.key),
      newest: before === undefined ? null : pathOf(language),
    });
  },
});

const pageFrom = (path: string, before: string): string => `${path}?before=${encodeURIComponent(before)}`;
