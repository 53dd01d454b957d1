import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { json } from '../../functions/shared/http/answer.ts';
import { routeFor } from '../../functions/shared/http/route.ts';
import { openApiOf } from '../../functions/site/api/openapi.ts';
import { fieldsOf } from '../../functions/site/api/schemaFields.ts';

const body = z.strictObject({
  title: z.string().describe('Plain text.'),
  topics: z.array(z.string()).default([]),
  authors: z.array(z.strictObject({ name: z.string(), email: z.email().optional() })).optional(),
  text: z.union([z.strictObject({ html: z.string() }), z.strictObject({ markdown: z.string() })]),
  at: z
    .string()
    .transform((text) => new Date(text))
    .optional(),
});

const accepts: Record<string, z.ZodType> = { 'application/json': body, 'text/markdown': z.string() };

const route = routeFor<object>();
const routes = [
  route({
    method: 'POST',
    path: '/api/v1/things/{id}/hold',
    access: 'newsroom',
    summary: 'Holds a thing',
    query: z.object({ limit: z.coerce.number().int().describe('At most this many.').optional(), language: z.string() }),
    accepts,
    answers: { 200: { is: 'The thing.', schema: z.object({ id: z.string() }) }, 409: 'Somebody was faster.' },
    work: () => json(200, {}),
  }),
  route({
    method: 'GET',
    path: '/api/v1/things/{id}/hold',
    access: 'public',
    summary: 'Whether it is held',
    answers: { 200: 'It is.' },
    work: () => json(200, {}),
  }),
];

const api = openApiOf({ title: 'Delta', siteUrl: 'https://news.example', version: '1.2.3' }, [
  { name: 'Things', about: 'All things.', routes },
]);
const hold = api.paths['/api/v1/things/{id}/hold'];

describe('the OpenAPI document', () => {
  test('has every method of a path', () => {
    expect(Object.keys(hold ?? {})).toEqual(['post', 'get']);
    expect(hold?.['post']).toMatchObject({
      operationId: 'postThingsIdHold',
      tags: ['Things'],
      summary: 'Holds a thing',
    });
  });

  test('asks for the key where the route does', () => {
    expect(hold?.['post']?.security).toEqual([{ newsroomKey: [] }]);
    expect(hold?.['get']?.security).toEqual([]);
    expect(api['components']).toMatchObject({ securitySchemes: { newsroomKey: { type: 'http', scheme: 'bearer' } } });
  });

  test('names the parameters of path and query, and which are needed', () => {
    const parameters = hold?.['post']?.parameters ?? [];
    expect(parameters.map(({ name, in: where, required }) => [name, where, required])).toEqual([
      ['id', 'path', true],
      ['limit', 'query', false],
      ['language', 'query', true],
    ]);
    expect(parameters[1]?.description).toBe('At most this many.');
  });

  test('says what goes in, before anything is made of it', () => {
    const schema = hold?.['post']?.requestBody?.content['application/json']?.schema;
    expect(schema?.required).toEqual(['title', 'text']);
    expect(schema?.properties?.['at']).toMatchObject({ type: 'string' });
    expect(hold?.['post']?.requestBody?.required).toBe(true);
  });

  test('says what comes back, and that all errors are problem documents', () => {
    expect(hold?.['post']?.responses).toMatchObject({
      200: { description: 'The thing.', content: { 'application/json': { schema: { type: 'object' } } } },
      409: { description: 'Somebody was faster.' },
      default: { $ref: '#/components/responses/Problem' },
    });
    expect(api['components']).toMatchObject({
      responses: { Problem: { content: { 'application/problem+json': {} } } },
    });
  });

  test('leaves out what JSON Schema’s own dialect line says', () => {
    expect(JSON.stringify(api)).not.toContain('$schema');
  });
});

test('a body is told field by field, parents before children, alternatives after one another', () => {
  const schema = hold?.['post']?.requestBody?.content['application/json']?.schema ?? {};
  expect(fieldsOf(schema).map(({ name, type, needed }) => [name, type, needed])).toEqual([
    ['title', 'string', 'yes'],
    ['topics', 'list of string', 'no'],
    ['authors', 'list of object', 'no'],
    ['authors[].name', 'string', 'yes'],
    ['authors[].email', 'string, email', 'no'],
    ['text', 'object', 'yes'],
    ['text.html', 'string', 'one of these'],
    ['text.markdown', 'string', 'one of these'],
    ['at', 'string', 'no'],
  ]);
});
