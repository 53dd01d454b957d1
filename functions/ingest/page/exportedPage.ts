import { readDate } from '../../border/date.ts';
import { splitFrontMatter } from '../../border/frontmatter.ts';
import { type Block, blocksOf, blocksOfPage, htmlOf } from '../../border/html.ts';
import { htmlOfMarkdown } from '../../border/markdown.ts';
import { cleanText } from '../../border/text.ts';
import type { Newsroom } from '../../shared/config.ts';
import { InvalidInput } from '../../shared/errors.ts';
import { parseInput } from '../../shared/http/parse.ts';
import { type ArticleInput, articleInput } from '../articleInput.ts';
import { topicFinder } from '../topics.ts';
import { type FrontMatter, readFrontMatter } from './frontMatter.ts';
import { type Head, readHead } from './head.ts';
import { type HtmlHead, readHtmlHead } from './htmlHead.ts';
import { leadOf, mended } from './lead.ts';

export interface Exported {
  readonly text: string;
  readonly type: 'text/markdown' | 'text/html';
  /** Whoever sends the page may say its language. */
  readonly language: string | undefined;
  /** Its language where nobody and nothing on it says one, instead of the newsroom’s first. */
  readonly otherwise?: string | undefined;
}

interface Context {
  readonly newsroom: Newsroom;
  readonly siteUrl: string;
}

const NO_HEAD: HtmlHead = {
  language: null,
  title: null,
  description: null,
  canonical: null,
  publishedAt: null,
  time: null,
};

/**
 * A page as a newsroom's site exports it, as the article it holds. What the page's metadata says counts; what it does
 * not say is read off the page as a person would. Throws `InvalidInput`.
 */
export const articleOfPage = (
  { text, type, language: said, otherwise }: Exported,
  { newsroom, siteUrl }: Context,
): ArticleInput => {
  const { data, body } =
    type === 'text/markdown' ? splitFrontMatter(text.replace(/^\uFEFF/, '')) : { data: null, body: text };
  const front = readFrontMatter(data);
  const htmlHead = type === 'text/html' ? readHtmlHead(body) : NO_HEAD;
  const language = languageOf(said ?? front.language, htmlHead.language ?? otherwise ?? null, newsroom);
  const url = front.url ?? absoluteIn(htmlHead.canonical);
  const find = topicFinder(newsroom);
  const baseUrl = url !== undefined && URL.canParse(url) ? url : siteUrl;
  const blocks = type === 'text/markdown' ? blocksOf(htmlOfMarkdown(body), baseUrl) : blocksOfPage(body, baseUrl);
  const head = headOf(blocks, front, {
    language,
    isTopic: (name) => find(name) !== undefined,
    newsroomName: newsroom.name,
  });
  const rest = mended(head.rest);
  const title = front.title ?? head.title ?? htmlHead.title;
  if (!title)
    throw new InvalidInput('No title was found: neither in the front matter nor as a heading.', { field: 'title' });
  if (head.hasUnknownTopic && front.topics.length === 0) throw unknownTopic(newsroom);
  const tags = front.tags.filter((tag) => find(tag) !== undefined);
  return parseInput(
    articleInput,
    without({
      language,
      title: cleanText(title),
      summary: front.summary ?? htmlHead.description ?? leadOf(rest) ?? undefined,
      section: front.section ?? head.section ?? undefined,
      body: { html: rest.map(htmlOf).join('') },
      topics: [...front.topics, ...tags, ...head.topics],
      authors: front.authors.map((name) => ({ name })),
      url,
      publishAt: front.date ?? dateOf(htmlHead, head, language),
      embargoUntil: front.embargoUntil,
      expiresAt: front.expiresAt,
      announce: front.announce,
      draft: front.draft,
      externalId: front.externalId,
      story: front.story,
      rights: front.rights,
    }),
    'page',
  );
};

/** With a title in the front matter, the page may have no head at all: then the text begins at once. */
const headOf = (blocks: readonly Block[], front: FrontMatter, reading: Parameters<typeof readHead>[1]) => {
  const head = readHead(blocks, reading);
  const isRepeated = head.title === null || cleanText(head.title) === cleanText(front.title ?? '');
  if (front.title === undefined || isRepeated || head.date !== null) return head;
  return { title: null, section: null, topics: [], hasUnknownTopic: false, date: null, rest: blocks };
};

const unknownTopic = ({ topics }: Newsroom): InvalidInput =>
  new InvalidInput(
    `The topic that the page names above its headline is not known here; there are ${topics.map(({ id }) => id).join(', ')}.`,
    { field: 'topics[0]' },
  );

/**
 * What somebody says outright must be right. A page's markup may be finer (`en-GB` is `en`); but a page in a language
 * that this newsroom does not have must not come out as one in another.
 */
const languageOf = (said: string | undefined, marked: string | null, newsroom: Newsroom): string => {
  if (said !== undefined) return said;
  const known = (tag: string): string | undefined =>
    newsroom.languages.find(({ id }) => id.toLowerCase() === tag.toLowerCase())?.id;
  if (marked === null || !/^[a-z]{2,3}(?:-|$)/i.test(marked)) return newsroom.languages[0]?.id ?? '';
  return known(marked) ?? known(marked.split('-')[0] ?? '') ?? marked.slice(0, 20);
};

/** What a page's markup says may be wrong without anybody having seen it; then what readers see counts. */
const dateOf = ({ publishedAt, time }: HtmlHead, { date }: Head, language: string): string | undefined => {
  const readable = (text: string | null): text is string =>
    text !== null && ['moment', 'day'].includes(readDate(text, language).is);
  if (readable(publishedAt)) return publishedAt;
  return date ?? (readable(time) ? time : undefined);
};

const absoluteIn = (address: string | null): string | undefined =>
  address !== null && /^https?:\/\//i.test(address) && URL.canParse(address) ? address : undefined;

const without = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
