import { httpHandler } from '../shared/http/door.ts';
import { openHouse } from '../shared/page/house.ts';
import { descriptionRoutes } from './api/routes.ts';
import { errorPage } from './pages/errorPage.ts';

/** A door of its own: it holds every room's routes, and a page of news needs none of them. */
export const handler = httpHandler({
  routes: descriptionRoutes,
  connect: async () => ({ house: await openHouse() }),
  errorPage,
});
