import { beforeEach, describe, expect, test } from 'vitest';
import type { SourcesDesk } from '../../../functions/ingest/sources/ports.ts';
import { untouched } from '../../../functions/ingest/sources/source.ts';
import { dynamoSources } from '../../../functions/ingest/sources/sources.dynamo.ts';
import { sourceRoutes } from '../../../functions/ingest/sources/sources.routes.ts';
import { httpHandler } from '../../../functions/shared/http/door.ts';
import { newsroomGatekeeper, newsroomKeyItem } from '../../../functions/shared/http/newsroomKey.ts';
import { memoryDoorbell } from '../../support/memoryDoorbell.ts';
import { type MemoryTable, memoryTable } from '../../support/memoryTable.ts';
import { callerOf } from '../aDoor.ts';
import { aNewsroom } from '../aNewsroom.ts';

const NOW = '2026-05-04T08:00:00.000Z';

/** The answer to every write is lost, and the client asks once more: the second answer is the one that is heard. */
const heardTheSecondTime = (table: MemoryTable): MemoryTable => ({
  ...table,
  put: async (item, condition) => {
    await table.put(item, condition);
    return table.put(item, condition);
  },
  delete: async (key, condition) => {
    await table.delete(key, condition);
    return table.delete(key, condition);
  },
});

const aDesk = async (table = memoryTable()) => {
  const keys = memoryTable();
  const key = 'a-newsroom-key-of-thirty-two-letters';
  await keys.put(newsroomKeyItem(key, NOW));
  const bell = memoryDoorbell<{ host: string; sources: readonly string[] }>();
  const sources = dynamoSources(table);
  const desk: SourcesDesk = { sources, bell, keys, newsroom: aNewsroom(), now: () => NOW };
  const handler = httpHandler({ routes: sourceRoutes, connect: () => desk, gatekeeper: newsroomGatekeeper });
  return { call: callerOf(handler, key), bell, sources, table };
};

let room: Awaited<ReturnType<typeof aDesk>>;
beforeEach(async () => {
  room = await aDesk();
});

const city = { id: 'city', url: 'https://city.example/feed', language: 'fr', topics: ['housing'] };

describe('a source', () => {
  test('is added, due at once, and shown with its health', async () => {
    const added = await room.call('POST', '/api/v1/sources', { body: city });
    expect(added.status).toBe(201);
    expect(added.json).toMatchObject({
      ...city,
      kind: 'feed',
      name: 'city.example',
      revision: 1,
      keptBy: 'api',
      health: { state: 'new', lastLookAt: null, trouble: null, refused: [], counts: { looks: 0 } },
    });
    expect(room.bell.rung).toEqual([{ host: 'city.example', sources: ['city'] }]);
    expect(await room.sources.due(NOW, 10)).toEqual([{ id: 'city', host: 'city.example' }]);
    expect((await room.call('GET', '/api/v1/sources')).json['items']).toMatchObject([{ id: 'city' }]);
    expect((await room.call('GET', '/api/v1/sources/city')).headers['etag']).toBe('"1"');
  });

  test('is added, changed and removed although no first answer of the table arrives', async () => {
    room = await aDesk(heardTheSecondTime(memoryTable()));
    expect((await room.call('POST', '/api/v1/sources', { body: city })).status).toBe(201);
    expect(await room.sources.due(NOW, 10)).toEqual([{ id: 'city', host: 'city.example' }]);
    const changed = { ...city, url: 'https://city.example/a' };
    expect((await room.call('PUT', '/api/v1/sources/city', { body: changed })).status).toBe(200);
    expect(room.bell.rung).toHaveLength(2);
    // Somebody else's is somebody else's all the same.
    expect((await room.call('POST', '/api/v1/sources', { body: city })).status).toBe(409);
    expect((await room.call('DELETE', '/api/v1/sources/city')).status).toBe(204);
    expect(room.table.items()).toEqual([]);
  });

  test('is not added twice', async () => {
    await room.call('POST', '/api/v1/sources', { body: city });
    expect(await room.call('POST', '/api/v1/sources', { body: city })).toMatchObject({
      status: 409,
      json: { field: 'id' },
    });
  });

  test.each([
    [{ ...city, url: 'ftp://city.example' }, 'url'],
    [{ ...city, id: 'City!' }, 'id'],
    [{ ...city, language: 'de' }, 'language'],
    [{ ...city, topics: ['housing', 'weather'] }, 'topics.1'],
    [{ ...city, topicMap: { Trams: 'trams' } }, 'topicMap.Trams'],
    [{ ...city, kind: 'gopher' }, 'kind'],
    [{ ...city, colour: 'red' }, 'colour'],
  ])('with something wrong is refused, and the field is named', async (body, field) => {
    expect(await room.call('POST', '/api/v1/sources', { body })).toMatchObject({ status: 400, json: { field } });
    expect(room.table.items()).toEqual([]);
  });

  test('is changed, but not over a colleague’s change', async () => {
    await room.call('POST', '/api/v1/sources', { body: city });
    const change = (url: string, ifMatch?: string) =>
      room.call('PUT', '/api/v1/sources/city', {
        body: { ...city, url },
        ...(ifMatch !== undefined && { headers: { 'if-match': ifMatch } }),
      });
    expect(await change('https://city.example/a', '"1"')).toMatchObject({ status: 200, json: { revision: 2 } });
    expect(await change('https://city.example/b', '"1"')).toMatchObject({ status: 412, json: { field: 'If-Match' } });
    expect(await change('https://city.example/c')).toMatchObject({
      status: 200,
      json: { url: 'https://city.example/c' },
    });
    const other = await room.call('PUT', '/api/v1/sources/city', { body: { ...city, id: 'town' } });
    expect(other).toMatchObject({ status: 400, json: { field: 'id' } });
  });

  test('that is paused is not polled, and asked for it says so', async () => {
    await room.call('POST', '/api/v1/sources', { body: city });
    await room.call('PUT', '/api/v1/sources/city', { body: { ...city, paused: true } });
    expect(await room.sources.due(NOW, 10)).toEqual([]);
    expect(await room.call('POST', '/api/v1/sources/city/poll')).toMatchObject({
      status: 409,
      json: { field: 'paused' },
    });
  });

  test('that ended is looked at again when somebody asks', async () => {
    await room.call('POST', '/api/v1/sources', { body: city });
    const found = await room.sources.find('city');
    if (!found) throw new Error('It is not there.');
    await room.sources.note({ ...untouched(found.source), looks: 3, state: 'ended', trouble: 'it is gone' });
    await room.sources.unschedule('city');
    expect((await room.call('GET', '/api/v1/sources/city')).json['health']).toMatchObject({
      state: 'ended',
      trouble: 'It is gone.',
    });
    expect((await room.call('POST', '/api/v1/sources/city/poll')).status).toBe(202);
    expect((await room.sources.find('city'))?.state.state).toBe('trouble');
    expect(await room.sources.due(NOW, 10)).toHaveLength(1);
  });

  test('that is removed leaves nothing of its own behind', async () => {
    await room.call('POST', '/api/v1/sources', { body: city });
    await room.sources.remember('city', new Map([['a', 'b']]));
    expect((await room.call('DELETE', '/api/v1/sources/city')).status).toBe(204);
    expect(room.table.items()).toEqual([]);
    expect((await room.call('DELETE', '/api/v1/sources/city')).status).toBe(404);
  });

  test('of newsroom.config.ts is changed there', async () => {
    await room.call('POST', '/api/v1/sources', { body: city });
    const found = await room.sources.find('city');
    if (!found) throw new Error('It is not there.');
    await room.sources.keep({ ...found.source, keptBy: 'config', revision: 2 }, found.source);
    for (const method of ['PUT', 'DELETE'] as const) {
      const body = method === 'PUT' ? { body: city } : {};
      expect(await room.call(method, '/api/v1/sources/city', body)).toMatchObject({ status: 409 });
    }
  });

  test('needs the newsroom key, and has to be there', async () => {
    expect((await room.call('GET', '/api/v1/sources', { headers: { authorization: 'Bearer wrong' } })).status).toBe(
      401,
    );
    for (const [method, path] of [
      ['GET', 'x'],
      ['DELETE', 'x'],
      ['POST', 'x/poll'],
    ] as const) {
      expect((await room.call(method, `/api/v1/sources/${path}`)).status).toBe(404);
    }
  });
});
