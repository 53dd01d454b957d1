import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Room } from '../../functions/site/api/openapi.ts';
import { rooms } from '../../functions/site/api/rooms.ts';
import { aSite } from './aSite.ts';

const document = z.looseObject({
  openapi: z.string(),
  servers: z.array(z.object({ url: z.string() })),
  tags: z.array(z.object({ name: z.string() })),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        operationId: z.string(),
        parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })).optional(),
        requestBody: z.looseObject({ content: z.record(z.string(), z.unknown()) }).optional(),
      }),
    ),
  ),
});

let api: z.infer<typeof document>;
let docs: string;
beforeAll(async () => {
  const site = await aSite();
  api = document.parse(JSON.parse((await site.get('/openapi.json')).body));
  docs = (await site.get('/docs')).body;
});

const routesOf = (all: readonly Room[]) => all.flatMap(({ routes }) => [...routes]);

describe('the description of this newsroom', () => {
  test('has every route of every room, once', () => {
    const described = Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const built = routesOf(rooms()).map(({ method, path }) => `${method} ${path}`);
    expect(described.toSorted()).toEqual(built.toSorted());
    expect(api.servers).toEqual([{ url: 'https://news.example' }]);
    expect(api.tags.map(({ name }) => name)).toEqual(rooms().map(({ name }) => name));
  });

  test('gives every operation a name of its own, and every place in a path a parameter', () => {
    const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.values(methods).map((operation) => ({ path, operation })),
    );
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations) {
      const named = (operation.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name);
      expect(named).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    }
  });

  test('says that an article goes in as JSON, Markdown or HTML', () => {
    const content = api.paths['/api/v1/articles']?.['post']?.requestBody?.content ?? {};
    expect(Object.keys(content).toSorted()).toEqual(['application/json', 'text/html', 'text/markdown']);
  });

  test('is there for people as well, all of it', () => {
    for (const [path, methods] of Object.entries(api.paths))
      for (const [method, { operationId }] of Object.entries(methods)) {
        expect(docs).toContain(`id="${operationId}"`);
        expect(docs).toContain(`<span class="method">${method.toUpperCase()}</span> ${path}<`);
      }
    expect(docs).toContain('<code>Idempotency-Key</code>');
    expect(docs).toContain('curl https://news.example/api/v1/articles');
  });
});
