import { rm } from 'node:fs/promises';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { choose } from '../../functions/digest/composing/choice.ts';
import { composeFor } from '../../functions/digest/composing/compose.ts';
import { type Choice, layOut } from '../../functions/digest/composing/layout.ts';
import { bucketPieces } from '../../functions/digest/composing/pieces.s3.ts';
import type { Pieces } from '../../functions/digest/composing/pieces.ts';
import type { Press } from '../../functions/digest/composing/press.ts';
import { renderPieces, type ToRender } from '../../functions/digest/composing/render.ts';
import { MOST_ARTICLES, MOST_BYTES } from '../../functions/digest/composing/room.ts';
import { NO_CURATION } from '../../functions/digest/ledger/curation.ts';
import type { News } from '../../functions/digest/planning/news.ts';
import type { Correction } from '../../functions/digest/planning/past.ts';
import { builtTemplates } from '../mail/aDigest.ts';
import { anArticle } from '../support/anArticle.ts';
import { memoryBucket } from '../support/memoryBucket.ts';
import { aNewsroom } from './support/aPress.ts';

let directory: string;
let press: Press;
beforeAll(async () => {
  const built = await builtTemplates();
  directory = built.directory;
  press = { newsroom: aNewsroom(), templates: built.templates, siteUrl: 'https://news.example' };
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const someNews = (seq: number, over: Partial<News> = {}): News => {
  const { html: _, ...article } = anArticle({
    id: `article-${seq}`,
    title: `Story number ${seq}`,
    slug: `story-${seq}`,
    topics: [],
  });
  return { ...article, announcedSeq: seq, ...over };
};

const newestFirst = (...news: News[]): News[] => news.sort((a, b) => b.announcedSeq - a.announcedSeq);

const piecesOf = (...news: News[]): Pieces => piecesWith({}, ...news);

const piecesWith = (over: Partial<ToRender>, ...news: News[]): Pieces => {
  const [newsletter] = press.newsroom.newsletters;
  if (!newsletter) throw new Error('no newsletter');
  return renderPieces(press, {
    ...over,
    edition: 'city-news-weekly-20260504T080000Z',
    newsletter,
    cadence: 'weekly',
    date: '2026-05-04T08:00:00.000Z',
    news: newestFirst(...news),
  });
};

const wants = (over: object = {}) => ({ languages: ['en'], topics: [], after: 0, ...over });

const personal = {
  to: 'ana@readers.example',
  date: '2026-05-04T08:00:10.000Z',
  messageId: 'abc@example.org',
  delivery: '1-0',
  unsubscribeUrl: 'https://news.example/unsubscribe/1.u.token-of-ana',
  preferencesUrl: 'https://news.example/preferences/1.p.token-of-ana',
};

const mailOf = async (pieces: Pieces, over: object = {}) => {
  const choice = layOut(pieces, wants(over));
  if (!choice) throw new Error('There is nothing for this reader.');
  const raw = composeFor(pieces, choice, personal);
  const mail = await simpleParser(raw, { skipTextToHtml: true, skipHtmlToText: true });
  return { raw, choice, subject: mail.subject, html: mail.html || '', text: mail.text ?? '', headers: mail.headers };
};

describe('a reader', () => {
  const ids = (news: News[], over: object): string[] => choose(newestFirst(...news), wants(over)).map(({ id }) => id);

  test('gets a story once, in the language he likes best', () => {
    const news = [
      someNews(1, { language: 'en', story: 's' }),
      someNews(2, { language: 'fr', story: 's' }),
      someNews(3, { language: 'fr' }),
    ];
    expect(ids(news, { languages: ['fr', 'en'] })).toEqual(['article-3', 'article-2']);
    expect(ids(news, { languages: ['en', 'fr'] })).toEqual(['article-3', 'article-1']);
    expect(ids(news, { languages: ['en'] })).toEqual(['article-1']);
    expect(ids(news, { languages: ['es'] })).toEqual([]);
  });

  test('gets only his topics, and everything where he chose none', () => {
    const news = [someNews(1, { topics: ['mobility', 'culture'] }), someNews(2, { topics: ['climate'] }), someNews(3)];
    expect(ids(news, { topics: ['culture'] })).toEqual(['article-1']);
    expect(ids(news, {})).toEqual(['article-3', 'article-2', 'article-1']);
  });

  test('gets nothing from before his lower bound', () => {
    expect(ids([someNews(4), someNews(5)], { after: 4 })).toEqual(['article-5']);
  });

  test('does not get a story again in another language, but what follows it in the same', () => {
    const news = [
      someNews(1, { language: 'en', story: 's' }),
      someNews(2, { language: 'fr', story: 's' }),
      someNews(3, { language: 'en', story: 's' }),
    ];
    expect(ids(news, { languages: ['fr', 'en'], after: 1 })).toEqual(['article-3']);
    expect(ids(news, { languages: ['fr'], after: 1 })).toEqual(['article-2']);
    expect(ids(news, { languages: ['fr', 'en'], after: 1, since: 1 })).toEqual(['article-2']);
  });

  test('never gets a story twice nor one he did not ask for, whatever there is', () => {
    const article = fc.record({
      language: fc.constantFrom('en', 'fr', 'es'),
      story: fc.constantFrom(null, 'a', 'b'),
      topics: fc.subarray(['mobility', 'climate', 'culture']),
    });
    const reader = fc.record({
      languages: fc.shuffledSubarray(['en', 'fr', 'es'], { minLength: 1 }),
      topics: fc.subarray(['mobility', 'climate', 'culture']),
      after: fc.nat(10),
    });
    fc.assert(
      fc.property(fc.array(article, { maxLength: 20 }), reader, (articles, one) => {
        const news = newestFirst(...articles.map((over, i) => someNews(i + 1, over)));
        // Who has just come was told nothing before.
        const chosen = choose(news, { ...one, since: one.after });
        const stories = chosen.flatMap(({ story }) => story ?? []);
        expect(new Set(stories).size).toBe(stories.length);
        for (const { language, announcedSeq } of chosen) {
          expect(one.languages).toContain(language);
          expect(announcedSeq).toBeGreaterThan(one.after);
        }
        // Nothing is left out but what another language of the same story stands for.
        const fitting = (topics: readonly string[]) =>
          one.topics.length === 0 || topics.some((t) => one.topics.includes(t));
        const left = news.filter(
          (a) =>
            !chosen.includes(a) &&
            one.languages.includes(a.language) &&
            a.announcedSeq > one.after &&
            fitting(a.topics),
        );
        for (const { story } of left) expect(stories).toContain(story);
      }),
    );
  });
});

describe('a mail', () => {
  test('is led by the newest article that has a picture, and names it in its subject', async () => {
    const image = { url: 'https://img.example/boat.jpg', alt: 'A boat' };
    const { subject, html, choice } = await mailOf(piecesOf(someNews(1), someNews(2, { image }), someNews(3)));
    expect(subject).toBe('Story number 2');
    expect(choice.articles).toEqual(['article-2', 'article-3', 'article-1']);
    expect(html).toContain('https://img.example/boat.jpg');
    expect((await mailOf(piecesOf(someNews(1), someNews(2)))).subject).toBe('Story number 2');
  });

  test('has sections in the order of the newsroom’s topics, and what has no topic last', async () => {
    const { text } = await mailOf(
      piecesOf(
        someNews(5),
        someNews(4),
        someNews(3, { topics: ['culture'] }),
        someNews(2, { topics: ['climate', 'mobility'] }),
        someNews(1, { topics: ['climate'] }),
      ),
    );
    const places = ['Mobility', 'number 2', 'Climate', 'number 1', 'Culture', 'number 3', 'More news', 'number 4'].map(
      (part) => text.indexOf(part, text.indexOf('==')),
    );
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  test('puts an article under the topic the reader asked for', async () => {
    const pieces = piecesOf(
      someNews(2),
      someNews(1, { topics: ['mobility', 'culture'] }),
      someNews(3, { topics: ['culture'] }),
    );
    const { text } = await mailOf(pieces, { topics: ['culture'] });
    expect(text).toContain('== Culture ==');
    expect(text).not.toContain('== Mobility ==');
  });

  test('carries the reader’s own links in both parts and in its headers', async () => {
    const { html, text, raw } = await mailOf(piecesOf(someNews(1)));
    for (const part of [html, text]) {
      expect(part).toContain(personal.unsubscribeUrl);
      expect(part).toContain(personal.preferencesUrl);
      expect(part).toContain('https://news.example/en/editions/city-news-weekly-20260504T080000Z');
      expect(part).toContain('https://news.example/en/articles/story-1');
      expect(part).not.toContain('%%');
    }
    const head = raw.toString('latin1').split('\r\n\r\n')[0]?.replaceAll('\r\n ', ' ') ?? '';
    expect(head).toContain(`List-Unsubscribe: <${personal.unsubscribeUrl}>`);
    expect(head).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    expect(head).toContain('To: ana@readers.example');
    expect(head).toContain('Content-Language: en');
  });

  test('is in the language of the reader, with articles in theirs', async () => {
    const pieces = piecesOf(
      someNews(1, { language: 'en' }),
      someNews(2, { language: 'fr', title: 'Été à l’île d’Yeu' }),
    );
    const { html, subject } = await mailOf(pieces, { languages: ['fr', 'en'] });
    expect(html).toMatch(/<html[^>]* lang="fr"/);
    expect(html).toContain('Nouvelles des villes');
    expect(subject).toBe('Été à l’île d’Yeu');
    expect(html).toContain('/en/articles/story-1');
  });

  test('shows what an article says and nothing it could do', async () => {
    const nasty = '<script>alert(1)</script> {{ newsroom.name }} %%UNSUBSCRIBE_URL%% & “quotes”';
    const { html, text } = await mailOf(
      piecesOf(someNews(2, { title: nasty, summary: nasty }), someNews(1, { title: nasty })),
    );
    expect(html).not.toContain('<script>alert');
    expect(html).toContain(
      '&lt;script&gt;alert(1)&lt;/script&gt; {{ newsroom.name }} %%UNSUBSCRIBE_URL%% &amp; “quotes”',
    );
    expect(text).toContain(nasty);
  });

  test('of a long edition stays under its size, ends in the rest on the web, and keeps its footer', async () => {
    const long = 'A sentence of some length that says what the council decided and why it took so long. '.repeat(6);
    const news = Array.from({ length: 120 }, (_, i) => someNews(i + 1, { summary: long, topics: ['mobility'] }));
    const { raw, choice, html, text } = await mailOf(piecesOf(...news));
    expect(raw.length).toBeLessThanOrEqual(MOST_BYTES);
    expect(choice.articles.length).toBeLessThanOrEqual(MOST_ARTICLES);
    expect(choice.articles.length).toBeGreaterThan(10);
    expect(choice.more).toBe(120 - choice.articles.length);
    expect(choice.articles[0]).toBe('article-120');
    for (const part of [html, text]) {
      expect(part).toContain(`${choice.more} more stories on the web`);
      expect(part).toContain(personal.unsubscribeUrl);
      expect(part).toContain('Quai 12');
    }
  });

  test('says in its preheader what else there is, and leaves an inbox nothing to show behind it', async () => {
    const { html, text } = await mailOf(piecesOf(someNews(1), someNews(2), someNews(3), someNews(4)));
    const [, preheader = ''] = /opacity:0;overflow:hidden;">([^<]*)</.exec(html) ?? [];
    expect(preheader).toMatch(/^Story number 3 · Story number 2(?:\u034f )+$/);
    expect(preheader.length).toBeGreaterThanOrEqual(140);
    expect(text).not.toContain('\u034f');
  });

  test('says in its preheader what its lead is about where it is alone, else what was wrong', async () => {
    const preheaderOf = (choice: Choice | undefined) => choice?.preheader.text.toString().replace('=\r\n', '');
    expect(preheaderOf(layOut(piecesOf(someNews(1, { summary: 'A boat.' })), wants()))).toBe('A boat.');
    const bare = afterWrong([someNews(9, { summary: null })], [aCorrection(1, { note: 'It was a raft.' })]);
    expect(preheaderOf(layOut(bare, wants({ after: 8 })))).toBe('Withdrawn: It was a raft.');
  });

  test('leads to a page with all that its reader may have had, in the way to the rest too', async () => {
    const page = 'https://news.example/fr/editions/city-news-weekly-20260504T080000Z';
    const many = Array.from({ length: 40 }, (_, i) => someNews(i + 2));
    const pieces = piecesOf(someNews(1, { language: 'fr' }), ...many);
    const mail = await mailOf(pieces, { languages: ['fr', 'es', 'en'] });
    expect(mail.choice.more).toBeGreaterThan(0);
    for (const part of [mail.html, mail.text]) expect(part.split(`${page}?also=en`).length - 1).toBe(2);
    const alone = await mailOf(pieces, { languages: ['fr'] });
    expect(alone.html).toContain(`href="${page}"`);
    expect(alone.html + alone.text).not.toContain('?also');
  });

  test('greets, or begins with what an editor says: never both', async () => {
    const curation = { ...NO_CURATION, intro: { en: 'Dear readers' } };
    const greeting = 'Hello, here is what is new from Confluence.';
    const plain = await mailOf(piecesOf(someNews(1)));
    const curated = await mailOf(piecesWith({ curation }, someNews(1)));
    for (const part of ['html', 'text'] as const) {
      expect(plain[part]).toContain(greeting);
      expect(curated[part]).toContain('Dear readers');
      expect(curated[part]).not.toContain(greeting);
    }
  });

  test('says of each article in which language it is, and of a title that it runs the other way', async () => {
    const pieces = piecesOf(
      someNews(1, { language: 'fr' }),
      someNews(2, { title: 'UNESCO: القدس مدينة للجميع اليوم' }),
      someNews(3),
    );
    const { html } = await mailOf(pieces, { languages: ['fr', 'en'] });
    const sections = html.split('<div class="paper');
    const about = (title: string): string => sections.find((one) => one.includes(`>${title}</a></h`)) ?? '';
    expect(about('Story number 3')).toMatch(/^" lang="en" dir="ltr"/);
    expect(about('Story number 3')).not.toContain('<h3 dir');
    expect(about('UNESCO: القدس مدينة للجميع اليوم')).toMatch(/<h[23] dir="rtl"/);
    expect(html.match(/class="paper[^"]*" lang="fr"/g)?.length).toBeGreaterThan(0);
  });

  test('names another language as its own names it', async () => {
    const pieces = piecesOf(someNews(1, { language: 'fr', story: 's' }), someNews(2, { title: 'Ferries', story: 's' }));
    const { html, text } = await mailOf(pieces, { languages: ['fr', 'en'] });
    for (const part of [html, text]) expect(part).toContain('Aussi en anglais :');
    expect(html).toContain('hreflang="en" lang="en" dir="ltr">Ferries</a>');
  });

  test('with more corrections than it has room for shows the newest, and says how many more are on the web', async () => {
    const wrong = Array.from({ length: 14 }, (_, i) => aCorrection(i + 1));
    const { html, text } = await mailOf(afterWrong([someNews(100)], wrong), { after: 99 });
    for (const part of [html, text]) {
      expect(part).toContain('4 more corrections on the web');
      expect(part).toContain('Wrong 14');
      expect(part).toContain('Wrong 5');
      expect(part).not.toContain('Wrong 4<');
    }
    expect(text.indexOf('Wrong 13')).toBeLessThan(text.indexOf('Wrong 14'));
    const few = await mailOf(afterWrong([someNews(100)], wrong.slice(0, 3)), { after: 99 });
    expect(few.text).toContain('Wrong 3');
    expect(few.text).not.toContain('on the web');
  });

  test('is not made where there is nothing', () => {
    expect(layOut(piecesOf(someNews(1)), wants({ after: 1 }))).toBeUndefined();
    expect(layOut(piecesOf(someNews(1)), wants({ languages: ['es'] }))).toBeUndefined();
  });
});

/** What was told under these numbers and was wrong. */
const aCorrection = (
  seq: number,
  { title = `Wrong ${seq}`, note = 'It was not so.' as string | null } = {},
): Correction => {
  const { announcedSeq, ...article } = someNews(seq, { title });
  return { seq: 50 + seq, at: '2026-05-02T00:00:00.000Z', article, announcedSeq, note, retracted: true };
};

/** An edition behind one that told what is put right here. */
const afterWrong = (news: News[], corrections: Correction[], curation = NO_CURATION): Pieces => {
  const [newsletter] = press.newsroom.newsletters;
  if (!newsletter) throw new Error('no newsletter');
  const began = { plannedAt: '2026-05-01T08:00:00.000Z', startedAt: '2026-05-01T08:00:00.000Z', upTo: 50 };
  return renderPieces(press, {
    edition: 'city-news-weekly-20260504T080000Z',
    newsletter,
    cadence: 'weekly',
    date: '2026-05-04T08:00:00.000Z',
    news: newestFirst(...news),
    before: {
      told: corrections.map(({ article, announcedSeq }) => ({ ...article, announcedSeq })),
      windows: [began],
      editions: [{ cadence: 'weekly', ...began }],
      live: [],
      corrections,
    },
    curation,
  });
};

describe('whatever is written, in whatever script', () => {
  /** Gmail clips at 102 KB. */
  const CLIPPED = 100_000;
  const scripts = ['a', 'é', 'ж', '漢', 'ع', 'ก', '🚢', '&', '"', "'", '=', '<', 'a ', 'ж ', '漢 ', '\n'];
  const text = (most: number) =>
    fc.tuple(fc.constantFrom(...scripts), fc.integer({ min: 1, max: most })).map(([one, length]) =>
      one
        .repeat(Math.ceil(length / one.length))
        .slice(0, length)
        .toWellFormed(),
    );
  const address = (most: number) => text(most).map((one) => `https://x.example/${one.replace(/[\s<>"]/g, 'x')}`);
  const article = fc.record({
    title: text(300),
    summary: text(2000),
    authors: fc.array(
      text(120).map((name) => ({ name })),
      { maxLength: 30 },
    ),
    topics: fc.subarray(['mobility', 'climate', 'culture']),
    url: fc.option(address(2000)),
    image: fc.option(fc.record({ url: address(2000), alt: text(1000), credit: text(200) })),
  });
  const curation = fc.record({ subject: text(150), intro: text(3000) });
  const wrong = fc.record({ title: text(300), note: text(500) });

  const mailWith = (
    articles: Partial<News>[],
    said: { subject: string; intro: string },
    notes: { title: string; note: string }[],
  ) => {
    const pieces = afterWrong(
      articles.map((over, i) => someNews(100 + i, over)),
      notes.map((over, i) => aCorrection(i + 1, over)),
      { ...NO_CURATION, subject: { en: said.subject }, intro: { en: said.intro } },
    );
    const choice = layOut(pieces, wants({ after: 99 }));
    if (!choice) throw new Error('There is nothing for this reader.');
    const to = `${'r'.repeat(64)}@${'reader.'.repeat(25)}example`;
    return { raw: composeFor(pieces, choice, { ...personal, to }), choice };
  };

  test('a mail is not cut off, and ends in the link for leaving', () => {
    fc.assert(
      fc.property(
        fc.array(article, { minLength: 1, maxLength: 12 }),
        curation,
        fc.array(wrong, { maxLength: 14 }),
        (articles, said, notes) => {
          const { raw, choice } = mailWith(articles, said, notes);
          expect(raw.length).toBeLessThanOrEqual(CLIPPED);
          expect(choice.articles.length + choice.more).toBe(articles.length);
          expect(raw.toString('latin1').split('token-of-ana')).toHaveLength(8);
        },
      ),
      { numRuns: 25 },
    );
  }, 120_000);

  test('the longest of everything at once fits, letter by letter', () => {
    const longest = scripts.map((one) => {
      const full = (most: number): string => one.repeat(most).slice(0, most).toWellFormed();
      const url = `https://x.example/${full(1980).replace(/[\s<>"]/g, 'x')}`;
      const article = {
        ...{ title: full(300), summary: full(2000), topics: ['mobility'], url },
        authors: Array.from({ length: 30 }, () => ({ name: full(120) })),
        image: { url, alt: full(1000), credit: full(200) },
      };
      const notes = Array.from({ length: 12 }, () => ({ title: full(300), note: full(500) }));
      return mailWith([article, article, article], { subject: full(150), intro: full(3000) }, notes).raw.length;
    });
    expect(Math.max(...longest)).toBeLessThanOrEqual(CLIPPED);
  }, 120_000);
});

describe('the pieces of an edition', () => {
  test('of an earlier release, whose way to the rest had no holes, are read as they are', async () => {
    const bucket = memoryBucket();
    const shelf = bucketPieces(bucket);
    const key = await shelf.keep(piecesOf(someNews(1)));
    const kept = await bucket.get(key);
    const item = JSON.parse(Buffer.from(kept?.bytes ?? []).toString());
    for (const shell of Object.values<Record<string, unknown>>(item.shells)) shell['more'] = [{ html: 'M', text: 'm' }];
    await bucket.put(key, Buffer.from(JSON.stringify(item)), { contentType: 'application/json' });
    const back = await shelf.read(key);
    expect(back.shells.get('en')?.more).toEqual([{ html: [Buffer.from('M')], text: [Buffer.from('m')] }]);
  });

  test('of an earlier release are still read: windows were numbers, and corrections had no moment', async () => {
    const bucket = memoryBucket();
    const shelf = bucketPieces(bucket);
    const key = await shelf.keep(afterWrong([someNews(100)], [aCorrection(1), aCorrection(2)]));
    const kept = JSON.parse(Buffer.from((await bucket.get(key))?.bytes ?? []).toString());
    for (const shell of Object.values<Record<string, unknown>>(kept.shells)) delete shell['moreCorrections'];
    for (const one of [...kept.corrections, ...kept.articles]) for (const name of ['at', 'ordered']) delete one[name];
    delete kept.editions;
    kept.windows = [50];
    await bucket.put('old', Buffer.from(JSON.stringify(kept)), { contentType: 'application/json' });
    const { text } = await mailOf(await shelf.read('old'), { after: 99 });
    expect(text).toContain('Wrong 1');
    expect(text).toContain('Wrong 2');
  });

  test('come back from the bucket as they were put there, and the same are put once', async () => {
    const bucket = memoryBucket();
    const shelf = bucketPieces(bucket);
    const pieces = piecesOf(someNews(1, { title: 'L’été, déjà' }), someNews(2, { topics: ['culture'] }));
    const key = await shelf.keep(pieces);
    expect(await shelf.keep(pieces)).toBe(key);
    expect(bucket.keys()).toEqual([key]);
    const back = await shelf.read(key);
    expect(back).toEqual(pieces);
    const choice = layOut(back, wants());
    expect(choice && composeFor(back, choice, personal).equals((await mailOf(pieces)).raw)).toBe(true);
  });
});
