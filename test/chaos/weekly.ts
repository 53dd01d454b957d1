import { expect } from 'vitest';
import type { Edition } from '../../functions/digest/ledger/edition.ts';
import { dynamoLedger } from '../../functions/digest/ledger/ledger.dynamo.ts';
import { type Counts, countsOf, deliveryId, type Page } from '../../functions/digest/ledger/page.ts';
import type { Rule } from '../support/faults/rules.ts';
import { openScene, type Scene, withWhatHappened } from './scene.ts';
import { AFTER_THE_SLOT, BEFORE_THE_SLOT, NEWSROOM_KEY, type Town } from './town.ts';
import { type Patience, watching } from './until.ts';

/** What a weekly edition lives through. */
export interface Weather extends Patience {
  readonly seed: number;
  readonly rules: readonly Rule[];
  readonly events: 'at once' | 'later';
}

export interface Lived {
  /** Of how many readers nobody knew whether they got it, when SES had told everything. */
  readonly unknown: number;
  readonly kills: number;
  readonly freezes: number;
  readonly happened: readonly string[];
  readonly passed: ReadonlyMap<string, number>;
}

/**
 * One weekly edition for everybody in town, from its slot until everybody has it once, with two processes that do all
 * of it. Checks at every look that nobody has it twice and that the audience is accounted for.
 */
export const liveThrough = async (town: Town, weather: Weather): Promise<Lived> => {
  const scene = await openScene(town, {
    seed: weather.seed,
    startAt: BEFORE_THE_SLOT,
    hands: ['editionsSweep', 'editionsPlan', 'pagesSend', 'feedback', 'newsletters'],
    tables: ['ledger', 'pace'],
    events: weather.events,
  });
  return withWhatHappened(scene, () => live(town, scene, weather));
};

const live = async (town: Town, scene: Scene, weather: Weather): Promise<Lived> => {
  const { until, ...watch } = watcher(town, scene, weather);
  const isComplete = async (): Promise<boolean> => (await watch.edition())?.state === 'complete';
  await until('everybody is at work', async () => scene.crew.ready());
  scene.crew.tick();
  await until('the track is there', async () => (await watch.ledger.track('city-news', 'weekly')) !== undefined);
  scene.faults.add(...weather.rules);
  if (scene.now() < AFTER_THE_SLOT) scene.turnTo(AFTER_THE_SLOT);
  scene.crew.tick();
  await until('the edition is complete', isComplete);

  // The storm is over, whoever slept wakes, and SES tells what it has taken.
  scene.faults.clear();
  scene.crew.wakeAll();
  scene.tellEvents();
  await until('every mail that was taken is settled', watch.isSettled);
  const counts = await watch.counts();
  expect(await watch.wronglySettled()).toEqual([]);
  expect(counts).toMatchObject({ ready: 0, claimed: 0, sending: 0, cancelled: 0, suppressed: 0 });

  // Who is missing is known by name: a person asks for exactly those.
  if (counts.unknown + counts.failed > 0) {
    await watch.ask('retry');
    await until('the retry is complete', isComplete);
    await until('every mail that was taken is settled', watch.isSettled);
  }
  const got = new Set((await scene.taken()).map(({ to }) => to));
  expect([...town.readers.values()].filter((address) => !got.has(address))).toEqual([]);
  expect(await watch.counts()).toMatchObject({ audience: town.readers.size, sent: town.readers.size, unknown: 0 });
  const { happened, passed } = scene.faults;
  return { unknown: counts.unknown, ...scene.crew.fallen, happened, passed };
};

/** Looks at the edition of a scene, and checks at every look what must always be true. */
export const watcher = (town: Town, scene: Scene, patience: Patience) => {
  const ledger = dynamoLedger(scene.table('ledger'));

  const edition = async (): Promise<Edition | undefined> => {
    const weekly = (await ledger.newest('city-news', { limit: 50 })).filter(({ cadence }) => cadence === 'weekly');
    if (weekly.length > 1) throw new Error(`One slot, ${weekly.length} editions.`);
    return weekly[0];
  };
  const pages = async (): Promise<Page[]> => {
    const there = await edition();
    return there ? ledger.pages(there.id, { after: 0 }) : [];
  };
  const counts = async (): Promise<Counts> => countsOf(await pages(), (await edition())?.audience ?? 0);

  const check = async (): Promise<void> => {
    const got = new Set<string>();
    for (const { to } of await scene.taken()) {
      if (got.has(to)) throw new Error(`${to} got it twice.`);
      got.add(to);
    }
    if (((await edition())?.audience ?? null) === null) return;
    const { audience, ...states } = await counts();
    const sum = Object.values(states).reduce((a, b) => a + b, 0);
    if (sum !== audience || audience !== town.readers.size) {
      throw new Error(`The audience is ${audience} of ${town.readers.size}, its deliveries are ${sum}.`);
    }
  };

  const ask = async (action: 'send' | 'retry'): Promise<void> => {
    const there = await edition();
    const answer = await fetch(`${scene.crew.url()}/api/v1/editions/${there?.id}/${action}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${NEWSROOM_KEY}`, 'content-type': 'application/json' },
      ...(action === 'retry' && { body: JSON.stringify({ unknown: true }) }),
    });
    if (!answer.ok) throw new Error(`${action} was answered with ${answer.status}: ${await answer.text()}`);
  };
  /** It came too late to go out by itself, say: a person lets it go. Where that fails, he asks again. */
  const nudge = async (): Promise<void> => {
    if ((await edition())?.state === 'held') await ask('send').catch(() => {});
  };

  return {
    ...{ ledger, edition, counts, ask },
    until: watching({ scene, check, nudge, shown: counts, ...patience }),

    /** Everything that SES took stands as sent. */
    async isSettled(): Promise<boolean> {
      const states = statesOf(await pages());
      return (await scene.taken()).every(({ delivery }) => states.get(delivery) === 'sent');
    },

    /** Whoever stands as sent was taken by SES, and nobody else was. */
    async wronglySettled() {
      const taken = new Set((await scene.taken()).map(({ delivery }) => delivery));
      return [...statesOf(await pages())].filter(([id, state]) => (state === 'sent') !== taken.has(id));
    },
  };
};

const statesOf = (pages: readonly Page[]): Map<string, string> =>
  new Map(pages.flatMap(({ page, deliveries }) => deliveries.map(({ state }, i) => [deliveryId(page, i), state])));
