import { growthRoutes } from './counting/growth.routes.ts';
import { exportRoutes } from './exporting/export.routes.ts';
import { importRoutes } from './importing/import.routes.ts';
import { listRoutes } from './listing/list.routes.ts';

/** What the newsroom does with all its readers: lists, numbers, files. */
export const newsroomRoutes = [...listRoutes, ...growthRoutes, ...importRoutes, ...exportRoutes];
