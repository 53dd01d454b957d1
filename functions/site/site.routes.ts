import type { Route } from '../shared/http/route.ts';
import { assetRoutes, stylesheetRoute } from './machines/assets.ts';
import { opmlRoute, usualFeedRoutes } from './machines/feedAddresses.ts';
import { healthRoute } from './machines/health.ts';
import { licenceRoute } from './machines/licence.ts';
import { newsSitemapRoute } from './machines/newsSitemap.ts';
import { robotsRoute, sitemapIndexRoute, sitemapRoute } from './machines/sitemap.ts';
import { articleRoute } from './pages/article.ts';
import { editionRoute, editionsRoute } from './pages/editions.ts';
import { authorFeedPageRoute, feedPageRoute } from './pages/feed.ts';
import { feedsPageRoute } from './pages/feeds.ts';
import { frontRoute, rootRoute } from './pages/front.ts';
import { previewRoute } from './pages/preview.ts';
import { topicRoute } from './pages/topic.ts';
import type { Site } from './ports.ts';

/** Everything the public site answers, but for its description (`api/`). */
export const siteRoutes: readonly Route<Site>[] = [
  rootRoute,
  frontRoute,
  articleRoute,
  previewRoute,
  topicRoute,
  editionsRoute,
  editionRoute,
  feedsPageRoute,
  feedPageRoute,
  authorFeedPageRoute,
  opmlRoute,
  ...usualFeedRoutes,
  robotsRoute,
  licenceRoute,
  sitemapIndexRoute,
  sitemapRoute,
  newsSitemapRoute,
  healthRoute,
  stylesheetRoute,
  ...assetRoutes,
];
