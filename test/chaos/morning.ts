import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { z } from 'zod';
import type { Bodies } from '../../functions/wire/ports.ts';
import { dynamoWire } from '../../functions/wire/wire.dynamo.ts';
import type { Rule } from '../support/faults/rules.ts';
import { openScene, type Scene, withWhatHappened } from './scene.ts';
import { NEWSROOM_KEY, type Town } from './town.ts';
import { type Patience, watching } from './until.ts';

/** What a morning's articles live through. */
export interface MorningWeather extends Patience {
  readonly seed: number;
  readonly rules: readonly Rule[];
  readonly articles: number;
}

export interface Morning {
  /** Articles whose sender never heard that they were taken. */
  readonly unanswered: number;
  readonly kills: number;
  readonly freezes: number;
  readonly happened: readonly string[];
  readonly passed: ReadonlyMap<string, number>;
}

/**
 * Articles come in through the API while whoever takes them dies. What was answered with 2xx is on the wire once and
 * in the feed; the wire has no hole; the feed never loses what it had.
 */
export const liveThroughMorning = async (town: Town, weather: MorningWeather): Promise<Morning> => {
  const scene = await openScene(town, {
    seed: weather.seed,
    startAt: '2026-05-04T05:30:00.000Z',
    hands: ['articles', 'clock', 'feedsSweep', 'feedsBuild'],
    tables: ['wire', 'feeds'],
    buckets: ['public'],
    events: 'at once',
  });
  return withWhatHappened(scene, () => live(scene, weather));
};

const live = async (scene: Scene, weather: MorningWeather): Promise<Morning> => {
  const seen = new Set<string>();
  const check = async (): Promise<void> => {
    const there = await feedOf(scene);
    const lost = [...seen].find((title) => !there.includes(title));
    if (lost !== undefined) throw new Error(`“${lost}” was in the feed and is no more.`);
    if (new Set(there).size !== there.length) throw new Error(`Twice in the feed: ${there.join(', ')}`);
    for (const title of there) seen.add(title);
  };
  const until = watching({ scene, check, shown: async () => ({ feed: seen.size }), ...weather });
  await until('everybody is at work', async () => scene.crew.ready());
  scene.faults.add(...weather.rules);

  const accepted = new Set<string>();
  let sending = true;
  const all = sendAll(scene, weather.articles, accepted).finally(() => {
    sending = false;
  });
  await until('every article is sent', async () => !sending);
  await all;
  scene.faults.clear();
  scene.crew.wakeAll();

  // Whoever slept may still put an article on the wire, which nobody waits for any more.
  await until('the feed has what is on the wire', async () => {
    const titles = await onTheWire(scene);
    return titles.every((title) => seen.has(title)) && scene.faults.quietMs() > 200;
  });
  const titles = await onTheWire(scene);
  expect([...accepted].filter((title) => !titles.includes(title))).toEqual([]);
  expect(new Set(titles).size).toBe(titles.length);
  expect([...seen].sort()).toEqual([...titles].sort());
  const { happened, passed } = scene.faults;
  return { unanswered: weather.articles - accepted.size, ...scene.crew.fallen, happened, passed };
};

const AT_ONCE = 4;
const MOST_TRIES = 12;

/** As a CMS does it: what is not answered is sent again, now and then, and at last given up. */
const sendAll = async (scene: Scene, count: number, accepted: Set<string>): Promise<void> => {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const title = `Article number ${++next}`;
      for (let tries = 0; tries < MOST_TRIES && !accepted.has(title); tries++) {
        if (await isAccepted(scene, title)) accepted.add(title);
        else await pause(100);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
};

const isAccepted = async (scene: Scene, title: string): Promise<boolean> => {
  try {
    const answer = await fetch(`${scene.crew.url()}/api/v1/articles`, {
      method: 'POST',
      headers: { authorization: `Bearer ${NEWSROOM_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ language: 'en', title, body: { html: `<p>${title}.</p>` }, externalId: title }),
      signal: AbortSignal.timeout(5000),
    });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    // Whoever was to answer has died: that is what this is about.
    return false;
  }
};

const noBodies: Bodies = {
  keep: async () => '',
  read: async () => undefined,
  forget: async () => {},
};

/** The titles on the wire, in order; throws where a number is missing. */
const onTheWire = async (scene: Scene): Promise<string[]> => {
  const table = scene.table('wire');
  const entries = await dynamoWire(table, noBodies).after(0, 10_000);
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i + 1));
  expect(entries.every(({ kind }) => kind === 'published')).toBe(true);
  return entries.map(({ article }) => article.title);
};

const feed = z.object({ items: z.array(z.object({ title: z.string() })) });

const feedOf = async (scene: Scene): Promise<string[]> => {
  const found = await scene.bucket('public').get('feeds/en/all.json');
  if (!found) return [];
  return feed.parse(JSON.parse(Buffer.from(found.bytes).toString('utf8'))).items.map(({ title }) => title);
};
