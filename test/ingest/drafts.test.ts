import { beforeEach, describe, expect, test } from 'vitest';
import { DAY_MS } from '../../functions/shared/time.ts';
import { aDoor, type Door } from './aDoor.ts';

let door: Door;
beforeEach(async () => {
  door = await aDoor();
});

const text = { language: 'en', title: 'Half a thought', body: { html: '<p>The mayor said that</p>' }, externalId: 'x' };
const unfinished = { ...text, draft: true };

const post = (body: unknown) => door.call('POST', '/api/v1/articles', { body });
const put = (id: string, body: unknown) => door.call('PUT', `/api/v1/articles/${id}`, { body });
const idOf = ({ json }: { json: Readonly<Record<string, unknown>> }): string => String(json['id']);
const head = () => door.desk.wire.head();

describe('an unfinished draft', () => {
  test('is kept from everybody, for as long as it takes', async () => {
    const { status, json } = await post(unfinished);
    expect([status, json['state'], json['seq'], json['dueAt']]).toEqual([201, 'draft', null, undefined]);
    door.desk.pass(4000 * DAY_MS);
    await door.desk.publisher.ringClock();
    expect(await head()).toBe(0);
  });

  test('stays one when it is edited, and comes out when it is said to be finished', async () => {
    const id = idOf(await post(unfinished));
    expect((await put(id, { ...text, title: 'A whole thought' })).json['state']).toBe('draft');
    const out = await put(id, { ...text, title: 'A whole thought', draft: false });
    expect([out.json['id'], out.json['state'], out.json['seq']]).toEqual([id, 'published', 1]);
  });

  test('comes out when the same article is sent as finished', async () => {
    const id = idOf(await post(unfinished));
    const { json } = await post({ ...text, body: { html: '<p>The mayor said that it rains.</p>' } });
    expect([json['id'], json['state']]).toEqual([id, 'published']);
  });

  test('may be given a moment', async () => {
    const id = idOf(await post(unfinished));
    const { json } = await put(id, { ...text, draft: false, publishAt: '2030-01-01T08:00:00Z' });
    expect([json['state'], json['dueAt']]).toEqual(['draft', '2030-01-01T08:00:00.000Z']);
  });

  test('is not made of an article that readers have', async () => {
    const id = idOf(await post(text));
    const changed = { ...unfinished, title: 'Not for readers' };
    for (const { status, json } of [await post(changed), await put(id, changed)])
      expect([status, json['field']]).toEqual([409, 'draft']);
    expect(await head()).toBe(1);
  });
});

describe('the list of drafts', () => {
  const list = async (query = '') => {
    const { json } = await door.call('GET', `/api/v1/articles?state=draft${query}`);
    return { titles: (json['items'] as { title: string }[]).map(({ title }) => title), next: json['next'] };
  };

  test('has each once where it stands by now, next due first, over all pages', async () => {
    const id = idOf(await post(unfinished));
    for (let i = 1; i <= 5; i++)
      await post({ ...text, externalId: `d-${i}`, title: `Due ${i}`, publishAt: `2030-01-0${i}T08:00:00Z` });
    await post({ ...text, externalId: 'public', title: 'Public' });
    await put(id, { ...text, title: 'Unfinished', draft: true });
    await post({ ...text, externalId: 'd-1', title: 'Put off', publishAt: '2030-01-04T09:00:00Z' });

    const seen: string[] = [];
    let after = '';
    do {
      const page = await list(`&limit=2${after}`);
      seen.push(...page.titles);
      after = page.next === undefined ? '' : `&after=${encodeURIComponent(String(page.next))}`;
    } while (after !== '');
    expect(seen).toEqual(['Due 2', 'Due 3', 'Due 4', 'Put off', 'Due 5', 'Unfinished']);
  });

  test('knows no other state', async () => {
    const { status, json } = await door.call('GET', '/api/v1/articles?state=secret');
    expect([status, json['field']]).toEqual([400, 'state']);
  });
});

test('a draft that is read comes with the link of a preview that dies after a week', async () => {
  const id = idOf(await post(unfinished));
  const { json } = await door.call('GET', `/api/v1/articles/${id}`);
  expect(json['preview']).toEqual({
    url: expect.stringMatching(new RegExp(`^https://news\\.example/preview/1\\.0001\\.${id}\\.`)),
    until: '2026-05-11T08:00:00.000Z',
  });
});
