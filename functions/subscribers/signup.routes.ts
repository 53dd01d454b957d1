import { confirmRoutes } from './confirming/confirm.routes.ts';
import { eraseRoutes } from './erasing/erase.routes.ts';
import { subscribeRoutes } from './joining/subscribe.routes.ts';
import { unsubscribeRoutes } from './leaving/unsubscribe.routes.ts';
import { lostRoutes } from './lost/lost.routes.ts';
import { moveRoutes } from './moving/move.routes.ts';
import { dataRoutes } from './preferences/data.routes.ts';
import { pauseRoutes } from './preferences/pause.routes.ts';
import { preferencesRoutes } from './preferences/preferences.routes.ts';

/** What readers themselves do. */
export const signupRoutes = [
  ...subscribeRoutes,
  ...confirmRoutes,
  ...preferencesRoutes,
  ...pauseRoutes,
  ...dataRoutes,
  ...moveRoutes,
  ...eraseRoutes,
  ...lostRoutes,
  ...unsubscribeRoutes,
];
