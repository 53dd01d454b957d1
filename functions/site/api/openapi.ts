import * as z from 'zod';
import type { Route } from '../../shared/http/route.ts';

/** A route as its description needs it: whatever ports it works with. */
type DescribedRoute = Omit<Route<never>, 'work'>;

export interface Room {
  readonly name: string;
  readonly about: string;
  readonly routes: readonly DescribedRoute[];
}

interface About {
  readonly title: string;
  readonly siteUrl: string;
  readonly version: string;
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { schema: JsonSchema }>>;
  };
  readonly responses: Readonly<Record<string, unknown>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

export type JsonSchema = z.core.JSONSchema.BaseSchema;

export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly [name: string]: unknown;
}

/** The OpenAPI 3.1 document of these routes. It says what the routes check, since it is made from the same schemas. */
export const openApiOf = ({ title, siteUrl, version }: About, rooms: readonly Room[]): OpenApi => ({
  openapi: '3.1.0',
  info: {
    title,
    version,
    description: 'Errors are `application/problem+json` (RFC 9457) with one sentence. Lists are `{ items, next? }`.',
  },
  servers: [{ url: siteUrl }],
  tags: rooms.map(({ name, about }) => ({ name, description: about })),
  paths: pathsOf(rooms),
  components: {
    securitySchemes: {
      newsroomKey: { type: 'http', scheme: 'bearer', description: 'The newsroom key, printed at the first start.' },
    },
    schemas: { Problem: PROBLEM },
    responses: {
      Problem: {
        description: 'What was wrong, in one sentence.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  },
});

const PROBLEM = {
  type: 'object',
  description: 'RFC 9457. `field` names the field, parameter or header that is wrong.',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    field: { type: 'string' },
  },
};

const pathsOf = (rooms: readonly Room[]): OpenApi['paths'] => {
  const paths = new Map<string, Record<string, Operation>>();
  for (const { name, routes } of rooms) {
    for (const route of routes) {
      const operation = { [route.method.toLowerCase()]: operationOf(name, route) };
      paths.set(route.path, { ...paths.get(route.path), ...operation });
    }
  }
  return Object.fromEntries(paths);
};

const operationOf = (room: string, route: DescribedRoute): Operation => {
  const parameters = [...pathParameters(route.path), ...queryParameters(route)];
  const content = contentOf(route);
  return {
    operationId: operationId(route),
    tags: [room],
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    security: route.access === 'public' ? [] : [{ newsroomKey: [] }],
    ...(parameters.length > 0 && { parameters }),
    ...(content && { requestBody: { required: !('' in (route.accepts ?? {})), content } }),
    responses: {
      ...Object.fromEntries(Object.entries(route.answers).map(([status, answer]) => [status, responseOf(answer)])),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
};

/** `POST /api/v1/articles/{id}/hold` → `postArticlesIdHold`. */
const operationId = ({ method, path }: DescribedRoute): string => {
  const words = path.replace(/^\/api\/v1\//, '/').match(/[A-Za-z0-9]+/g) ?? ['root'];
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
};

const pathParameters = (path: string): Parameter[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

const queryParameters = ({ query }: DescribedRoute): Parameter[] => {
  if (!query) return [];
  const { properties = {}, required = [] } = jsonSchema(query);
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = typeof schema === 'boolean' ? {} : schema;
    return {
      name,
      in: 'query',
      required: required.includes(name),
      ...(description !== undefined && { description }),
      schema: rest,
    };
  });
};

const contentOf = ({ accepts }: DescribedRoute): Record<string, { schema: JsonSchema }> | undefined => {
  const types = Object.entries(accepts ?? {}).filter(([type]) => type !== '');
  if (types.length === 0) return undefined;
  return Object.fromEntries(types.map(([type, schema]) => [type, { schema: jsonSchema(schema) }]));
};

const responseOf = (answer: DescribedRoute['answers'][number]): unknown =>
  typeof answer === 'string'
    ? { description: answer }
    : { description: answer.is, content: { 'application/json': { schema: jsonSchema(answer.schema, 'output') } } };

/** What JSON Schema cannot say (a transformation, a check in code) is left open. */
const jsonSchema = (schema: z.ZodType, io: 'input' | 'output' = 'input'): JsonSchema => {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return described;
};
