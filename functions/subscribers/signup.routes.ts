import { confirmRoutes } from './confirming/confirm.routes.ts';
import { subscribeRoutes } from './joining/subscribe.routes.ts';
import { unsubscribeRoutes } from './leaving/unsubscribe.routes.ts';
import { preferencesRoutes } from './preferences/preferences.routes.ts';

/** What readers themselves do. */
export const signupRoutes = [...subscribeRoutes, ...confirmRoutes, ...preferencesRoutes, ...unsubscribeRoutes];
