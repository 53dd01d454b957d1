import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { InvalidInput } from '../errors.ts';
import { sha256 } from '../hash.ts';
import { errorFields, log } from '../log.ts';
import { once } from '../once.ts';
import { type Answer, problem, redirect } from './answer.ts';
import { askOf, type RawRequest } from './request.ts';
import type { Access, Route } from './route.ts';
import { guarded } from './security.ts';

/**
 * Says whether this request comes from whoever it must come from, and by which name he is known; throws `InvalidInput`
 * (401) if not.
 */
export type Gatekeeper<Ports> = (
  ports: Ports,
  access: Access,
  headers: Readonly<Record<string, string>>,
) => Promise<string | undefined>;

interface HttpDoor<Ports> {
  readonly routes: readonly Route<Ports>[];
  readonly connect: () => Promise<Ports> | Ports;
  /** Needed as soon as one route is not public. */
  readonly gatekeeper?: Gatekeeper<Ports>;
  /** The page for people where a route is missing or fails; a problem document without it. */
  readonly errorPage?: (ports: Ports, ask: RawRequest, answer: Answer) => Answer;
}

/**
 * A Lambda behind the HTTP API (payload format 2.0). Routing, checks, errors, ETag and security headers in one place;
 * HEAD is GET without its body (RFC 9110 section 9.3.2).
 */
export const httpHandler = <Ports>(door: HttpDoor<Ports>) => {
  const ports = once(door.connect);
  const app = new Hono<{ Bindings: { event?: { requestContext?: { http?: { sourceIp?: string } } } } }>();
  // Literal paths before parameters, so that the order in which rooms list their routes does not matter.
  for (const route of [...door.routes].sort((a, b) => wildness(a.path) - wildness(b.path))) {
    app.on(route.method, patternOf(route.path), async (context) => {
      const raw = rawOf(context.req.raw, context.req.param(), context.env.event?.requestContext?.http?.sourceIp);
      return responseOf(raw, await answerOf(door, ports, route, raw));
    });
  }
  app.notFound(async (context) => {
    const raw = rawOf(context.req.raw, {}, undefined);
    return responseOf(raw, await forPeople(door, ports, raw, elsewhere(door.routes, raw)));
  });
  return handle(app);
};

/** No route takes this method at this path: the same path without its last slash, another method, or nothing. */
const elsewhere = <Ports>(routes: readonly Route<Ports>[], raw: RawRequest): Answer => {
  const bare = raw.path.replace(/\/+$/, '');
  // Not for `//host/`, which a browser would take for another site's address.
  if (bare !== raw.path && !raw.path.startsWith('//') && allowedMethods(routes, bare).includes('GET')) {
    return redirect(301, raw.search.size > 0 ? `${bare}?${raw.search}` : bare);
  }
  const allowed = allowedMethods(routes, raw.path).join(', ');
  return allowed
    ? problem(405, `This address answers ${allowed} only.`, { headers: { allow: allowed } })
    : problem(404, 'There is nothing at this address.');
};

const answerOf = async <Ports>(
  door: HttpDoor<Ports>,
  connect: () => Promise<Ports>,
  route: Route<Ports>,
  raw: RawRequest,
): Promise<Answer> => {
  try {
    const ports = await connect();
    const caller = route.access === 'public' ? undefined : await callerOf(door, ports, route, raw);
    return await route.work(ports, { ...(await askOf(route, raw)), ...(caller !== undefined && { caller }) });
  } catch (error) {
    // Everything that was thrown ends here: the caller's fault is told, ours is logged and kept to ourselves.
    return forPeople(door, connect, raw, problemOf(error, route));
  }
};

const callerOf = async <Ports>(door: HttpDoor<Ports>, ports: Ports, route: Route<Ports>, raw: RawRequest) => {
  if (!door.gatekeeper) throw new Error(`${route.path} is not public, but its door has no gatekeeper.`);
  return door.gatekeeper(ports, route.access, raw.headers);
};

const problemOf = <Ports>(error: unknown, route: Route<Ports>): Answer => {
  if (error instanceof InvalidInput) {
    return problem(error.status, error.message, {
      ...(error.field !== undefined && { field: error.field }),
      ...(error.status === 401 && { headers: { 'www-authenticate': 'Bearer realm="newsroom"' } }),
    });
  }
  log.error('http.failed', { route: `${route.method} ${route.path}`, ...errorFields(error) });
  return problem(500, 'Something went wrong here. Nothing was lost; please try again in a moment.');
};

/** A person with a browser gets a page, whatever went wrong; a program gets the problem document. */
const forPeople = async <Ports>(
  door: HttpDoor<Ports>,
  connect: () => Promise<Ports>,
  raw: RawRequest,
  answer: Answer,
): Promise<Answer> => {
  if (answer.status < 400) return answer;
  if (!door.errorPage || !(raw.headers['accept'] ?? '').includes('text/html')) return answer;
  try {
    return door.errorPage(await connect(), raw, answer);
  } catch (error) {
    // The page of an error must not hide the error.
    log.error('http.error-page', errorFields(error));
    return answer;
  }
};

const responseOf = (raw: RawRequest, answer: Answer): Response => {
  const { status, headers, body } = conditional(raw, guarded(answer));
  const empty = status === 204 || status === 304 || body.length === 0;
  return new Response(empty ? null : (body as ConstructorParameters<typeof Response>[0]), { status, headers });
};

/** 304 for what the caller has already (RFC 9110 section 13.1.2, weak comparison). */
const conditional = (raw: RawRequest, answer: Answer): Answer => {
  if (answer.status !== 200 || (raw.method !== 'GET' && raw.method !== 'HEAD')) return answer;
  if ((answer.headers['cache-control'] ?? '').includes('no-store')) return answer;
  const etag = answer.headers['etag'] ?? `W/"${sha256(answer.body).slice(0, 32)}"`;
  const headers = { ...answer.headers, etag };
  return hasTag(raw.headers['if-none-match'], etag) ? { status: 304, headers, body: '' } : { ...answer, headers };
};

const hasTag = (ifNoneMatch: string | undefined, etag: string): boolean => {
  if (ifNoneMatch === undefined) return false;
  const weak = (tag: string): string => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => weak(tag) === weak(etag));
};

const rawOf = (request: Request, params: Record<string, string>, sourceIp: string | undefined): RawRequest => {
  const url = new URL(request.url);
  return {
    method: request.method,
    path: url.pathname,
    search: url.searchParams,
    params,
    headers: Object.fromEntries(request.headers),
    sourceIp: sourceIp ?? '',
    bytes: async () => new Uint8Array(await request.arrayBuffer()),
  };
};

/** `{id}` → `:id`; `map-{feed}.rss` → `:feed{map-[^/]+\.rss}` (beginning and ending stay in the parameter). */
const patternOf = (path: string): string =>
  path.replace(/([^/{}]*)\{(\w+)\}(\.[^/]+)?/g, (_, beginning: string, name: string, ending = '') =>
    beginning || ending ? `:${name}{${literal(beginning)}[^/]+${literal(String(ending))}}` : `:${name}`,
  );

const literal = (text: string): string => text.replaceAll('.', '\\.');

/** A segment that is a parameter from end to end takes more than one that says how it begins or ends. */
const wildness = (path: string): number =>
  path
    .split('/')
    .reduce((sum, part, i) => (part.includes('{') ? sum + (/^\{\w+\}$/.test(part) ? 1 : 3 / 4) / 2 ** i : sum), 0);

const allowedMethods = <Ports>(routes: readonly Route<Ports>[], path: string): string[] => {
  const matches = (route: string): boolean =>
    new RegExp(`^${route.replace(/[.+]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`).test(path);
  const methods = new Set(routes.filter((route) => matches(route.path)).map((route) => route.method as string));
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods].sort();
};
