import { json } from '../../shared/http/answer.ts';
import { routeFor } from '../../shared/http/route.ts';
import { pageAnswer } from '../pages/page.ts';
import type { Site } from '../ports.ts';
import { type OpenApi, type Operation, openApiOf, type Parameter } from './openapi.ts';
import { rooms } from './rooms.ts';
import { fieldsOf, typeOf } from './schemaFields.ts';

/** All that the description is made with. */
type Described = Pick<Site, 'house'>;

const describedRoute = routeFor<Described>();

const SOME_MINUTES = { 'cache-control': 'public, max-age=300' };

const openApiRoute = describedRoute({
  method: 'GET',
  path: '/openapi.json',
  access: 'public',
  summary: 'This description, as OpenAPI 3.1',
  answers: { 200: 'The OpenAPI document.' },
  work: (site) => json(200, describe(site), SOME_MINUTES),
});

const docsRoute = describedRoute({
  method: 'GET',
  path: '/docs',
  access: 'public',
  summary: 'This description, for people',
  answers: { 200: 'A page of all addresses: what they take and what they answer.' },
  work: (site) => {
    const api = describe(site);
    const { languages } = site.house.newsroom;
    return pageAnswer(site, 'docs', {
      // The description is in English; what stands around it is in the newsroom's words.
      language: languages.find(({ id }) => id === 'en')?.id ?? languages[0]?.id ?? 'en',
      path: '/docs',
      rooms: rooms().map((room) => ({ ...room, operations: operationsIn(api, room.name) })),
    });
  },
});

export const descriptionRoutes = [openApiRoute, docsRoute];

const describe = ({ house }: Described): OpenApi =>
  openApiOf({ title: house.newsroom.name, siteUrl: house.siteUrl, version: house.version }, rooms());

const operationsIn = (api: OpenApi, room: string) =>
  Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => tags.includes(room))
      .map(([method, operation]) => shown(method.toUpperCase(), path, operation)),
  );

const shown = (method: string, path: string, operation: Operation) => ({
  id: operation.operationId,
  method,
  path,
  summary: piecesOf(operation.summary),
  description: piecesOf(operation.description ?? ''),
  needsKey: operation.security.length > 0,
  parameters: (operation.parameters ?? []).map(parameterShown),
  bodies: Object.entries(operation.requestBody?.content ?? {}).map(([type, { schema }]) => ({
    type,
    fields: fieldsOf(schema),
  })),
  answers: Object.entries(operation.responses).flatMap(([status, response]) =>
    status === 'default' ? [] : [{ status, is: piecesOf(descriptionOf(response)) }],
  ),
});

/** OpenAPI's texts are CommonMark; ours use of it only `code`, which stands at every second place between backticks. */
const piecesOf = (text: string) =>
  text
    .split('`')
    .map((piece, i) => ({ text: piece, code: i % 2 === 1 }))
    .filter((piece) => piece.text !== '');

const parameterShown = (parameter: Parameter) => ({
  name: parameter.name,
  in: parameter.in,
  needed: parameter.required ? 'yes' : 'no',
  type: typeOf(parameter.schema),
  about: parameter.description ?? '',
});

const descriptionOf = (response: unknown): string =>
  typeof response === 'object' && response !== null && 'description' in response ? String(response.description) : '';
