import type { Newsroom } from '../../shared/config.ts';
import type { MakeItem } from '../compose/makeItem.ts';
import type { RecentArticles } from '../compose/recentArticles.ts';
import type { FeedShelf } from '../publish/shelf.ts';
import type { WireReader } from '../read/readWire.ts';
import type { Renderers } from '../render/renderers.ts';
import type { StateKeeper } from './states.ts';

/** What feeds are built with. */
export interface FeedBuilder extends Omit<WireReader, 'languages'> {
  readonly articles: RecentArticles;
  readonly makeItem: MakeItem;
  readonly renderers: Renderers;
  readonly states: StateKeeper;
  readonly shelf: FeedShelf;
  readonly settings: Settings;
}

/** What the bytes of a feed depend on besides the articles: the newsroom, its address, and the version of this code. */
export interface Settings {
  readonly newsroom: Newsroom;
  readonly siteUrl: string;
  readonly version: string;
}
