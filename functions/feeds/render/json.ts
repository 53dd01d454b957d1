import { eachItem, type FeedDocument, type FeedItem, type Rendered } from './document.ts';

/** JSON Feed 1.1, our own: the package `feed` writes version 1.0 with one author and no language. */
export const renderJson = (document: FeedDocument): Rendered => {
  const { rendered, leftOut } = eachItem(document.items, jsonItem);
  const feed = {
    version: 'https://jsonfeed.org/version/1.1',
    title: document.title,
    home_page_url: document.pageUrl,
    feed_url: document.selfUrls.json,
    description: document.description,
    language: document.language,
    authors: [{ name: document.newsroom, url: document.siteUrl }],
    items: rendered,
    // Extensions of our own, as the underscore says.
    ...licenceIn(document),
    // See FeedDocument.mark.
    _wire: { seq: document.mark },
  };
  return { text: `${JSON.stringify(feed, null, 2)}\n`, leftOut };
};

/** Where the licence, and the terms for crawlers (RSL), can be read. */
const licenceIn = ({ licence, rslUrl }: FeedDocument): object =>
  licence === null && rslUrl === null
    ? {}
    : { _licence: { ...(licence !== null && { url: licence }), ...(rslUrl !== null && { rsl: rslUrl }) } };

const jsonItem = (item: FeedItem): object => ({
  id: item.guid,
  url: item.link,
  title: item.title,
  ...(item.summary && { summary: item.summary }),
  // One of the two must be there (JSON Feed 1.1, “Items”).
  ...(item.html ? { content_html: item.html } : { content_text: item.summary || item.title }),
  ...(item.image && { image: item.image.url }),
  date_published: item.publishedAt,
  ...(item.isRevised && { date_modified: item.updatedAt }),
  ...(item.authors.length > 0 && { authors: item.authors.map(({ name }) => ({ name })) }),
  ...(item.categories.length > 0 && { tags: item.categories.map(({ label }) => label) }),
  ...attachmentsOf(item),
  language: item.language,
  ...(item.licence && { _licence: { url: item.licence } }),
});

/** An attachment must say its type, and its length where that is known (JSON Feed 1.1, “Attachments”). */
const attachmentsOf = ({ image }: FeedItem): object =>
  image?.type === undefined
    ? {}
    : {
        attachments: [
          { url: image.url, mime_type: image.type, ...(image.bytes !== undefined && { size_in_bytes: image.bytes }) },
        ],
      };
