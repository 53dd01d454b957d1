import { cleanHtml } from '../../../border/html.ts';
import { cleanText } from '../../../border/text.ts';
import type { Newsroom } from '../../../shared/config.ts';
import { InvalidInput } from '../../../shared/errors.ts';
import { sha256 } from '../../../shared/hash.ts';
import { parseInput } from '../../../shared/http/parse.ts';
import { type Instant, msOf } from '../../../shared/time.ts';
import type { Submission } from '../../../wire/ports.ts';
import { articleInput } from '../../articleInput.ts';
import { submissionOf } from '../../submission.ts';
import { topicFinder } from '../../topics.ts';
import type { Source } from '../source.ts';
import type { FoundItem } from './found.ts';

/** An item, and where it came from. */
export interface Brought {
  readonly item: FoundItem;
  readonly source: Source;
  readonly now: Instant;
  /** `false`: in pages and archives, but not news. `undefined`: news if it is new. */
  readonly announce: false | undefined;
}

interface House {
  readonly newsroom: Newsroom;
  readonly siteUrl: string;
}

const MOST_GUID = 500;
const MOST_AUTHORS = 30;
const MOST_TOPICS = 20;

/**
 * What a source shows, cleaned and checked like everything that comes in. It is public where it comes from, so it never
 * waits: a date to come is no date. Throws `InvalidInput` with the reason for which it cannot be taken.
 */
export const submissionOfItem = ({ item, source, now, announce }: Brought, house: House): Submission => {
  const dated = item.publishedAt !== null && item.publishedAt <= now ? item.publishedAt : null;
  const guid = item.guid === null ? '' : cleanText(item.guid);
  const input = parseInput(
    articleInput,
    {
      language: languageOf(item, source, house.newsroom),
      title: item.title,
      ...(item.summary !== null && { summary: item.summary }),
      body: { html: item.base === item.url ? item.html : cleanHtml(item.html, item.base) },
      topics: topicsOf(item, source, house.newsroom),
      authors: item.authors.slice(0, MOST_AUTHORS).map((name) => ({ name: name.slice(0, 120) })),
      ...(item.url !== null && { url: item.url }),
      ...(item.image && { image: { ...item.image, alt: item.image.alt.slice(0, 1000) } }),
      ...(dated !== null && { publishAt: dated }),
      ...(item.story !== null && { story: item.story }),
      ...(guid !== '' && { externalId: guid.length > MOST_GUID ? sha256(guid) : guid }),
      ...rightsOf(item, source),
    },
    'item',
  );
  return {
    ...submissionOf(input, { ...house, now }),
    // `#` apart from the newsroom API's own articles, whatever a source is called.
    source: `source:${source.id}`,
    version: Math.min(msOf(item.modifiedAt ?? now), msOf(now)),
    announce,
    dueAt: null,
    undated: dated === null,
  };
};

const rightsOf = ({ rights }: FoundItem, source: Source): { rights?: string } => {
  const said = rights ?? source.rights;
  return said === undefined ? {} : { rights: said.slice(0, 500) };
};

/** A source that knows the language of each article may bring only those in ours. */
const languageOf = ({ language }: FoundItem, source: Source, { languages }: Newsroom): string => {
  if (language === null) return source.language;
  const tag = language.replace('_', '-').toLowerCase();
  const found = languages.find(({ id }) => [tag, tag.split('-')[0]].includes(id.toLowerCase()));
  if (found) return found.id;
  throw new InvalidInput('Its language is none of this newsroom’s.', { field: 'language' });
};

const topicsOf = ({ categories }: FoundItem, { topics, topicMap }: Source, newsroom: Newsroom): string[] => {
  const fold = (name: string): string => cleanText(name).toLowerCase();
  const mapped = new Map(Object.entries(topicMap).map(([name, topic]) => [fold(name), topic]));
  const find = topicFinder(newsroom);
  const ids = categories.flatMap((name) => {
    const own = mapped.get(fold(name));
    return (own === undefined ? find(name) : own) ?? [];
  });
  return (ids.length > 0 ? [...new Set(ids)] : [...topics]).slice(0, MOST_TOPICS);
};
