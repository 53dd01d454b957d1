/**
 * What a feed is asked for, and what to do where it is not so. An error loses readers articles, or shows them wrong; a
 * warning is a courtesy left out. Where a rule is from a specification, the cure names it.
 */
const error = (cure: string) => ({ level: 'error', cure }) as const;
const warning = (cure: string) => ({ level: 'warning', cure }) as const;

export const RULES = {
  'unknown-format': error('Serve RSS 2.0, Atom 1.0, JSON Feed 1.1 or OPML 2.0.'),
  'not-utf-8': error('Write the document in UTF-8.'),
  'not-well-formed': error('Escape texts and attributes, and leave out control characters (XML 1.0, section 2.2).'),
  'not-json': error('Write the document with a JSON serializer.'),
  'broken-text': error('Leave out control characters and halves of surrogate pairs.'),
  'too-big': warning('Keep the current document under 250 KB; older articles belong into archives (RFC 5005).'),

  'no-feed-title': error('Give the feed a title.'),
  'no-home': error('Link the page for people with an absolute address.'),
  'no-self': error('Say the feed’s own address, exactly once.'),
  'no-language': error('Say the one language of the feed, as a BCP 47 tag.'),
  'no-feed-id': error('Give the feed an id that outlives its address (RFC 4287, section 4.1.1).'),
  'no-updated': error('Say when the feed or entry last changed, as an RFC 3339 date (RFC 4287, section 4.2.15).'),
  'no-build-date': warning('Say in lastBuildDate when the content last changed.'),
  'no-rights': warning('Say who has the rights.'),
  'json-version': error('Say `"version": "https://jsonfeed.org/version/1.1"`.'),

  'no-id': error('Give the item an id of its own.'),
  'id-not-tag': warning(
    'Use a `tag:` URI (RFC 4151) as id: an address changes one day, and then everything is new again.',
  ),
  'id-twice': error('Give each item an id that no other has; readers show only one of the two.'),
  'id-not-text': error('JSON Feed ids are strings.'),
  'id-as-link': error('Say isPermaLink="false": without it, the guid is taken for the item’s address.'),
  'no-title': error('Give the item a title.'),
  'title-spelling': warning(
    'Spell `&` and `<` in titles `&#x26;` and `&#x3C;`, the one spelling every reader shows right.',
  ),
  'title-type': error('Say type="text" on Atom titles.'),
  'no-link': error('Link the item’s page.'),
  'relative-address': error('Make the address absolute, in the text of the article too.'),
  'no-date': error('Say when the item was published.'),
  'bad-date': error('Write an RFC 822 date in RSS, an RFC 3339 date everywhere else.'),
  'no-content': warning('Give the item its text, or at least a summary.'),
  'item-language': warning('Say the language of each item.'),

  'content-first': error('Put description before content:encoded: some readers take what comes first.'),
  'several-creators': error('Write one dc:creator, “A, B”: of several, readers show only the first or the last.'),
  'author-is-no-address': error('RSS author is an e-mail address; put names into dc:creator.'),
  'author-and-creator': warning('Leave out author where there is a dc:creator.'),
  'no-author': error('Name an author in each entry, or one for the feed (RFC 4287, section 4.2.1).'),
  'one-author': error('Write `authors`, a list; `author` is JSON Feed 1.0.'),
  'several-enclosures': error('Write one enclosure for each item; readers take only one.'),
  'enclosure-incomplete': error('Say url, length and type of an enclosure; of an attachment, url and mime_type.'),
  'media-kind-unknown': error('Say the type or the medium of media:content; an address does not tell it.'),
  'picture-without-words': warning('Describe the picture in media:description, for those who do not see it.'),
  'picture-type': error('Say a media type that there is: image/jpeg, not image/jpg.'),
  'licence-address': error('Name a licence by its absolute address.'),
  'rsl-incomplete': error('Say in rsl:content which url it is about, and the rsl:license (RSL 1.0, section 3).'),
  'tombstone-late': error('Put at:deleted-entry before the entries (RFC 6721, section 3).'),
  'same-alternate-twice': error('Tell alternate links apart by hreflang (RFC 4287, section 4.1.2).'),
  'archive-without-current': error('Link the current document from an archive (RFC 5005, section 4).'),

  'opml-version': error('Say version="2.0".'),
  'outline-without-text': error('Give each outline a text.'),
  'outline-without-feed': error('Give each outline of type rss an absolute xmlUrl.'),
  'feed-twice': error('List each feed once.'),

  'content-type': error('Serve the feed under its own media type, with charset=utf-8.'),
  'no-etag': warning('Send an ETag: without it every visit costs the whole document.'),
  'no-self-header': warning('Send the feed’s own address as a Link header, too (W3C WebSub, section 4).'),
  'no-max-age': warning('Say in Cache-Control how often to come: readers keep to max-age.'),
} as const;

export type Code = keyof typeof RULES;

export interface Finding {
  readonly code: Code;
  /** For a person: a line and an element, or a path in JSON. */
  readonly place: string;
}

export const isError = ({ code }: Finding): boolean => RULES[code].level === 'error';

/** Each check is a rule that is broken where it says true. */
export const broken = (place: string, checks: Partial<Readonly<Record<Code, boolean>>>): Finding[] =>
  (Object.keys(checks) as Code[]).filter((code) => checks[code]).map((code) => ({ code, place }));
