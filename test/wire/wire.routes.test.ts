import { describe, expect, it } from 'vitest';
import { askOf } from '../../functions/shared/http/request.ts';
import { wireRoutes } from '../../functions/wire/wire.routes.ts';
import { memoryBucket } from '../support/memoryBucket.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { type Newsdesk, openNewsdesk } from './newsdesk.ts';

const ask = async (desk: Newsdesk, search: string): Promise<{ status: number; body: unknown }> => {
  const [route] = wireRoutes;
  if (!route) throw new Error('The wire has a route.');
  const raw = {
    method: 'GET',
    path: '/api/v1/wire',
    search: new URLSearchParams(search),
    params: {},
    headers: {},
    sourceIp: '',
    bytes: async () => new Uint8Array(),
  };
  const { status, body } = await route.work({ wire: desk.wire }, await askOf(route, raw));
  return { status, body: JSON.parse(String(body)) };
};

describe('GET /api/v1/wire', () => {
  const filled = async (): Promise<Newsdesk> => {
    const desk = openNewsdesk(memoryTable(), memoryBucket());
    for (const id of ['a', 'b', 'c']) await desk.publisher.submit(desk.arriving({ title: id }, { externalId: id }));
    return desk;
  };

  it('answers the entries after a seq, and where to go on', async () => {
    const desk = await filled();
    const first = await ask(desk, 'after=0&limit=2');
    expect(first).toMatchObject({ status: 200, body: { items: [{ seq: 1 }, { seq: 2 }], next: 2 } });
    const last = await ask(desk, 'after=2&limit=2');
    expect(last.body).toMatchObject({ items: [{ seq: 3, kind: 'published', article: { title: 'c' } }] });
    expect(last.body).not.toHaveProperty('next');
  });

  it('keeps to itself how entries are written', async () => {
    const { body } = await ask(await filled(), '');
    expect(JSON.stringify(body)).not.toMatch(/attempt|identities|contentHash|version/);
  });

  it('leaves out what changes nothing for readers', async () => {
    const desk = openNewsdesk(memoryTable(), memoryBucket());
    const url = 'https://city.example/1';
    await desk.publisher.submit(desk.arriving({ url }));
    await desk.publisher.submit(desk.arriving({ url }, { externalId: 'late' }));
    expect(await desk.wire.head()).toBe(2);
    expect((await ask(desk, '')).body).toMatchObject({ items: [{ seq: 1 }] });
    expect((await ask(desk, 'limit=1&after=1')).body).toEqual({ items: [], next: 2 });
  });

  it.each(['after=-1', 'after=x', 'limit=0', 'limit=101', 'limit=1&limit=2', 'before=3'])(
    'refuses %s',
    async (search) => {
      await expect(ask(await filled(), search)).rejects.toThrow(/query/);
    },
  );
});
