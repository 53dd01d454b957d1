import { expect } from 'vitest';
import type { Rule } from '../../support/faults/rules.ts';
import { openTestSite } from '../../support/httpServer.ts';
import { openScene, type Scene, withWhatHappened } from '../scene.ts';
import type { Town } from '../town.ts';
import { type Patience, watching } from '../until.ts';
import { type Bringing, DOORS } from './doors.ts';
import { entriesAfter, idsInPages, inboxReports, isInboxEmpty, titlesInFeeds, wireOf } from './places.ts';

export interface NewsdayWeather extends Patience {
  readonly seed: number;
  readonly rules: readonly Rule[];
  /** Over all doors. */
  readonly articles: number;
}

export interface Newsday {
  readonly kills: number;
  readonly freezes: number;
  /** Files of the inbox that were begun too often, which their reports say. */
  readonly setAside: number;
  readonly happened: readonly string[];
  readonly passed: ReadonlyMap<string, number>;
}

/**
 * Articles come in by every door while whoever takes them dies. What was accepted is on the wire once, in the feeds if
 * it is news, and in the lists of pages anyway; the wire has no hole.
 */
export const liveThroughNewsday = async (town: Town, weather: NewsdayWeather): Promise<Newsday> => {
  const site = await openTestSite();
  const over = new AbortController();
  const scene = await openScene(town, {
    seed: weather.seed,
    startAt: '2026-05-04T05:30:00.000Z',
    hands: [
      ...(['articles', 'articleImports', 'articleJobs', 'jobsSweep', 'inbox'] as const),
      ...(['sources', 'hooks', 'sourcesSweep', 'sourcesPoll', 'clock', 'feedsSweep', 'feedsBuild'] as const),
    ],
    tables: ['wire', 'feeds', 'sources', 'jobs'],
    buckets: ['public', 'private'],
    events: 'at once',
    environment: { FETCH_ALLOW: '127.0.0.1' },
  });
  try {
    return await withWhatHappened(scene, () => live({ scene, site, over: over.signal }, weather));
  } finally {
    over.abort();
    await site.close();
  }
};

type Day = Pick<Bringing, 'scene' | 'site' | 'over'>;

const live = async (day: Day, weather: NewsdayWeather): Promise<Newsday> => {
  const { scene } = day;
  const titles = titlesByDoor(weather.articles);
  const accepted = new Set<string>();
  /** Titles on the wire, and whether they are news. */
  const there = new Map<string, boolean>();
  let last = 0;
  const look = async (): Promise<void> => {
    for (const { seq, kind, article, announce } of await entriesAfter(scene, last)) {
      last = seq;
      if (there.has(article.title)) throw new Error(`“${article.title}” is on the wire again, as ${kind}.`);
      there.set(article.title, announce);
    }
  };
  const doors = openDoors(day, titles, accepted);
  const check = async (): Promise<void> => {
    if (doors.trouble) throw doors.trouble;
    await look();
  };
  const shown = async () => ({
    accepted: accepted.size,
    there: there.size,
    open: [...doors.open],
    quietMs: scene.faults.quietMs(),
    isReady: scene.crew.ready(),
  });
  const until = watching({ scene, check, shown, ...weather });

  await until('everybody is at work', async () => scene.crew.ready());
  scene.faults.add(...weather.rules);
  doors.begin();
  await until('every door has been answered', async () => doors.open.size === 0);
  await until('what was accepted is on the wire', async () => {
    const isIn = [...accepted].every((title) => there.has(title));
    return isIn && isInboxEmpty(scene);
  });
  scene.faults.clear();
  scene.crew.wakeAll();
  // Whoever slept may still put an article on the wire, which nobody waits for any more.
  await until('the feeds have what is on the wire', async () => {
    if ((await idsInPages(scene)).length < there.size || scene.faults.quietMs() < 200) return false;
    const { current, archived } = await titlesInFeeds(scene);
    const shown = new Set([...current, ...archived]);
    return [...there].every(([title, isNews]) => !isNews || shown.has(title));
  });
  const { setAside } = await expectAllThere(scene, titles, accepted);
  const { happened, passed } = scene.faults;
  return { setAside, ...scene.crew.fallen, happened, passed };
};

type Titles = Readonly<Record<string, readonly string[]>>;

const titlesByDoor = (articles: number): Titles => {
  const names = Object.keys(DOORS);
  const count = (i: number): number => Math.floor((articles + i) / names.length);
  return Object.fromEntries(
    names.map((name, i) => [name, Array.from({ length: count(i) }, (_, n) => `${name}-${n + 1}`)]),
  );
};

/** All at the same time, and each as long as it takes. */
const openDoors = (day: Day, titles: Titles, accepted: Set<string>) => {
  const open = new Set(Object.keys(DOORS));
  const doors: { readonly open: Set<string>; trouble: Error | undefined; begin(): void } = {
    open,
    trouble: undefined,
    begin() {
      for (const [name, door] of Object.entries(DOORS)) {
        door({ ...day, titles: titles[name] ?? [], accept: (title) => void accepted.add(title) }).then(
          () => open.delete(name),
          (error: unknown) => {
            doors.trouble = error instanceof Error ? error : new Error(String(error));
          },
        );
      }
    },
  };
  return doors;
};

const expectAllThere = async (scene: Scene, titles: Titles, accepted: ReadonlySet<string>) => {
  const entries = await wireOf(scene);
  const onWire = entries.map(({ article }) => article.title);
  const { taken, setAside } = await inboxReports(scene);
  expect(entries.filter(({ kind }) => kind !== 'published')).toEqual([]);
  expect(twiceIn(onWire)).toEqual([]);
  expect([...accepted, ...taken].filter((title) => !onWire.includes(title))).toEqual([]);
  expect(entries.filter(({ article }) => article.html === '')).toEqual([]);
  if (setAside === 0) expect(onWire.toSorted()).toEqual(Object.values(titles).flat().toSorted());

  const { current, archived } = await titlesInFeeds(scene);
  expect([twiceIn(current), twiceIn(archived)]).toEqual([[], []]);
  const news = entries.filter(({ announce }) => announce).map(({ article }) => article.title);
  expect([...new Set([...current, ...archived])].toSorted()).toEqual(news.toSorted());
  expect((await idsInPages(scene)).toSorted()).toEqual(entries.map(({ article }) => article.id).toSorted());
  return { setAside };
};

const twiceIn = (titles: readonly string[]): string[] => titles.filter((title, i) => titles.indexOf(title) !== i);
