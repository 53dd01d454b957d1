import type * as z from 'zod';
import type { Answer } from './answer.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Who may call: anybody, or whoever holds the newsroom key. Deny by default: a route must say. */
export type Access = 'public' | 'newsroom';

/** What a caller asks, parsed and checked. */
export interface Ask<Query = unknown, Body = unknown> {
  /** Parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** The body as it came, for a signature over it. */
  readonly bytes: Uint8Array;
  /** The body's media type without parameters, in lower case; empty for an empty body. */
  readonly contentType: string;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly path: string;
  /** `HEAD` where a route for GET is asked so. */
  readonly method: string;
  /** The name of the key it came with, if that has one. */
  readonly caller?: string;
  /** Where the request came from, as the edge saw it. */
  readonly sourceIp: string;
}

/**
 * One route: what it takes, what it answers, what it does. The router, the checks and the OpenAPI document all come
 * from this one description.
 */
export interface Route<Ports, Query = unknown, Body = unknown> {
  readonly method: Method;
  /**
   * `/api/v1/articles/{id}`; a parameter fills a whole segment, or one with a literal beginning or ending
   * (`map-{feed}.rss`), which then stay in the parameter.
   */
  readonly path: `/${string}`;
  readonly access: Access;
  readonly summary: string;
  readonly description?: string;
  /** Without a schema, query parameters are ignored. */
  readonly query?: z.ZodType<Query>;
  /**
   * By media type. `application/json` and forms arrive as objects (a repeated form field as an array), everything else
   * as text. `''` says what an empty body means.
   */
  readonly accepts?: Readonly<Record<string, z.ZodType<Body>>>;
  /** The largest body taken, in bytes; 1 MB unless said. */
  readonly mostBytes?: number;
  /** Status → what it means, for the documentation. `schema` describes the JSON answered. */
  readonly answers: Readonly<Record<number, string | { readonly is: string; readonly schema: z.ZodType }>>;
  readonly work: (ports: Ports, ask: Ask<Query, Body>) => Promise<Answer> | Answer;
}

/**
 * Writes a route with its query and body types inferred from their schemas. A list of routes forgets those types, which
 * is safe: the door hands `work` only what the route's own schemas have let through.
 */
export const routeFor =
  <Ports>() =>
  <Query = undefined, Body = undefined>(route: Route<Ports, Query, Body>): Route<Ports> =>
    route as unknown as Route<Ports>;
