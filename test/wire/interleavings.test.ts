import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setLogSink } from '../../functions/shared/log.ts';
import { FLAWS } from './simulation/flaws.ts';
import { HABITS, WEATHERS } from './simulation/settings.ts';
import { type Setting, simulate } from './simulation/simulate.ts';

/** `WIRE_SEED=… WIRE_PLAYS=1` plays one again; a large `WIRE_PLAYS` looks for what is rare. */
const SEED = Number(process.env['WIRE_SEED'] ?? 1);
const PLAYS = Number(process.env['WIRE_PLAYS'] ?? 40);

beforeAll(() => setLogSink(() => {}));
afterAll(() => setLogSink((line) => process.stdout.write(`${line}\n`)));

/** The first play in which a promise is broken. */
const firstBroken = async (
  setting: Setting,
  plays: number,
): Promise<{ seed: number; broken: string[] } | undefined> => {
  for (let seed = SEED; seed < SEED + plays; seed++) {
    const { broken } = await simulate(seed, setting);
    if (broken.length > 0) return { seed, broken };
  }
  return undefined;
};

describe('the wire keeps its promises, however the steps of writers, readers and the clock fall', () => {
  const settings = Object.entries(WEATHERS).flatMap(([sky, weather]) =>
    Object.entries(HABITS).map(([what, habits]) => [sky, what, { weather, habits }] as const),
  );

  it.each(settings)('in %s weather, with %s', { timeout: 600_000 }, async (_sky, _what, setting) => {
    expect(await firstBroken(setting, PLAYS)).toBeUndefined();
  });

  it('and the plays are worth watching: all that can happen does', async () => {
    const kinds = new Set<string>();
    const outcomes = new Set<string>();
    let entries = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const { aftermath } = await simulate(seed, { weather: WEATHERS.rough, habits: HABITS.everything });
      entries += aftermath.log.length;
      for (const { kind } of aftermath.log) kinds.add(kind);
      for (const { is, outcome } of aftermath.answered) if (is !== 'ring') outcomes.add(outcome.is);
    }
    expect([...kinds].sort()).toEqual(['aliased', 'expired', 'published', 'retracted', 'revised']);
    expect([...outcomes]).toEqual(
      expect.arrayContaining(['new', 'revised', 'unchanged', 'older', 'retracted', 'drafted', 'draft-removed']),
    );
    expect(entries).toBeGreaterThan(100);
  });
});

describe('a mistake is found', () => {
  /** Where each shows soonest. */
  const where: Readonly<Record<string, Setting>> = {
    'an entry takes the place of another': {
      weather: WEATHERS.calm,
      habits: { ...HABITS['many subjects'], retracting: 0 },
    },
    'an older entry overwrites what is known': { weather: WEATHERS.storm, habits: HABITS['one subject'] },
    'a draft is not claimed before it comes out': { weather: WEATHERS.rough, habits: HABITS['drafts and dates'] },
    'nobody notes when a draft is due': { weather: WEATHERS.calm, habits: HABITS['drafts and dates'] },
  };
  const elsewhere: Setting = { weather: WEATHERS.storm, habits: HABITS['many subjects'] };

  it.each(Object.entries(FLAWS))('%s', { timeout: 120_000 }, async (name, flaw) => {
    expect(await firstBroken({ ...(where[name] ?? elsewhere), flaw }, 300)).toBeDefined();
  });
});
