import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cloneWith } from '../support/clone.ts';
import { type Courant, freePort, jsonOf, runToEnd, startCourant } from '../support/courant.ts';

let courant: Courant;
beforeAll(async () => {
  courant = await startCourant();
});
afterAll(() => courant.remove());

const good = { language: 'en', title: 'A title', body: { html: '<p>Some text.</p>' } };

describe('a wrong article is refused with one sentence that names the field, and nothing is stored', () => {
  const wrong: [string, unknown, string][] = [
    ['no title', { language: 'en', body: good.body }, 'title'],
    ['an unknown language', { ...good, language: 'xx' }, 'language'],
    ['an unknown topic', { ...good, topics: ['mobility', 'gardening'] }, 'topics[1]'],
    ['an impossible date', { ...good, publishAt: '2026-02-30T08:00:00Z' }, 'publishAt'],
    ['an unknown field', { ...good, colour: 'red' }, 'colour'],
    ['no text', { ...good, body: { html: '<p> </p>' } }, 'body.html'],
    ['a dangerous address', { ...good, url: 'javascript:alert(1)' }, 'url'],
  ];
  test.each(wrong)('%s', async (_, body, field) => {
    const { status, json } = await courant.api('POST', '/api/v1/articles', body);
    expect(status).toBe(400);
    expect(json['field']).toBe(field);
    expect(String(json['detail'])).toMatch(/^[A-Z].*\.$/);
    expect((await courant.api('GET', '/api/v1/articles')).json['items']).toEqual([]);
  });

  test('a body that is no JSON', async () => {
    const response = await courant.fetch('/api/v1/articles', {
      method: 'POST',
      headers: { authorization: `Bearer ${courant.key}`, 'content-type': 'application/json' },
      body: '{"title": "secret words',
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.text()).not.toContain('secret');
  });

  test.each([6, 12])('a body of %i MB', async (megabytes) => {
    const response = await courant.fetch('/api/v1/articles', {
      method: 'POST',
      headers: { authorization: `Bearer ${courant.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...good, title: 'x'.repeat(megabytes * 1_000_000) }),
    });
    expect(response.status).toBe(413);
    expect((await jsonOf(response))['field']).toBe('body');
  });

  test.each(['', 'Bearer wrong', 'Basic abc'])('the key “%s”', async (authorization) => {
    const response = await courant.fetch('/api/v1/articles', {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(good),
    });
    expect(response.status).toBe(401);
    expect((await jsonOf(response))['field']).toBe('Authorization');
  });
});

describe('a start that cannot be is told in one sentence, with exit code 1', () => {
  const oneSentence = (output: string): void => {
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).not.toMatch(/\bat .*:\d+:\d+/);
  };

  test('a port that is in use', async () => {
    const blocker = createServer();
    const port = await new Promise<number>((resolve) => {
      blocker.listen(0, '127.0.0.1', () => {
        const address = blocker.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    const directory = await mkdtemp(join(tmpdir(), 'courant-port-'));
    const { code, output } = await runToEnd({ PORT: String(port), DATA_DIR: directory });
    blocker.close();
    await rm(directory, { recursive: true, force: true });
    expect(code).toBe(1);
    expect(output).toContain(`Port ${port} is in use`);
    oneSentence(output);
  });

  test('a folder that cannot be written', async () => {
    const { code, output } = await runToEnd({ PORT: String(await freePort()), DATA_DIR: '/proc/no-such-place' });
    expect(code).toBe(1);
    expect(output).toContain('DATA_DIR cannot be written: /proc/no-such-place');
    oneSentence(output);
  });

  test.each([
    [
      'a setting that is wrong',
      (text: string) => text.replace("id: 'fr', label", "id: 'fr_FR', label"),
      'languages.1.id',
    ],
    ['a file that is no TypeScript', (text: string) => `${text}\n}`, 'newsroom.config.ts cannot be read'],
  ])('a newsroom.config.ts with %s', async (_, spoil, told) => {
    const copy = await cloneWith(spoil);
    const { code, output } = await runToEnd({ PORT: String(await freePort()), DATA_DIR: join(copy, 'data') }, copy);
    await rm(copy, { recursive: true, force: true });
    expect(code).toBe(1);
    expect(output).toContain(told);
    oneSentence(output);
  });
});
