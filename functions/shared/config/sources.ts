import * as z from 'zod';

const id = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'it may have small letters, digits and single hyphens only')
  .max(60);
const webAddress = z.url({ protocol: /^https?$/, error: 'it is not a web address' }).max(2000);

/** A place that Courant polls for articles. The newsroom API takes the same. */
export const sourceSetting = z.strictObject({
  /** Part of its articles' identity: a source that keeps its id may change its address. */
  id: id.describe('Part of its articles’ identity: a source that keeps its id may change its address.'),
  /** For editors; the address's host unless said. */
  name: z.string().min(1).max(100).optional().describe('For editors; the address’s host unless said.'),
  /** `feed`: RSS, Atom or JSON Feed. `wordpress`: the site's REST API. `page`: a page that lists articles. */
  kind: z
    .enum(['feed', 'wordpress', 'page'])
    .default('feed')
    .describe('`feed`: RSS, Atom or JSON Feed. `wordpress`: the site’s REST API. `page`: a page that lists articles.'),
  /** Of the feed, of the WordPress site, or of the page that lists articles. */
  url: webAddress.describe('Of the feed, of the WordPress site, or of the page that lists articles.'),
  /** Of its articles, one of the newsroom's. */
  language: z.string().max(20).describe('Of its articles, one of the newsroom’s.'),
  /** Topic ids for an article whose own categories name none of ours. */
  topics: z
    .array(z.string().max(60))
    .max(20)
    .default([])
    .describe('For an article whose own categories name none of ours.'),
  /** Their category → our topic; `null`: it says nothing. Names of our topics are understood without it. */
  topicMap: z
    .record(z.string().max(200), z.string().max(60).nullable())
    .default({})
    .describe('Their category → our topic; `null`: it says nothing. Names of our topics are understood without it.'),
  /** `full`: the text is in the source. `follow`: it is on the page that an item links to. */
  text: z
    .enum(['full', 'follow'])
    .default('full')
    .describe('`full`: the text is in the source. `follow`: it is on the page that an item links to.'),
  /** What the links to articles begin with; for `page`, where it cannot be seen from the page. */
  linksBegin: webAddress.optional().describe('For `page`: what the addresses of its articles begin with.'),
  /** `false`: its articles are in pages and archives, but never news. */
  announce: z.boolean().default(true).describe('`false`: in pages and archives, but not news.'),
  /** Said of articles that say nothing of their own rights. */
  rights: z.string().max(500).optional().describe('Said of articles that say nothing of their own rights.'),
  paused: z.boolean().default(false).describe('It is not polled.'),
});

export type SourceSetting = z.output<typeof sourceSetting>;

interface Newsroom {
  readonly languages: readonly { readonly id: string }[];
  readonly topics: readonly { readonly id: string }[];
}

/** What a source names that this newsroom does not have. */
export const sourceTrouble = (
  { language, topics, topicMap }: SourceSetting,
  newsroom: Newsroom,
): { readonly path: readonly (string | number)[]; readonly because: string } | undefined => {
  const isTopic = (one: string): boolean => newsroom.topics.some((topic) => topic.id === one);
  if (!newsroom.languages.some((one) => one.id === language)) {
    return { path: ['language'], because: `“${language}” is none of the newsroom's languages` };
  }
  const unknown = topics.findIndex((one) => !isTopic(one));
  if (unknown >= 0)
    return { path: ['topics', unknown], because: `“${topics[unknown]}” is none of the newsroom's topics` };
  const [name, mapped] = Object.entries(topicMap).find(([, one]) => one !== null && !isTopic(one)) ?? [];
  return name === undefined
    ? undefined
    : { path: ['topicMap', name], because: `“${mapped}” is none of the newsroom's topics` };
};
