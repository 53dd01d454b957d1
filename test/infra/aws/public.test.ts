import { describe, expect, test } from 'vitest';
import { goRoutes } from '../../../functions/digest/clicking/go.routes.ts';
import { newsletterRoutes } from '../../../functions/digest/newsletters.routes.ts';
import { articleRoutes } from '../../../functions/ingest/articles.routes.ts';
import { hookRoutes } from '../../../functions/ingest/hooks/hooks.routes.ts';
import { importRoutes } from '../../../functions/ingest/importing/import.routes.ts';
import { hookRoute } from '../../../functions/ingest/sources/hook.routes.ts';
import { sourceRoutes } from '../../../functions/ingest/sources/sources.routes.ts';
import type { Access } from '../../../functions/shared/http/route.ts';
import { jobRoutes } from '../../../functions/shared/job/jobs.routes.ts';
import { descriptionRoutes } from '../../../functions/site/api/routes.ts';
import { siteRoutes } from '../../../functions/site/site.routes.ts';
import { signupRoutes } from '../../../functions/subscribers/signup.routes.ts';
import { subscriberRoutes } from '../../../functions/subscribers/subscribers.routes.ts';
import { wireRoutes } from '../../../functions/wire/wire.routes.ts';
import { apiRouteOf } from '../../../infra/local/web/routing.ts';
import type { FunctionName } from '../../../infra/topology.ts';

/** What anybody on the internet may call. A new line here is a decision. */
const PUBLIC = `
GET /
GET /{lang}
GET /{lang}/articles/{slug}
GET /{lang}/topics/{topic}
GET /{lang}/editions
GET /{lang}/editions/{id}
GET /{lang}/feeds
GET /{lang}/feeds/{topic}
GET /feeds.opml
GET /feed
GET /rss.xml
GET /atom.xml
GET /feed.json
GET /preview/{token}
GET /go/{token}
GET /license.xml
GET /{lang}/feeds/authors/{slug}
POST /hooks/{source}
POST /hooks/{source}/{secret}
GET /robots.txt
GET /sitemap.xml
GET /sitemap-{lang}.xml
GET /news-sitemap.xml
GET /healthz
GET /openapi.json
GET /preview/editions/{token}
GET /docs
GET /subscribe
POST /subscribe
GET /confirm/{token}
POST /confirm/{token}
GET /preferences
POST /preferences
GET /preferences/{token}
POST /preferences/{token}
GET /preferences/{token}/data
GET /preferences/{token}/erase
POST /preferences/{token}/erase
GET /preferences/{token}/new-address
POST /preferences/{token}/new-address
POST /preferences/{token}/address
POST /preferences/{token}/pause
POST /preferences/{token}/undo
GET /unsubscribe/{token}
POST /unsubscribe/{token}
`
  .trim()
  .split('\n');

interface Shown {
  readonly method: string;
  readonly path: string;
  readonly access: Access;
}
const answeredBy: Readonly<Partial<Record<FunctionName, readonly Shown[]>>> = {
  articles: [...articleRoutes, ...wireRoutes],
  articleImports: importRoutes,
  sources: [...sourceRoutes, hookRoute],
  hooks: hookRoutes,
  jobs: jobRoutes,
  newsletters: newsletterRoutes,
  go: goRoutes,
  signup: [...signupRoutes, ...subscriberRoutes],
  site: siteRoutes,
  description: descriptionRoutes,
};
const routes = Object.values(answeredBy).flat();
const isAsset = ({ path }: Shown): boolean => path.startsWith('/assets/') || path === '/favicon.ico';

describe('who may call what', () => {
  test('every public route is on the list of what is public, and nothing on it is missing', () => {
    const found = routes
      .filter((route) => route.access === 'public' && !isAsset(route))
      .map(({ method, path }) => `${method} ${path}`);
    expect(found.sort()).toEqual([...PUBLIC].sort());
  });

  test('everything below /api needs the newsroom key', () => {
    const api = routes.filter(({ path }) => path.startsWith('/api/'));
    expect(api.length).toBeGreaterThan(10);
    expect(api.filter(({ access }) => access !== 'newsroom')).toEqual([]);
  });

  test('what is public and changes something is signed by a source, or sign-up, which has a page that changes nothing for each of it', () => {
    const changing = routes.filter(({ method, access }) => access === 'public' && method !== 'GET');
    const [signed, signUp] = [true, false].map((is) =>
      changing.map(({ path }) => path).filter((path) => path.startsWith('/hooks/') === is),
    );
    expect(signed?.sort()).toEqual(['/hooks/{source}', '/hooks/{source}/{secret}']);
    expect(signUp?.sort()).toEqual([
      '/confirm/{token}',
      '/preferences',
      '/preferences/{token}',
      '/preferences/{token}/address',
      '/preferences/{token}/erase',
      '/preferences/{token}/new-address',
      '/preferences/{token}/pause',
      '/preferences/{token}/undo',
      '/subscribe',
      '/unsubscribe/{token}',
    ]);
    // Their forms are on the page above.
    const onItsPage = (path: string): string => path.replace(/\/(address|pause|undo)$/, '');
    for (const path of signUp ?? []) expect(PUBLIC).toContain(`GET ${onItsPage(path)}`);
  });

  test('every route is given to the function that answers it', () => {
    for (const [name, answered] of Object.entries(answeredBy)) {
      for (const { path } of answered) expect([path, apiRouteOf(path)?.name]).toEqual([path, name]);
    }
  });
});
