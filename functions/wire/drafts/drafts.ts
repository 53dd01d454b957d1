import type { Written } from '../../shared/storage/table.ts';
import type { Instant } from '../../shared/time.ts';
import { contentHash, type Identity } from '../append/identity.ts';
import type { Publish } from '../append/wish.ts';
import type { Draft } from '../ports.ts';

/** A draft as it is kept. */
export interface KeptDraft extends Draft {
  /** What the article will be known by. */
  readonly identities: readonly Identity[];
  readonly version: number;
  /**
   * Its moment has come. From here it goes onto the wire and nowhere else: it can no longer be changed, put off or
   * removed, and whoever finds it may publish it.
   */
  readonly claimed: boolean;
  /** Another with every change of what it says, so that a change is made to exactly what its maker has read. */
  readonly change: string;
}

/** Drafts lie outside the wire: nothing of them can be read through it. */
export interface Drafts {
  /** `gone`: it came out or was removed, and its id is not to be used again. */
  find(id: string): Promise<KeptDraft | 'gone' | undefined>;
  /**
   * In place of `before`, if that still is as it was read; without it, only where there has been no such draft. Takes
   * the identities that no other draft has; `refused` also if another has the first.
   */
  save(draft: KeptDraft, before: KeptDraft | undefined): Promise<Written>;
  /** `keepText`: the article goes on with the draft's long text. */
  remove(draft: KeptDraft, how: { keepText: boolean }): Promise<Written>;
  /** What is due, the longest due first, after a row seen before. */
  due(now: Instant, after: DueRow | undefined): Promise<DueRow[]>;
  /** All that wait, in the order of their moments, after a place that an earlier page named. */
  waiting(after: string | undefined, limit: number): Promise<{ items: KeptDraft[]; next: string | undefined }>;
  /** Removes the row if it still says what was read. */
  forgetDue(row: DueRow): Promise<void>;
}

/** Somebody has to be looked at: a draft may have to be published, an article may be over. */
export type DueRow = { readonly key: string; readonly at: Instant; readonly id: string } & (
  | { readonly what: 'draft'; readonly change: string }
  | { readonly what: 'article'; readonly seq: number }
);

/** What becomes of a draft when this is submitted. Pure: called again when somebody else was quicker. */
export const decideDraft = (
  wish: Publish,
  there: KeptDraft | undefined,
  how: { id: string; change: string; now: Instant },
): { readonly is: 'drafted' | 'due' | 'unchanged-draft'; readonly draft: KeptDraft } => {
  const draft = draftOf(wish, there, how);
  if (!there || (wish.version >= there.version && !saysTheSame(there, draft))) {
    return { is: draft.claimed ? 'due' : 'drafted', draft };
  }
  // Refused content may bring a further name all the same, and would come back under it if that were forgotten.
  const { identities, change } = draft;
  const isKnown = identities.length === there.identities.length;
  return { is: 'unchanged-draft', draft: isKnown ? there : { ...there, identities, change } };
};

/** What is due already is claimed at once. */
const draftOf = (
  wish: Publish,
  there: KeptDraft | undefined,
  { id, change, now }: { id: string; change: string; now: Instant },
): KeptDraft => {
  const dueAt = wish.dueAt === null || wish.dueAt <= now ? now : wish.dueAt;
  return {
    id,
    content: wish.undated ? { ...wish.content, publishedAt: dueAt } : wish.content,
    dueAt,
    announce: wish.announce ?? there?.announce ?? true,
    identities: [...new Set([...(there?.identities ?? []), ...wish.identities])],
    version: wish.version,
    claimed: dueAt === now,
    change,
  };
};

const saysTheSame = (a: KeptDraft, b: KeptDraft): boolean =>
  a.claimed === b.claimed &&
  a.dueAt === b.dueAt &&
  a.announce === b.announce &&
  contentHash(a.content) === contentHash(b.content);

/** A draft's wish, once it is claimed. */
export const wishOf = (draft: KeptDraft): Publish => ({
  is: 'publish',
  newId: draft.id,
  content: draft.content,
  undated: false,
  identities: draft.identities,
  version: draft.version,
  announce: draft.announce,
  dueAt: null,
  unfinished: false,
  fromDraft: true,
});

/** What others may see of it: whoever holds the newsroom key, that is. */
export const shownDraft = ({ id, content, dueAt, announce }: KeptDraft): Draft => ({ id, content, dueAt, announce });
