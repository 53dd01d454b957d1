import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Newsroom } from '../../../functions/shared/config.ts';
import { DAY_MS, instant, msOf, now } from '../../../functions/shared/time.ts';

const sample = z.strictObject({
  daysAgo: z.number().min(0),
  article: z.looseObject({ language: z.string(), topics: z.array(z.string()) }),
});
const progress = z.strictObject({ base: z.string(), done: z.boolean() });

interface Loading {
  readonly directory: URL;
  /** Remembers what a start that was cut off had begun, so that the next one goes on with the same dates. */
  readonly progressFile: string;
  readonly siteUrl: string;
  readonly newsroomKey: string;
  readonly newsroom: Newsroom;
}

/** Sends the sample articles through the newsroom API, oldest first, once for this data. Says how many went. */
export const loadSamples = async (loading: Loading): Promise<number> => {
  const { progressFile, siteUrl, newsroomKey } = loading;
  const { base, done } = existsSync(progressFile)
    ? progress.parse(JSON.parse(readFileSync(progressFile, 'utf8')))
    : { base: now(), done: false };
  if (done) return 0;
  writeFileSync(progressFile, JSON.stringify({ base, done: false }));
  const samples = readSamples(loading).sort((a, b) => b.daysAgo - a.daysAgo);
  for (const { daysAgo, article } of samples) {
    const response = await fetch(`${siteUrl}/api/v1/articles`, {
      method: 'POST',
      headers: { authorization: `Bearer ${newsroomKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...article, publishAt: instant(msOf(base) - daysAgo * DAY_MS) }),
    });
    if (!response.ok) throw new Error(`A sample article was refused: ${await response.text()}`);
  }
  writeFileSync(progressFile, JSON.stringify({ base, done: true }));
  return samples.length;
};

/** Those in the newsroom's languages, under those of their topics that it has. */
const readSamples = ({ directory, siteUrl, newsroom }: Loading) => {
  const languages = new Set(newsroom.languages.map(({ id }) => id));
  const topics = new Set(newsroom.topics.map(({ id }) => id));
  return readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readFileSync(new URL(name, directory), 'utf8').replaceAll('{SITE_URL}', siteUrl))
    .map((text) => sample.parse(JSON.parse(text)))
    .filter(({ article }) => languages.has(article.language))
    .map(({ daysAgo, article }) => ({
      daysAgo,
      article: { ...article, topics: article.topics.filter((topic) => topics.has(topic)) },
    }));
};
