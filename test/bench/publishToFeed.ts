import { type Courant, startCourant } from '../support/courant.ts';
import { milliseconds, percentile, perSecond, printTable, type Row } from './table.ts';

const PARAGRAPH = `<p>${'The ferries of the upper river run to one timetable from May on, and nobody waits longer than ten minutes. '.repeat(6)}</p>`;
const TOPICS = ['mobility', 'climate', 'housing', 'smart-city', 'governance', 'culture'];
const SAMPLES = 40;
const AT_ONCE = 8;

const article = (name: string, i: number, announce: boolean) => ({
  language: ['en', 'fr', 'es'][i % 3],
  title: `${name} ${i}: the council votes on the river plan`,
  body: { html: PARAGRAPH.repeat(8) },
  topics: [TOPICS[i % TOPICS.length]],
  externalId: `${name}-${i}`,
  announce,
});

/** From POST to the article in the feed's bytes, through HTTP, with the emulators in threads of the measured process. */
export const benchPublishToFeed = async (sizes: readonly number[]): Promise<void> => {
  const courant = await startCourant();
  const rows: Row[] = [];
  let there = 0;
  try {
    for (const size of sizes) {
      const before = performance.now();
      const from = there;
      there = await fill(courant, there, size);
      if (there - from > 100) {
        rows.push({
          what: `ingest, ${AT_ONCE} at a time`,
          figure: perSecond(there - from, performance.now() - before),
          note: 'new articles through the API, not announced',
        });
      }
      const times = await samples(courant, size);
      there += SAMPLES;
      rows.push(
        {
          what: `publish to feed, ${size.toLocaleString('en')} articles on the wire, p50`,
          figure: milliseconds(percentile(times, 0.5)),
        },
        {
          what: `publish to feed, ${size.toLocaleString('en')} articles on the wire, p95`,
          figure: milliseconds(percentile(times, 0.95)),
        },
      );
    }
    rows.push(...(await polls(courant)));
  } finally {
    await courant.remove();
  }
  printTable('From POST /api/v1/articles to the bytes of /feeds/{lang}/all.rss', rows);
};

const fill = async (courant: Courant, from: number, to: number): Promise<number> => {
  let next = from;
  const worker = async (): Promise<void> => {
    while (next < to) {
      const i = next++;
      if (i % 1000 === 0 && i > from)
        process.stderr.write(`\r  filling the wire: ${i.toLocaleString('en')} of ${to.toLocaleString('en')}`);
      const { status } = await courant.api('POST', '/api/v1/articles', article('fill', i, false));
      if (status !== 201) throw new Error(`An article was answered with ${status}.`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  process.stderr.write('\r\u001b[K');
  return Math.max(from, to);
};

const samples = async (courant: Courant, size: number): Promise<number[]> => {
  const times: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const sent = article(`sample-${size}`, i, true);
    const started = performance.now();
    await courant.api('POST', '/api/v1/articles', sent);
    const feed = `/feeds/${sent.language}/all.rss`;
    while (!(await (await courant.fetch(feed)).text()).includes(sent.title))
      await new Promise((resolve) => setTimeout(resolve, 5));
    times.push(performance.now() - started);
  }
  return times;
};

const POLL_MS = 4000;

/** Readers that have the newest already, each with a connection of its own: what is left where nothing caches. */
const polls = async (courant: Courant): Promise<Row[]> => {
  const path = '/feeds/en/all.rss';
  const etag = (await courant.fetch(path)).headers.get('etag') ?? '';
  const times: number[] = [];
  const began = performance.now();
  const reader = async (): Promise<void> => {
    while (performance.now() - began < POLL_MS) {
      const from = performance.now();
      const { status } = await courant.fetch(path, { headers: { 'if-none-match': etag } });
      if (status !== 304) throw new Error(`A poll was answered with ${status}.`);
      times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  return [
    {
      what: `conditional polls answered 304, ${AT_ONCE} at a time`,
      figure: perSecond(times.length, performance.now() - began),
      note: `p95 ${milliseconds(percentile(times, 0.95))}; without CloudFront, which answers them from its cache`,
    },
  ];
};
