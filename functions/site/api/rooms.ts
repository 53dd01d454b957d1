import type { Room } from './openapi.ts';

/**
 * Every room's routes. Loaded when somebody asks for the description and not before: a page of news needs none of
 * this code.
 */
export const loadRooms = async (): Promise<Room[]> => {
  const [articles, imports, hooks, hook, sources, wire, newsletters, go, signup, subscribers, newsroom, jobs, site] =
    await Promise.all([
      import('../../ingest/articles.routes.ts'),
      import('../../ingest/importing/import.routes.ts'),
      import('../../ingest/hooks/hooks.routes.ts'),
      import('../../ingest/sources/hook.routes.ts'),
      import('../../ingest/sources/sources.routes.ts'),
      import('../../wire/wire.routes.ts'),
      import('../../digest/newsletters.routes.ts'),
      import('../../digest/clicking/go.routes.ts'),
      import('../../subscribers/signup.routes.ts'),
      import('../../subscribers/subscribers.routes.ts'),
      import('../../subscribers/newsroom.routes.ts'),
      import('../../shared/job/jobs.routes.ts'),
      import('../site.routes.ts'),
    ]);
  return [
    {
      name: 'Articles',
      about: 'What goes in: one article, one language; or a whole archive.',
      routes: [...articles.articleRoutes, ...imports.importRoutes],
    },
    {
      name: 'Sources',
      about: 'Places that are polled for articles, and how they are.',
      routes: [...sources.sourceRoutes, hook.hookRoute, ...hooks.hookRoutes],
    },
    { name: 'Wire', about: 'Everything that became public or ceased to be, in order.', routes: wire.wireRoutes },
    {
      name: 'Newsletters',
      about: 'Editions: planned, sent, stopped; and the way from a mail to an article.',
      routes: [...newsletters.newsletterRoutes, ...go.goRoutes],
    },
    { name: 'Sign-up', about: 'Readers join, choose and leave.', routes: signup.signupRoutes },
    {
      name: 'Subscribers',
      about: 'What the newsroom may know of its readers.',
      routes: [...newsroom.newsroomRoutes, ...subscribers.subscriberRoutes],
    },
    { name: 'Jobs', about: 'Long work: how far it is, and what came of it.', routes: jobs.jobRoutes },
    { name: 'Site', about: 'Pages for people, and what programs look for on a site.', routes: site.siteRoutes },
  ];
};
