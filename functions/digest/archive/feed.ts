import { editionsFeed, type FeedInfo } from '../../feeds/addresses.ts';
import type { Newsroom } from '../../shared/config.ts';
import type { Templates } from '../../shared/page/templates.ts';

interface Named {
  readonly newsroom: Newsroom;
  readonly templates: Pick<Templates, 'say'>;
}

/** The feed of the newsletters that went out in this language. */
export const editionsFeedIn = ({ newsroom, templates }: Named, language: string): FeedInfo =>
  editionsFeed(newsroom, language, {
    label: templates.say(language, 'archive.label'),
    description: templates.say(language, 'archive.description', { newsroom: newsroom.name }),
  });
