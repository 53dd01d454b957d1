import { CONTENT_TYPES, FORMATS, feedKey } from '../../feeds/addresses.ts';
import { soundText } from '../../feeds/build/soundText.ts';
import { publish } from '../../feeds/publish/publish.ts';
import type { FeedShelf } from '../../feeds/publish/shelf.ts';
import type { Renderers } from '../../feeds/render/renderers.ts';
import { sha256 } from '../../shared/hash.ts';
import { log } from '../../shared/log.ts';
import type { Articles, Wire } from '../../wire/ports.ts';
import type { Press } from '../composing/press.ts';
import type { Ledger } from '../ledger/ports.ts';
import { type BegunEditions, begunEditions } from './begun.ts';
import { type EditionsDocument, editionsDocuments } from './documents.ts';
import type { IssueShelf } from './issues.s3.ts';
import type { ArchiveState, ArchiveStates } from './states.dynamo.ts';

/** What the feeds of editions are kept with. */
export interface Archive {
  readonly ledger: Pick<Ledger, 'track' | 'edition'>;
  readonly wire: Wire;
  readonly articles: Articles;
  readonly press: Press;
  /** Of the code: another may render the same otherwise. */
  readonly version: string;
  readonly shelf: Pick<IssueShelf, 'issue'>;
  readonly states: ArchiveStates;
  readonly feeds: FeedShelf;
  readonly renderers: Renderers;
}

/**
 * Every minute: sees whether an edition began, or an article was corrected or retracted, and puts the feeds of editions
 * right. What a feed says gets a mark that only grows: the state is read before what is shown, and saved in its place
 * before anything is published. So who read less has a lower mark, and the shelf never goes back.
 */
export const keepArchive = async (archive: Archive): Promise<void> => {
  const before = await archive.states.read();
  const begun = await begunEditions(archive.ledger, archive.press.newsroom.newsletters);
  const head = await archive.wire.head();
  const looked = lookedAt(archive, begun);
  if (looked === before.looked && !(await isTouched(archive.wire, before.through, head))) {
    // Entries that are no concern of an edition are not read again.
    if (head !== before.through) await archive.states.save({ ...before, through: head });
    return;
  }
  const documents = await editionsDocuments(archive, begun.editions, head);
  const marked = await mark(archive, before, documents);
  if (!marked) return;
  let isRight = !begun.isComing;
  for (const one of documents) isRight = (await publishOne(archive, one, marked)) && isRight;
  // Whoever dies before this publishes once more.
  await archive.states.save({ ...marked, looked: isRight ? looked : '', through: head });
};

const lookedAt = ({ press, version }: Archive, { editions }: BegunEditions): string => {
  const { newsroom, siteUrl } = press;
  const ids = editions.map(({ id, startedAt, issue }) => [id, startedAt, issue]);
  return sha256(JSON.stringify([version, siteUrl, newsroom, ids]));
};

const MOST_ENTRIES = 300;

/** Whether anything that was public before is otherwise now. What is only new is news for an edition to come. */
const isTouched = async (wire: Wire, after: number, head: number): Promise<boolean> => {
  if (head - after > MOST_ENTRIES) return true;
  if (head === after) return false;
  const entries = await wire.after(after, head - after);
  return entries.some(({ kind }) => kind === 'revised' || kind === 'retracted' || kind === 'expired');
};

/** `undefined`: somebody else is at it. */
const mark = async (
  { states, version }: Archive,
  before: ArchiveState,
  documents: readonly EditionsDocument[],
): Promise<ArchiveState | undefined> => {
  const marks = { ...before.marks };
  for (const { feed, document } of documents) {
    const content = sha256(JSON.stringify([version, document]));
    if (marks[feed.language]?.content !== content) marks[feed.language] = { content, mark: before.version + 1 };
  }
  // Saved even where nothing is new: whoever read the same state and less of what it stands for must be refused.
  return states.save({ ...before, looked: '', marks });
};

/** Whether readers have it now, in every format. */
const publishOne = async (
  { feeds, renderers, press }: Archive,
  { feed, document }: EditionsDocument,
  { marks }: ArchiveState,
): Promise<boolean> => {
  const seq = marks[feed.language]?.mark ?? 0;
  const composed = { document: { ...document, mark: seq }, expected: document.items.length };
  const outcomes: string[] = [];
  for (const format of FORMATS) {
    const text = soundText(format, { ...composed, shown: [], left: [], leftOut: [] }, renderers, feedKey(feed));
    if (text === null) return false;
    const path = feed.paths[format];
    const bytes = Buffer.from(text);
    const at = { path, self: press.siteUrl + path, bytes, contentType: CONTENT_TYPES[format] };
    outcomes.push(await publish(feeds, { ...at, version: { seq, generation: 0 } }));
  }
  if (outcomes.includes('written')) log.info('archive.written', { feed: feedKey(feed), seq });
  return true;
};
