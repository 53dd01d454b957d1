import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXIT, follow } from '../../../infra/send/follow.ts';
import { duration, type EditionAnswer, progressLine, summary } from '../../../infra/send/line.ts';
import { type Courant, startCourant } from '../../support/courant.ts';

const anEdition = (over: Partial<EditionAnswer> = {}): EditionAnswer => ({
  id: 'city-news-weekly-20260504T080000Z',
  state: 'sending',
  deliveries: { audience: 50_000, sent: 12_400, failed: 0, suppressed: 0, unknown: 0, cancelled: 0 },
  progress: { done: 12_500, of: 50_000, perSecond: 13.8, etaSeconds: 2724 },
  ...over,
});

describe('the line', () => {
  test('says how far it is, how fast it goes and how long it takes', () => {
    expect(progressLine(anEdition())).toBe(
      'sending   ███████▌                        12,500 of 50,000  13.8/s  45 min 24 s to go',
    );
  });

  test('says what it waits for, and promises nothing that nobody knows', () => {
    const progress = { done: 1000, of: 50_000, perSecond: 0, etaSeconds: null, waitsUntil: '2026-05-04T08:07:00.000Z' };
    expect(progressLine(anEdition({ progress }))).toContain('the others get it from 08:07 UTC');
    const paused = anEdition({ state: 'paused', pausedBecause: 'DailyQuotaReserved' });
    expect(progressLine(paused)).toMatch(/^paused .*\(DailyQuotaReserved\)$/);
    expect(progressLine(paused)).not.toContain('to go');
    const kept = anEdition({ state: 'approved', sendsAt: '2026-05-11T08:00:00.000Z' });
    expect(progressLine(kept)).toMatch(/goes out on 2026-05-11 at 08:00 UTC$/);
    const quota = {
      done: 1400,
      of: 50_000,
      perSecond: 14,
      etaSeconds: 89_158,
      resumesAround: '2026-05-05T08:00:00.000Z',
    };
    expect(progressLine(anEdition({ progress: quota }))).toMatch(
      / 1 d to go: the day’s quota ends before that and is back around 5 May, 08:00 UTC$/,
    );
    const waiting = { ...paused, progress: { ...quota, perSecond: null } };
    expect(progressLine(waiting)).toContain(
      'goes on by itself around 5 May, 08:00 UTC, 1 d to go  (DailyQuotaReserved)',
    );
    const empty = { done: 0, of: 0, perSecond: null, etaSeconds: null };
    expect(progressLine(anEdition({ state: 'planned', progress: empty }))).toContain('0 of 0');
  });

  test('tells times in the two largest units, and the end in a sentence', () => {
    expect([0, 59, 60, 3600, 3725, 90_061].map(duration)).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '1 h',
      '1 h 2 min',
      '1 d 1 h',
    ]);
    const deliveries = { audience: 1200, sent: 1190, failed: 1, suppressed: 9, unknown: 0, cancelled: 0 };
    expect(summary(anEdition({ deliveries }))).toBe('1,190 of 1,200 sent, 1 failed, 9 suppressed.');
  });
});

describe('following an edition', () => {
  const followed = async (answers: (EditionAnswer | Error)[], needsApproval = false) => {
    const said: string[] = [];
    const last = answers.at(-1);
    const call = async (): Promise<unknown> => {
      const next = answers.length > 1 ? answers.shift() : last;
      if (next instanceof Error) throw next;
      return next;
    };
    const terminal = { progress: () => {}, say: (line: string) => void said.push(line) };
    const code = await follow({ newsroom: { call }, terminal, sleep: async () => {}, needsApproval }, 'city-news');
    return { code, said: said.join('\n') };
  };

  test.each([
    ['complete', undefined, EXIT.complete, '12,400 of 50,000 sent'],
    ['cancelled', undefined, EXIT.failed, 'cancelled'],
    ['superseded', undefined, EXIT.failed, 'superseded'],
    ['held', undefined, EXIT.waitsForAPerson, '/send'],
    ['paused', 'TooManyBounces', EXIT.waitsForAPerson, 'TooManyBounces'],
    ['paused', 'EverybodyRefused', EXIT.waitsForAPerson, 'EverybodyRefused'],
    ['paused', 'person', EXIT.waitsForAPerson, '/send'],
  ])('ends when it is %s (%s)', async (state, pausedBecause, code, words) => {
    const end = anEdition({ state, ...(pausedBecause && { pausedBecause }) });
    const ended = await followed([anEdition(), anEdition({ state: 'ready' }), end]);
    expect(ended).toMatchObject({ code, said: expect.stringContaining(words) });
  });

  test('waits while SES is in the way or the newsroom cannot be reached for a moment', async () => {
    const quota = anEdition({ state: 'paused', pausedBecause: 'DailyQuotaExceeded' });
    const ended = await followed([quota, new Error('fetch failed'), quota, anEdition({ state: 'complete' })]);
    expect(ended.code).toBe(EXIT.complete);
    await expect(followed([new Error('fetch failed')])).rejects.toThrow('fetch failed');
  });

  test('says why an edition is held: what its pre-flight refused, and in which languages', async () => {
    const sentence = 'The mail has 134 KB.';
    const refusals = [
      { language: 'en', sentence },
      { language: 'fr', sentence },
      { sentence: 'SES has paused sending for this account.' },
    ];
    const { said } = await followed([anEdition({ state: 'held', preflight: { refusals } })]);
    expect(said).toContain('because its pre-flight refused it:\n  en, fr: The mail has 134 KB.\n  SES has paused');
    expect(said).toContain('/send');
  });

  test('ends where an approval is needed', async () => {
    expect(await followed([anEdition({ state: 'ready' })], true)).toMatchObject({ code: 3 });
  });
});

describe('npm run send', () => {
  let courant: Courant;
  beforeAll(async () => {
    courant = await startCourant();
  }, 120_000);
  afterAll(async () => courant.remove(), 60_000);

  const run = (
    words: readonly string[],
    env: Record<string, string>,
    whenOutput?: { has: string; send: NodeJS.Signals },
  ) =>
    new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
      const child = spawn(process.execPath, ['infra/send.ts', ...words], {
        env: { PATH: process.env['PATH'] ?? '', ...env },
      });
      let out = '';
      let err = '';
      child.stdout.on('data', (chunk) => {
        out += chunk;
        if (whenOutput && out.includes(whenOutput.has)) child.kill(whenOutput.send);
      });
      child.stderr.on('data', (chunk) => {
        err += chunk;
      });
      child.on('close', (code) => resolve({ code, out, err }));
    });

  test('sends a real edition and says so', async () => {
    const signUp = { email: 'ana@readers.example', newsletter: 'city-news', languages: ['en'], cadence: 'weekly' };
    await courant.fetch('/subscribe', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(signUp),
    });
    const [confirmation] = await courant.waitForMails('ana@readers.example', 1);
    const link = confirmation?.links('/confirm/')[0] ?? '';
    await courant.fetch(new URL(link).pathname, { method: 'POST' });
    const env = { NEWSROOM_KEY: courant.key };
    const words = ['city-news', 'weekly', '--url', courant.url];
    expect(await run(words, env)).toMatchObject({ code: 0, out: expect.stringContaining('Nothing new') });
    await courant.api('POST', '/api/v1/articles', {
      ...{ language: 'en', title: 'A boat', body: { markdown: 'It goes.' }, topics: ['mobility'] },
    });
    const sent = await run(words, env);
    expect(sent).toMatchObject({ code: 0, out: expect.stringContaining('Complete: 1 of 1 sent.') });
    expect(await courant.waitForMails('ana@readers.example', 2)).toHaveLength(2);
  }, 120_000);

  test('says in a sentence what is wrong: the key, the words, the newsletter, the place', async () => {
    expect(await run(['city-news', 'weekly'], {})).toMatchObject({
      code: 2,
      err: expect.stringContaining('NEWSROOM_KEY'),
    });
    expect(await run(['city-news'], { NEWSROOM_KEY: 'k' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('CADENCE'),
    });
    expect(await run(['--nothing'], { NEWSROOM_KEY: 'k' })).toMatchObject({ code: 2 });
    expect(await run(['--help'], {})).toMatchObject({ code: 0, out: expect.stringContaining('Ctrl-C') });
    const wrong = await run(['no-news', 'weekly', '--url', courant.url], { NEWSROOM_KEY: courant.key });
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('There is no newsletter “no-news” there') });
    const yearly = await run(['city-news', 'yearly', '--url', courant.url], { NEWSROOM_KEY: courant.key });
    expect(yearly).toMatchObject({ code: 2, err: expect.stringContaining('“city-news” is not sent yearly') });
    const nowhere = await run(['city-news', 'weekly', '--url', 'http://127.0.0.1:9'], { NEWSROOM_KEY: 'k' });
    expect(nowhere).toMatchObject({ code: 1, err: expect.stringContaining('Nobody answers at http://127.0.0.1:9.') });
  }, 60_000);

  test('ends at Ctrl-C and says that the edition goes on', async () => {
    const answer = (path: string): object =>
      path === '/api/v1/newsletters' ? { items: [{ id: 'city-news', approval: 'none' }] } : anEdition();
    const server = createServer((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer(request.url ?? '')));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    const ended = await run(
      ['city-news', 'weekly', '--url', url],
      { NEWSROOM_KEY: 'k' },
      { has: 'to go', send: 'SIGINT' },
    );
    server.close();
    expect(ended).toMatchObject({ code: 130, out: expect.stringContaining('goes on at the server') });
  }, 60_000);
});
