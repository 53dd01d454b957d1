import type { Item } from '../../../functions/shared/storage/table.ts';
import { identitiesOf } from '../../../functions/wire/append/identity.ts';
import { articleKey, HEAD, ownerKey } from '../../../functions/wire/append/keys.dynamo.ts';
import { type LoggedEntry, loggedEntry } from '../../../functions/wire/append/logged.ts';
import type { CurrentArticle, Outcome } from '../../../functions/wire/ports.ts';
import type { Answered } from './actions.ts';

/** What is left when everybody has finished, and what they were told on the way. */
export interface Aftermath {
  readonly items: ReadonlyMap<string, Item>;
  readonly log: readonly LoggedEntry[];
  readonly answered: readonly Answered[];
  /** What somebody has tried to retract, whatever the answer. */
  readonly unwanted: ReadonlySet<string>;
  /** By reader: the entries in the order in which they came. */
  readonly read: ReadonlyMap<string, readonly number[]>;
}

const textOf = ({ pk, sk }: { pk: string; sk: string }): string => `${pk} ${sk}`;

export const aftermathOf = (items: readonly Item[], told: Omit<Aftermath, 'items' | 'log'>): Aftermath => ({
  ...told,
  items: new Map(items.map((item) => [textOf(item), item])),
  log: items.filter(({ pk }) => pk.startsWith('WIRE#')).map((item) => loggedEntry.parse(item)),
});

type Promised = (aftermath: Aftermath) => Generator<string>;

const byArticle = (log: readonly LoggedEntry[]): Map<string, LoggedEntry[]> =>
  Map.groupBy(log, (entry) => entry.article.id);

function* noGap({ log }: Aftermath): Generator<string> {
  for (const [i, entry] of log.entries()) if (entry.seq !== i + 1) yield `${entry.seq} stands at place ${i + 1}`;
}

function* oneOwner({ log }: Aftermath): Generator<string> {
  const owners = new Map<string, string>();
  for (const { newIdentities, article, seq } of log) {
    for (const identity of newIdentities) {
      const owner = owners.get(identity) ?? article.id;
      if (owner !== article.id) yield `entry ${seq} gives ${article.id} an identity of ${owner}`;
      owners.set(identity, owner);
    }
  }
}

function* oneStory({ log }: Aftermath): Generator<string> {
  for (const [id, entries] of byArticle(log)) {
    for (const [i, entry] of entries.entries()) {
      const before = entries[i - 1];
      yield* before ? nextInStory(before, entry) : firstInStory(entry);
    }
    const contents = entries.filter(({ kind }) => kind === 'published' || kind === 'revised');
    const seen = contents.map(({ version, contentHash }) => `${version} ${contentHash}`);
    if (new Set(seen).size < seen.length) yield `${id} was published twice with the same content`;
  }
}

function* firstInStory({ seq, kind, article, previousSeq }: LoggedEntry): Generator<string> {
  if (article.revision !== 1 || previousSeq !== null) yield `entry ${seq} begins ${article.id} in the middle`;
  if (kind !== 'published' && kind !== 'expired') yield `entry ${seq} begins ${article.id} as ${kind}`;
}

function* nextInStory(before: LoggedEntry, entry: LoggedEntry): Generator<string> {
  const { kind } = entry;
  const at = `entry ${entry.seq} of ${entry.article.id}`;
  if (entry.previousSeq !== before.seq) yield `${at} does not follow ${before.seq}`;
  if (before.state === 'retracted' && kind !== 'aliased') yield `${at} comes after its retraction`;
  if (kind === 'published' && before.state === 'live') yield `${at} publishes what is live`;
  if (kind === 'revised' && before.state !== 'live') yield `${at} revises what is ${before.state}`;
  for (const why of counted(before, entry)) yield `${at} ${why}`;
}

function* counted(before: LoggedEntry, entry: LoggedEntry): Generator<string> {
  if (entry.version < before.version) yield 'goes back to an older version';
  const isNewRevision = entry.kind === 'retracted' || entry.contentHash !== before.contentHash;
  if (entry.article.revision !== before.article.revision + (isNewRevision ? 1 : 0))
    yield 'counts its revisions wrongly';
  const announced = before.announcedSeq ?? (entry.announce ? entry.seq : null);
  if (entry.announcedSeq !== announced) yield 'forgets when it was announced';
}

/** What is known of articles is what comes of reading the wire from its beginning. */
function* foldOfTheWire({ items, log }: Aftermath): Generator<string> {
  const latest = new Map(log.map((entry) => [entry.article.id, entry]));
  for (const [id, entry] of latest) {
    const item = items.get(textOf(articleKey(id)));
    if (JSON.stringify(item && loggedEntry.parse(item)) !== JSON.stringify(entry)) {
      yield `article ${id} is not as entry ${entry.seq} says`;
    }
    for (const identity of entry.identities) {
      if (items.get(textOf(ownerKey(identity)))?.['id'] !== id) yield `an identity of ${id} is not known`;
    }
  }
  for (const { pk } of items.values()) {
    const id = /^ARTICLE#(.*)/.exec(pk)?.[1];
    if (id !== undefined && !latest.has(id)) yield `there is an article ${id} that is not on the wire`;
  }
  const mark = items.get(textOf(HEAD))?.['seq'] ?? 0;
  if (mark !== log.length) yield `the head mark stands at ${mark}, the wire at ${log.length}`;
}

const ownersOf = (log: readonly LoggedEntry[]): Map<string, string> =>
  new Map(log.flatMap(({ newIdentities, article }) => newIdentities.map((one) => [one, article.id] as const)));

/** Nothing that was acknowledged is lost. */
function* keptWord({ log, answered }: Aftermath): Generator<string> {
  const articles = byArticle(log);
  const owners = ownersOf(log);
  for (const { is, action, outcome } of answered) {
    if (is !== 'submit' || !('current' in outcome)) continue;
    const { id } = outcome.current.article;
    const names = identitiesOf(action.submission).map((name) => owners.get(name));
    const what = `“${outcome.is}” for ${id}`;
    if (!names.includes(id)) yield `${what}, but another article has its identities`;
    if (names.includes(undefined)) yield `${what}, but an identity was forgotten`;
    for (const why of lost(action.submission.version, outcome.is, outcome.current, articles.get(id) ?? []))
      yield `${what}, but ${why}`;
  }
}

function* lost(
  version: number,
  is: Outcome['is'],
  current: CurrentArticle,
  entries: readonly LoggedEntry[],
): Generator<string> {
  const last = entries.at(-1);
  if (!last) return yield 'it is not on the wire';
  const isThere = entries.some((entry) => entry.version === version && entry.seq <= current.seq);
  if ((is === 'new' || is === 'revised') && !isThere) yield 'the content is lost';
  if (is === 'retracted' && last.state !== 'retracted') yield `it is ${last.state}`;
  if (is !== 'unchanged' && last.state !== 'retracted' && version > last.version) yield 'an older version stands';
}

function* retractionsHold({ log, answered }: Aftermath): Generator<string> {
  const articles = byArticle(log);
  for (const { is, action, outcome } of answered) {
    if (is !== 'retract' || !('current' in outcome)) continue;
    const last = articles.get(action.id)?.at(-1);
    if (last?.state !== 'retracted') yield `${action.id} was retracted, and is ${last?.state}`;
  }
  for (const [id, entries] of articles) {
    if (entries.at(-1)?.state !== 'retracted') continue;
    for (const { seq, article } of entries) {
      if (article.html !== '' || article.summary !== null) yield `entry ${seq} still has the text of ${id}`;
    }
  }
}

/** Not a second too soon. What is live already may be revised at once. */
function* nothingComesOutEarly({ log }: Aftermath): Generator<string> {
  for (const { seq, kind, at, article } of log) {
    const notBefore = /not before ([^<]*)</.exec(article.html)?.[1];
    if (kind === 'published' && notBefore !== undefined && at < notBefore)
      yield `entry ${seq} came out at ${at}, before ${notBefore}`;
  }
}

function* draftsComeOut({ log, answered, items, unwanted }: Aftermath): Generator<string> {
  const owners = ownersOf(log);
  for (const { is, action, outcome } of answered) {
    if (is !== 'submit' || (outcome.is !== 'drafted' && outcome.is !== 'unchanged-draft')) continue;
    const isOut = identitiesOf(action.submission).every((name) => owners.has(name));
    if (!isOut && !unwanted.has(outcome.draft.id)) yield `draft ${outcome.draft.id} never came out`;
  }
  for (const item of items.values())
    if (item.pk.startsWith('DRAFT#') && item['gone'] !== true) yield `${item.pk} was left lying`;
}

/** A draft that was removed before its moment is never seen: what comes under its names later is another one. */
function* removedDraftsStayAway({ log, answered }: Aftermath): Generator<string> {
  for (const answer of answered) {
    if (answer.is !== 'retract' || answer.outcome.is !== 'draft-removed') continue;
    const { id } = answer.outcome.draft;
    if (log.some(({ article }) => article.id === id)) yield `draft ${id} was removed and came out`;
  }
}

function* timeIsKept({ log, items }: Aftermath): Generator<string> {
  for (const [id, entries] of byArticle(log)) {
    const last = entries.at(-1);
    if (last?.state === 'live' && last.article.expiresAt !== null) yield `${id} never expired`;
    for (const { seq, kind, at, article } of entries) {
      if (kind === 'expired' && (article.expiresAt === null || at < article.expiresAt))
        yield `entry ${seq} expired too early`;
    }
  }
  for (const { pk, sk } of items.values()) if (pk === 'DUE') yield `${sk} was left in the due list`;
}

/** An entry may come again after a crash, so what counts is when it came first. */
function* readersSeeAll({ log, read }: Aftermath): Generator<string> {
  const shown = log.filter(({ kind }) => kind !== 'aliased').map(({ seq }) => seq);
  for (const [reader, seqs] of read) {
    if ([...new Set(seqs)].join() !== shown.join())
      yield `${reader} read ${seqs.join()}, the wire says ${shown.join()}`;
  }
}

function* slugsAreUnique({ log }: Aftermath): Generator<string> {
  const pages = new Map<string, string>();
  for (const { article } of log) {
    const page = `${article.language}/${article.slug}`;
    if ((pages.get(page) ?? article.id) !== article.id) yield `${page} is the page of two articles`;
    pages.set(page, article.id);
  }
}

const PROMISES: Readonly<Record<string, Promised>> = {
  noGap,
  oneOwner,
  oneStory,
  slugsAreUnique,
  foldOfTheWire,
  keptWord,
  retractionsHold,
  nothingComesOutEarly,
  draftsComeOut,
  removedDraftsStayAway,
  timeIsKept,
  readersSeeAll,
};

/** Every promise that is broken, in words. */
export const brokenPromises = (aftermath: Aftermath): string[] =>
  Object.entries(PROMISES).flatMap(([name, promise]) => [...promise(aftermath)].map((what) => `${name}: ${what}`));
