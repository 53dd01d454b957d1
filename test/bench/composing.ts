import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeFor } from '../../functions/digest/composing/compose.ts';
import { layOutFor } from '../../functions/digest/composing/layout.ts';
import { renderPieces } from '../../functions/digest/composing/render.ts';
import type { News } from '../../functions/digest/planning/news.ts';
import { PAGE_READERS } from '../../functions/digest/planning/walk.ts';
import { PAGE_BYTES } from '../../functions/digest/sending/send.ts';
import { mailSpaces } from '../../functions/mail/space.ts';
import { loadNewsroom } from '../../functions/shared/config.ts';
import { openTemplates } from '../../functions/shared/page/templates.ts';
import { buildTemplates } from '../../infra/templates.ts';
import { anArticle } from '../support/anArticle.ts';
import { milliseconds, percentile, perSecond, printTable } from './table.ts';
import { theUsualWay } from './usualWay.ts';

const READERS = 10_000;
const ARTICLES = 300;
const ROUNDS = 5;
const USUAL_MAILS = 40;

/** Whole mails for readers with topics, languages and links of their own; the pieces are rendered once before. */
export const benchComposing = async (): Promise<void> => {
  const directory = await mkdtemp(join(tmpdir(), 'courant-bench-'));
  try {
    await buildTemplates(directory);
    process.env['TEMPLATES_DIR'] = directory;
    const newsroom = await loadNewsroom();
    const press = { newsroom, templates: await openTemplates(), siteUrl: newsroom.siteUrl };
    const [newsletter] = newsroom.newsletters;
    if (!newsletter) throw new Error('There is no newsletter.');
    const topics = newsroom.topics.map(({ id }) => id);
    const languages = newsroom.languages.map(({ id }) => id);

    const renderingFrom = performance.now();
    const pieces = renderPieces(press, {
      edition: 'city-news-weekly-20260504T060000Z',
      newsletter,
      cadence: 'weekly',
      date: '2026-05-04T06:00:00.000Z',
      news: Array.from({ length: ARTICLES }, (_, i) => newsItem(i, languages, topics)),
    });
    const rendering = performance.now() - renderingFrom;

    const readers = Array.from({ length: READERS }, (_, i) => ({
      i,
      languages: rotated(languages, i),
      topics: topics.filter((_, t) => ((i * 7919) >> t) % 2 === 0),
    }));
    const spaces = mailSpaces(PAGE_BYTES);
    const rates: number[] = [];
    let bytes = 0;
    for (let round = 0; round < ROUNDS; round++) {
      bytes = 0;
      const from = performance.now();
      // As a page of deliveries does it: its mails lie side by side in one space, which the next page uses again.
      for (let at = 0; at < readers.length; at += PAGE_READERS) {
        await spaces.use(async (space) => {
          for (const { i, ...wants } of readers.slice(at, at + PAGE_READERS)) {
            const choice = layOutFor(pieces, { ...wants, after: 0 });
            if (!choice) throw new Error('A reader would get nothing.');
            bytes += composeFor(pieces, choice, personal(i), space).length;
          }
        });
      }
      rates.push(performance.now() - from);
    }
    const usual = await theUsualWay(USUAL_MAILS);
    printTable(`Composing personal digests: ${ARTICLES} articles, ${READERS.toLocaleString('en')} readers, one core`, [
      { what: 'mails composed, median of five rounds', figure: perSecond(READERS, percentile(rates, 0.5)) },
      { what: 'size of a mail, mean', figure: `${Math.round(bytes / READERS / 1024)} KB` },
      { what: 'rendering all pieces once, in three languages', figure: milliseconds(rendering) },
      {
        what: 'the usual way: MJML and nodemailer for each recipient',
        figure: perSecond(USUAL_MAILS, usual.ms),
        note: `the same 12 articles, ${Math.round(usual.bytes / USUAL_MAILS / 1024)} KB; ours is ${Math.round((READERS / percentile(rates, 0.5)) * (usual.ms / USUAL_MAILS)).toLocaleString('en')} times as fast`,
      },
    ]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

const newsItem = (i: number, languages: readonly string[], topics: readonly string[]): News => {
  const { html: _, ...article } = anArticle({
    id: `01JZZZZZZZZZZZZZZZZZZZ${String(i).padStart(4, '0')}`,
    language: languages[i % languages.length] ?? 'en',
    title: `River council ${i} votes on the plan for the new landing stage`,
    summary:
      'The plan moves the landing stage two hundred metres upstream, opens the old quay to walkers, and costs less than the repair would have cost. Work begins in spring, and the ferries keep running throughout.',
    topics: [topics[Math.floor(i / languages.length) % topics.length] ?? 'mobility'],
    image:
      i % 3 === 0
        ? { url: `https://img.example.org/${i}.jpg`, alt: 'The quay at low water', width: 1200, height: 630 }
        : null,
    slug: `river-council-${i}`,
  });
  return { ...article, announcedSeq: ARTICLES - i };
};

const rotated = (languages: readonly string[], by: number): string[] =>
  languages.map((_, i) => languages[(i + by) % languages.length] ?? 'en').slice(0, 1 + (by % 2));

const personal = (i: number) => ({
  to: `reader-${i}@example.org`,
  date: '2026-05-04T06:00:00.000Z',
  messageId: `city-news-weekly-20260504T060000Z.${i}@confluence.example`,
  delivery: `${Math.floor(i / 25)}-${i % 25}`,
  unsubscribeUrl: `https://news.confluence.example/unsubscribe/1.0001.${String(i).padStart(26, '0')}.c2lnbmF0dXJlLW9mLTMyLWJ5dGVzLWZvci1hLWxpbms?over=0001.city-news-weekly-20260504T060000Z.en.c2lnbmF0dXJlLW9mLW1hcms`,
  preferencesUrl: `https://news.confluence.example/preferences/1.0001.${String(i).padStart(26, '0')}.c2lnbmF0dXJlLW9mLTMyLWJ5dGVzLWZvci1hLWxpbms`,
});
