import { type Instant, msOf } from '../../shared/time.ts';
import type { Article, Content } from '../article.ts';
import type { EntryKind } from '../entry.ts';
import { contentHash, type Identity, slugIdentity } from './identity.ts';
import type { LoggedEntry, State } from './logged.ts';
import { keepsSlug, slugCandidates } from './slug.ts';
import { type Expire, type Facts, namesOf, type Publish, type Retract, type Revise, type Wish } from './wish.ts';

/** An entry but for what its place on the wire decides. `announcedSeq` is that of the entries before. */
export type Change = Omit<LoggedEntry, 'seq' | 'attempt'>;

export type Decision =
  | { readonly is: 'new' | 'revised' | 'retract' | 'expire'; readonly change: Change }
  /** Refused; `alias` makes the article known under the further identities that the refused content brought. */
  | { readonly is: 'unchanged' | 'older' | 'retracted'; readonly current: LoggedEntry; readonly alias?: Change }
  | { readonly is: 'conflict' | 'public'; readonly current: LoggedEntry }
  /** It is not public, and either not due or known as a draft: not the wire's business yet. */
  | { readonly is: 'draft' }
  | { readonly is: 'unknown' | 'not-due' };

/** What is to be done about a wish, given the facts. Pure: called again whenever the facts may have changed. */
export const decide = (wish: Wish, facts: Facts, now: Instant): Decision => {
  switch (wish.is) {
    case 'publish':
      return facts.current ? decideNext(wish, wish.version, facts.current, facts, now) : decideFirst(wish, facts, now);
    case 'revise':
      return facts.current ? decideEdit(wish, facts.current, facts, now) : { is: 'unknown' };
    case 'retract':
      return facts.current ? decideRetraction(wish, facts.current, now) : { is: 'unknown' };
    case 'expire':
      return decideExpiry(wish, facts.current, now);
  }
};

/** The entry, once its place is known: what is announced for the first time is ordered by that place. */
export const entryAt = (change: Change, seq: number, attempt: string): LoggedEntry => ({
  ...change,
  seq,
  attempt,
  announcedSeq: change.announcedSeq ?? (change.announce ? seq : null),
  publicSeq: change.kind === 'aliased' ? change.publicSeq : seq,
});

const decideFirst = (wish: Publish, facts: Facts, now: Instant): Decision => {
  if (isLater(wish, now) || facts.draftId !== undefined) return { is: 'draft' };
  const { content, newId } = wish;
  const slug = slugFor(content, newId, undefined, facts);
  const identities = [...new Set([...wish.identities, slugIdentity(content.language, slug)])].filter(
    (identity) => facts.owners.get(identity) === undefined,
  );
  const state = stateOf(content, now);
  const change: Change = {
    kind: state === 'live' ? 'published' : 'expired',
    at: now,
    announce: state === 'live' && (wish.announce ?? true),
    announcedSeq: null,
    article: { ...content, id: newId, revision: 1, slug, updatedAt: now },
    before: null,
    reason: null,
    identities,
    newIdentities: identities,
    state,
    publicSeq: 0,
    previousSeq: null,
    version: wish.version,
    contentHash: contentHash(content),
    seenHashes: [contentHash(content)],
    bodyKey: null,
  };
  return { is: 'new', change };
};

/** Somebody at the newsroom edits this very article: that wins over whatever version a source last brought. */
const decideEdit = (wish: Revise, current: LoggedEntry, facts: Facts, now: Instant): Decision => {
  const decision = decideNext(wish, Math.max(msOf(now), current.version + 1), current, facts, now);
  const isStale = wish.ifRevision !== undefined && wish.ifRevision !== current.article.revision;
  // An edit that is there already is no conflict: it may be this one, sent again.
  return decision.is === 'revised' && isStale ? { is: 'conflict', current } : decision;
};

const decideNext = (
  wish: Publish | Revise,
  version: number,
  current: LoggedEntry,
  facts: Facts,
  now: Instant,
): Decision => {
  const content = datedContent(wish, current, now);
  const hash = contentHash(content);
  const names = namesOf(wish).filter((identity) => facts.owners.get(identity) === undefined);
  const refuse = (is: 'unchanged' | 'older' | 'retracted'): Decision =>
    names.length === 0 || wish.is === 'revise' ? { is, current } : { is, current, alias: aliasOf(current, names, now) };

  if (current.state === 'retracted') return refuse('retracted');
  const corrects = wish.correction !== undefined && wish.correction !== current.correction;
  if (hash === current.contentHash && !corrects) return refuse('unchanged');
  if (version < current.version) return refuse('older');
  if (version === current.version && current.seenHashes.includes(hash)) return refuse('unchanged');
  if (wish.unfinished && (current.state === 'live' || wish.is === 'revise')) return { is: 'public', current };
  if (wish.is === 'publish' && current.state !== 'live' && isLater(wish, now)) return { is: 'draft' };
  const seenHashes = version === current.version ? [...current.seenHashes, hash] : [hash];
  return { is: 'revised', change: revision(wish, content, { version, seenHashes, names }, current, facts, now) };
};

const revision = (
  wish: Publish | Revise,
  content: Content,
  judged: { version: number; seenHashes: readonly string[]; names: readonly Identity[] },
  current: LoggedEntry,
  facts: Facts,
  now: Instant,
): Change => {
  const { id } = current.article;
  const slug = slugFor(content, id, current.article, facts);
  const slugName = slugIdentity(content.language, slug);
  const newIdentities = current.identities.includes(slugName) ? judged.names : [...judged.names, slugName];
  const state = stateOf(content, now);
  return {
    ...after(current, now),
    ...revisedKind(current.state, state),
    ...(wish.correction !== undefined && { correction: wish.correction }),
    announce: state === 'live' && (wish.announce ?? current.announcedSeq !== null),
    article: { ...content, id, slug, revision: current.article.revision + 1, updatedAt: now },
    identities: [...current.identities, ...newIdentities],
    newIdentities,
    version: judged.version,
    contentHash: contentHash(content),
    seenHashes: judged.seenHashes,
    bodyKey: null,
  };
};

/** An article that had expired and gets more time is published once more: readers had let go of it. */
const revisedKind = (was: State, is: State): { kind: EntryKind; state: State } => {
  if (is !== 'live') return { kind: 'expired', state: 'expired' };
  return { kind: was === 'live' ? 'revised' : 'published', state: 'live' };
};

const decideRetraction = (wish: Retract, current: LoggedEntry, now: Instant): Decision => {
  if (current.state === 'retracted') return { is: 'retracted', current };
  const { article } = current;
  const change: Change = {
    ...after(current, now),
    kind: 'retracted',
    state: 'retracted',
    reason: wish.reason,
    article: { ...article, html: '', summary: null, revision: article.revision + 1, updatedAt: now },
    bodyKey: null,
  };
  return { is: 'retract', change };
};

/** Decided from what the article says now, so an early, a late and a second ring find nothing to do. */
const decideExpiry = (_: Expire, current: LoggedEntry | undefined, now: Instant): Decision => {
  if (current?.state !== 'live' || stateOf(current.article, now) === 'live') return { is: 'not-due' };
  return { is: 'expire', change: { ...after(current, now), kind: 'expired', state: 'expired' } };
};

/** A refused article that came under a further name must be recognised under that name too. */
const aliasOf = (current: LoggedEntry, names: readonly Identity[], now: Instant): Change => ({
  ...after(current, now),
  kind: 'aliased',
  announce: false,
  identities: [...current.identities, ...names],
  newIdentities: names,
});

/** The next entry of an article as long as nothing is said to differ. */
const after = ({ seq, attempt: _, correction: __, ...current }: LoggedEntry, now: Instant): Change => ({
  ...current,
  at: now,
  announce: current.announcedSeq !== null,
  before: { language: current.article.language, topics: current.article.topics },
  previousSeq: seq,
  newIdentities: [],
});

/**
 * A date that nobody gave is the one the article has. What is out is out, so a date in the future does not hold a
 * revision back; it waits until it is past.
 */
const datedContent = (wish: Publish | Revise, { article }: LoggedEntry, now: Instant): Content =>
  wish.undated || wish.content.publishedAt > now ? { ...wish.content, publishedAt: article.publishedAt } : wish.content;

/** What is live stays live, whatever moment a revision names; anything else waits for it. */
const isLater = ({ dueAt }: Publish, now: Instant): boolean => dueAt !== null && dueAt > now;

const stateOf = ({ expiresAt }: Pick<Content, 'expiresAt'>, now: Instant): 'live' | 'expired' =>
  expiresAt !== null && expiresAt <= now ? 'expired' : 'live';

/** The present slug as long as the title says the same, else the first that is free or was this article's before. */
const slugFor = (content: Content, id: string, was: Article | undefined, facts: Facts): string => {
  if (was && keepsSlug(was, content)) return was.slug;
  const slug = slugCandidates(content.title, id).find((candidate) => {
    const identity = slugIdentity(content.language, candidate);
    return facts.owners.has(identity) && [undefined, id].includes(facts.owners.get(identity));
  });
  if (slug === undefined) throw new Error('The slugs of an article were not looked up before deciding.');
  return slug;
};
