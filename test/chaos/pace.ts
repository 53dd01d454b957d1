import { setTimeout as pass } from 'node:timers/promises';
import { changeEdition } from '../../functions/digest/ledger/change.ts';
import type { Edition } from '../../functions/digest/ledger/edition.ts';
import { dynamoLedger } from '../../functions/digest/ledger/ledger.dynamo.ts';
import { mostInASecond } from '../mail/aTurnedClock.ts';
import { openScene, type Scene, withWhatHappened } from './scene.ts';
import { AFTER_THE_SLOT, BEFORE_THE_SLOT, type Town } from './town.ts';

/** Two processes that send an edition page by page, at what SES grants both of them together. */
export interface Rate {
  readonly perSecond: number;
  /** How long it is watched, once the second process has its share. */
  readonly seconds: number;
}

export interface Kept {
  /** Of what is granted, on average. */
  readonly share: number;
  /** The most calls in any second, by the clock of who calls. */
  readonly called: number;
  /** The most that came before SES in any second: a busy machine bunches what was sent in time. */
  readonly arrived: number;
  readonly calls: number;
  /** How many mails SES took; it turned the others down as too fast. */
  readonly taken: number;
}

/** The second process has its share after four seconds; what comes before counts for the most, not for the average. */
const WARM_UP_MS = 5000;
const LOOK_MS = 20;
const MOST_MS = 120_000;

/** So many readers keep two processes at work for so long, and a little longer. */
export const readersFor = ({ perSecond, seconds }: Rate): number =>
  Math.ceil(perSecond * (WARM_UP_MS / 1000 + seconds + 1));

/** From the slot of an edition on, through the real pages: claim, read, compose, begin, call, settle. */
export const sendAtRate = async (town: Town, { perSecond, seconds }: Rate): Promise<Kept> => {
  const scene = await openScene(town, {
    seed: 1,
    startAt: BEFORE_THE_SLOT,
    hands: ['editionsSweep', 'editionsPlan', 'pagesSend'],
    tables: ['ledger', 'pace'],
    events: 'later',
    perSecond,
  });
  return withWhatHappened(scene, async () => {
    await begin(scene);
    const [first = 0] = scene.crew.calls;
    const [from, to] = [first + WARM_UP_MS, first + WARM_UP_MS + seconds * 1000];
    const { calls } = scene.crew;
    // On a machine that cannot keep up, until there is something to look at.
    await until(
      'more than two seconds of mails are sent',
      async () => Date.now() >= to && calls.length > 2 * perSecond,
    );
    const taken = await scene.taken();
    const inTime = taken.filter(({ atMs }) => atMs >= from && atMs < to).length;
    return {
      share: inTime / seconds / perSecond,
      called: mostInASecond(calls),
      arrived: mostInASecond(scene.faults.mailsAtMs),
      calls: calls.length,
      taken: taken.length,
    };
  });
};

/** Until the first mail of an edition that goes to everybody at once. */
const begin = async (scene: Scene): Promise<void> => {
  const ledger = dynamoLedger(scene.table('ledger'));
  await until('everybody is at work', async () => scene.crew.ready());
  scene.crew.tick();
  await until('the track is there', async () => (await ledger.track('city-news', 'weekly')) !== undefined);
  scene.turnTo(AFTER_THE_SLOT);
  scene.crew.tick();
  await until('the edition is there', async () => (await ledger.newest('city-news', { limit: 1 })).length > 0);
  const [edition] = await ledger.newest('city-news', { limit: 1 });
  await changeEdition(ledger, edition?.id ?? '', toAllAtOnce);
  await until('the first mail is sent', async () => scene.crew.calls.length > 0);
};

const toAllAtOnce = (there: Edition): Edition => ({
  ...there,
  first: { through: 0, doneAt: there.createdAt, passed: true },
});

const until = async (what: string, done: () => Promise<boolean>): Promise<void> => {
  const end = performance.now() + MOST_MS;
  while (!(await done())) {
    if (performance.now() > end) throw new Error(`Not within ${MOST_MS} ms: ${what}.`);
    await pass(LOOK_MS);
  }
};
