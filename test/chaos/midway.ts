import { setTimeout as pass } from 'node:timers/promises';
import { simpleParser } from 'mailparser';
import { expect } from 'vitest';
import { z } from 'zod';
import { dynamoClient, dynamoTable } from '../../functions/shared/storage/table.dynamo.ts';
import { readTokenKeys } from '../../functions/shared/tokenKeys.ts';
import { makeToken, unsubscribeUrl } from '../../functions/subscribers/token.ts';
import { localName } from '../../infra/local/resources.ts';
import type { Rule } from '../support/faults/rules.ts';
import { openScene, type Scene, type TakenMail, withWhatHappened } from './scene.ts';
import { AFTER_THE_SLOT, BEFORE_THE_SLOT, NEWSROOM_KEY, settle, type Town } from './town.ts';
import { watcher } from './weekly.ts';

/** What people do while an edition is being sent, each through the door that is there for it. */
export type Deed = 'leave' | 'retract' | 'cancel';

interface Midway {
  readonly seed: number;
  readonly rules: readonly Rule[];
  readonly deeds: readonly Deed[];
  readonly perSecond: number;
  readonly mostMs?: number;
}

/** When so much of the audience has its mail. */
const WHEN: Readonly<Record<Deed, number>> = { leave: 0.15, retract: 0.3, cancel: 0.5 };
/** The longest that a mail may still go out after somebody was answered. */
const LATEST_MS = 5000;
const LEAVERS = 20;
const WITHDRAWN = 'Zeppelins over the estuary';
/** At fourteen a second it is quiet between two mails, and nothing is wrong. */
const PATIENCE_MS = 5000;

/** One weekly edition in a storm, in the middle of which all this is done; what a person was promised then holds. */
export const liveMidway = async (town: Town, weather: Midway): Promise<void> => {
  const scene = await openScene(town, {
    seed: weather.seed,
    startAt: BEFORE_THE_SLOT,
    hands: ['editionsSweep', 'editionsPlan', 'pagesSend', 'feedback', 'newsletters', 'signup', 'articles'],
    tables: ['ledger', 'pace', 'wire', 'subscribers'],
    events: 'later',
    perSecond: weather.perSecond,
  });
  await withWhatHappened(scene, () => live(town, scene, weather));
};

const live = async (town: Town, scene: Scene, weather: Midway): Promise<void> => {
  const { until, ...watch } = watcher(town, scene, { patienceMs: PATIENCE_MS, mostMs: weather.mostMs ?? 240_000 });
  await settle(scene.table('subscribers'), town.readers.size);
  await until('everybody is at work', async () => scene.crew.ready());
  await publish(scene, 'Ferries of five towns');
  const withdrawn = await publish(scene, WITHDRAWN);
  scene.crew.tick();
  await until('the track is there', async () => (await watch.ledger.track('city-news', 'weekly')) !== undefined);
  scene.faults.add(...weather.rules);
  scene.turnTo(AFTER_THE_SLOT);
  scene.crew.tick();

  const done = new Map<Deed, Map<string, number>>();
  for (const deed of weather.deeds) {
    const enough = WHEN[deed] * town.readers.size;
    await until(`so many have it that they ${deed}`, async () => (await scene.taken()).length >= enough);
    done.set(deed, await act(town, scene, { deed, withdrawn, edition: (await watch.edition())?.id ?? '' }));
  }
  const isCancelled = weather.deeds.includes('cancel');
  await until('the edition is over', async () => (await watch.edition())?.closedAt != null);
  scene.faults.clear();
  scene.crew.wakeAll();
  scene.tellEvents();
  await until('every mail that was taken is settled', watch.isSettled);
  expect((await watch.edition())?.state).toBe(isCancelled ? 'cancelled' : 'complete');
  expect(await watch.wronglySettled()).toEqual([]);

  const taken = await scene.taken();
  const left = done.get('leave') ?? new Map<string, number>();
  expect(taken.filter(isLate(left)).map(({ to }) => to)).toEqual([]);
  const counts = await watch.counts();
  expect(counts).toMatchObject({ ready: 0, claimed: 0, sending: 0, sent: taken.length });
  if (isCancelled) expect(counts.cancelled).toBeGreaterThan(0);
  else await everybodyElseHasIt(town, { taken, left, missing: counts.failed + counts.unknown });
  const [cancelledAt] = done.get('cancel')?.values() ?? [];
  if (cancelledAt !== undefined) expect(taken.filter(({ atMs }) => atMs > cancelledAt + LATEST_MS)).toEqual([]);
  const [retractedAt] = done.get('retract')?.values() ?? [];
  if (retractedAt !== undefined) await noneHoldsIt(scene, taken, retractedAt);
};

const isLate =
  (left: ReadonlyMap<string, number>) =>
  ({ to, atMs }: TakenMail): boolean =>
    atMs > (left.get(to) ?? Number.POSITIVE_INFINITY) + LATEST_MS;

interface Ended {
  readonly taken: readonly TakenMail[];
  readonly left: ReadonlyMap<string, number>;
  /** Known by name, and a retry away. */
  readonly missing: number;
}

/** Whoever left before his turn has none; there were some, else this says nothing. */
const everybodyElseHasIt = async (town: Town, { taken, left, missing }: Ended): Promise<void> => {
  const got = new Set(taken.map(({ to }) => to));
  const without = [...town.readers.values()].filter((address) => !got.has(address));
  expect(without.filter((address) => !left.has(address)).length).toBeLessThanOrEqual(missing);
  if (left.size > 0) expect(without.filter((address) => left.has(address)).length).toBeGreaterThan(0);
};

/** It was in the first mail, and is in none that was taken later than this. */
const noneHoldsIt = async (scene: Scene, taken: readonly TakenMail[], retractedAt: number): Promise<void> => {
  const holds = async ({ id }: TakenMail): Promise<boolean> => {
    const { subject = '', text = '', html } = await simpleParser(await scene.mail(id));
    return `${subject} ${text} ${html}`.includes(WITHDRAWN);
  };
  const [first] = taken;
  expect(first && (await holds(first))).toBe(true);
  for (const mail of taken.filter(({ atMs }) => atMs > retractedAt + LATEST_MS)) {
    expect([mail.to, await holds(mail)]).toEqual([mail.to, false]);
  }
};

interface Doing {
  readonly deed: Deed;
  readonly withdrawn: string;
  readonly edition: string;
}

/** Who did it, and when he was answered: milliseconds since 1970. */
const act = async (town: Town, scene: Scene, { deed, withdrawn, edition }: Doing): Promise<Map<string, number>> => {
  switch (deed) {
    case 'leave':
      return leave(town, scene);
    case 'retract':
      return new Map([[deed, await ask(scene, 'DELETE', `/api/v1/articles/${withdrawn}?reason=It+was+not+so`)]]);
    case 'cancel':
      return new Map([[deed, await ask(scene, 'POST', `/api/v1/editions/${edition}/cancel`)]]);
  }
};

/** Some of those who have nothing yet press the button of their mail client (RFC 8058). */
const leave = async (town: Town, scene: Scene): Promise<Map<string, number>> => {
  const keys = await readTokenKeys(dynamoTable(dynamoClient(), localName('keys')), 'links');
  const got = new Set((await scene.taken()).map(({ to }) => to));
  const waiting = [...town.readers].filter(([, address]) => !got.has(address));
  const every = Math.max(1, Math.floor(waiting.length / LEAVERS));
  const leavers = waiting.filter((_, i) => i % every === 0).slice(0, LEAVERS);
  const left = await Promise.all(
    leavers.map(async ([subscriber, address]) => {
      const token = makeToken(keys, { subscriber, newsletter: 'city-news', purpose: 'unsubscribe' });
      return [address, await ask(scene, 'POST', unsubscribeUrl('', token), ONE_CLICK)] as const;
    }),
  );
  return new Map(left);
};

const ONE_CLICK = {
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'List-Unsubscribe=One-Click',
};
const AS_EDITOR = { headers: { authorization: `Bearer ${NEWSROOM_KEY}`, 'content-type': 'application/json' } };

/** Asks until somebody answers: whoever was asked may have died. When that was. */
const ask = async (scene: Scene, method: string, path: string, how: RequestInit = AS_EDITOR): Promise<number> => {
  for (let tries = 0; tries < 60; tries++) {
    const answer = await answerTo(scene, path, { ...how, method });
    // Done before, and the answer was lost.
    if (answer?.ok || (answer && tries > 0 && answer.status < 500)) return Date.now();
    if (answer && answer.status < 500) throw new Error(`${method} ${path} was answered with ${answer.status}.`);
    await pass(100);
  }
  throw new Error(`Nobody answers ${method} ${path}.`);
};

const answerTo = async (scene: Scene, path: string, how: RequestInit): Promise<Response | undefined> => {
  try {
    return await fetch(`${scene.crew.url()}${path}`, { ...how, signal: AbortSignal.timeout(10_000) });
  } catch {
    // Whoever was to answer has died: that is what this is about.
    return undefined;
  }
};

const publish = async (scene: Scene, title: string): Promise<string> => {
  const article = { language: 'en', title, body: { html: `<p>${title}.</p>` }, topics: [], externalId: title };
  const answer = await answerTo(scene, '/api/v1/articles', {
    ...AS_EDITOR,
    method: 'POST',
    body: JSON.stringify(article),
  });
  return z.object({ id: z.string() }).parse(await answer?.json()).id;
};
