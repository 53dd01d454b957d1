import { goRoutes } from '../../digest/clicking/go.routes.ts';
import { newsletterRoutes } from '../../digest/newsletters.routes.ts';
import { articleRoutes } from '../../ingest/articles.routes.ts';
import { hookRoutes } from '../../ingest/hooks/hooks.routes.ts';
import { importRoutes } from '../../ingest/importing/import.routes.ts';
import { hookRoute } from '../../ingest/sources/hook.routes.ts';
import { sourceRoutes } from '../../ingest/sources/sources.routes.ts';
import { jobRoutes } from '../../shared/job/jobs.routes.ts';
import { newsroomRoutes } from '../../subscribers/newsroom.routes.ts';
import { signupRoutes } from '../../subscribers/signup.routes.ts';
import { subscriberRoutes } from '../../subscribers/subscribers.routes.ts';
import { wireRoutes } from '../../wire/wire.routes.ts';
import { siteRoutes } from '../site.routes.ts';
import type { Room } from './openapi.ts';
import { descriptionRoutes } from './routes.ts';

/** Every room's routes, as they are described. */
export const rooms = (): Room[] => [
  {
    name: 'Articles',
    about: 'What goes in: one article, one language; or a whole archive.',
    routes: [...articleRoutes, ...importRoutes],
  },
  {
    name: 'Sources',
    about: 'Places that are polled for articles, and how they are.',
    routes: [...sourceRoutes, hookRoute, ...hookRoutes],
  },
  { name: 'Wire', about: 'Everything that became public or ceased to be, in order.', routes: wireRoutes },
  {
    name: 'Newsletters',
    about: 'Editions: planned, sent, stopped; and the way from a mail to an article.',
    routes: [...newsletterRoutes, ...goRoutes],
  },
  { name: 'Sign-up', about: 'Readers join, choose and leave.', routes: signupRoutes },
  {
    name: 'Subscribers',
    about: 'What the newsroom may know of its readers.',
    routes: [...newsroomRoutes, ...subscriberRoutes],
  },
  { name: 'Jobs', about: 'Long work: how far it is, and what came of it.', routes: jobRoutes },
  {
    name: 'Site',
    about: 'Pages for people, and what programs look for on a site.',
    routes: [...siteRoutes, ...descriptionRoutes],
  },
];
