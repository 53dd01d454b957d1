import { addMs, type Instant, MINUTE_MS } from '../../../shared/time.ts';
import { maxAgeSeconds, nextLook, retryAfter } from '../politeness.ts';
import type { RefusedItem } from '../reading/found.ts';
import { addressOf, type Source, type SourceState } from '../source.ts';

/** What the source answered, without its body. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly wireBytes: number;
  readonly movedTo: string | undefined;
}

/** What a look came to. */
export type Look =
  /** Nothing is new: the source said so (304), or the bytes are those of the last time. */
  | { readonly is: 'unchanged' }
  | {
      readonly is: 'read';
      readonly bodyHash: string | null;
      readonly articles: number;
      readonly revisions: number;
      readonly refused: readonly RefusedItem[];
      readonly ttlSeconds: number | null;
      readonly cursor: string | null;
      /** Where a source is read in pages: the next one from the cursor on. */
      readonly page?: number;
      /** There is more than one look can take. */
      readonly more: boolean;
      /** Something in it may go better the next time. */
      readonly again: boolean;
    }
  | { readonly is: 'trouble' | 'ended'; readonly because: string };

export interface Looking {
  readonly source: Source;
  readonly state: SourceState;
  readonly look: Look;
  readonly answer: Answered | undefined;
  /** The first address that was asked, for which the validators count. */
  readonly asked: string;
  readonly now: Instant;
  readonly random: () => number;
}

const KEPT_NOTES = 20;
const KEPT_ANSWERS = 10;
/** Between two looks at a source that has more to say. */
const GO_ON_MS = MINUTE_MS;

/** What is known of a source after a look. Whatever went wrong, what was known before is kept. */
export const stateAfter = (looking: Looking): SourceState => {
  const { state, look, answer, now } = looking;
  const next = nextOf(looking);
  const wentWell = look.is === 'read' || look.is === 'unchanged';
  return {
    ...state,
    looks: state.looks + 1,
    state: look.is === 'ended' ? 'ended' : wentWell ? 'well' : 'trouble',
    lastLookAt: now,
    nextLookAt: next.at,
    intervalSeconds: next.intervalSeconds,
    trouble: wentWell ? null : look.because,
    troubleSince: wentWell ? null : (state.troubleSince ?? now),
    moved: movedAfter(looking),
    answers: [...state.answers, { at: now, status: answer?.status ?? 0 }].slice(-KEPT_ANSWERS),
    ...(look.is === 'read' && readAfter(looking, look)),
    refused: notesAfter(looking),
    counts: countsAfter(looking),
  };
};

const nextOf = ({ look, answer, state, now, random }: Looking): { at: Instant | null; intervalSeconds: number } => {
  const { intervalSeconds } = state;
  if (look.is === 'ended') return { at: null, intervalSeconds };
  if (look.is === 'read' && look.more) return { at: addMs(now, GO_ON_MS), intervalSeconds };
  const hasNews = look.is === 'read' && look.articles + look.revisions > 0;
  const wishes = [look.is === 'read' ? look.ttlSeconds : null, maxAgeSeconds(answer?.headers['cache-control'])];
  return nextLook(
    {
      brought: look.is === 'trouble' ? 'trouble' : hasNews ? 'news' : 'nothing',
      intervalSeconds,
      wishSeconds: Math.max(...wishes.map((wish) => wish ?? 0)),
      notBefore: retryAfter(answer?.headers['retry-after'], now),
    },
    now,
    random,
  );
};

/** Validators are kept only for what was read to its end: else the next look would hear that nothing is new. */
const readAfter = (
  { state, answer, asked, now }: Looking,
  look: Extract<Look, { is: 'read' }>,
): Partial<SourceState> => {
  const { etag = null, 'last-modified': lastModified = null } = answer?.headers ?? {};
  const isWhole = !look.more && !look.again;
  const hasValidators = isWhole && (etag !== null || lastModified !== null);
  return {
    lastNewAt: look.articles > 0 ? now : state.lastNewAt,
    readAt: look.more ? state.readAt : (state.readAt ?? now),
    validators: hasValidators ? { url: asked, etag, lastModified } : null,
    bodyHash: isWhole ? look.bodyHash : null,
    bodyBytes: answer?.wireBytes ?? 0,
    cursor: look.cursor ?? state.cursor,
    page: look.page ?? 1,
  };
};

const notesAfter = ({ state, look, now }: Looking): SourceState['refused'] => {
  if (look.is !== 'read') return state.refused;
  const notes = look.refused.map(({ item, because }) => ({ item, because, at: now }));
  const isSaid = ({ item, because }: RefusedItem): boolean =>
    notes.some((note) => note.item === item && note.because === because);
  // What is refused at every look is said once, with the last time.
  return [...state.refused.filter((note) => !isSaid(note)), ...notes].slice(-KEPT_NOTES);
};

const countsAfter = ({ state, look, answer }: Looking): SourceState['counts'] => {
  const { counts } = state;
  const isSpared = answer?.status === 304;
  return {
    looks: counts.looks + 1,
    unchanged: counts.unchanged + (isSpared ? 1 : 0),
    bytesRead: counts.bytesRead + (answer?.wireBytes ?? 0),
    bytesSaved: counts.bytesSaved + (isSpared ? state.bodyBytes : 0),
    articles: counts.articles + (look.is === 'read' ? look.articles : 0),
    revisions: counts.revisions + (look.is === 'read' ? look.revisions : 0),
    refused: counts.refused + (look.is === 'read' ? look.refused.length : 0),
  };
};

/** 301 and 308 are believed when they have said the same for a week; an address that fails is forgotten again. */
const movedAfter = ({ source, state, look, answer, now }: Looking): SourceState['moved'] => {
  const isLearned = addressOf(source, state, now) !== source.url;
  const fits = look.is === 'read' || look.is === 'unchanged';
  if (!fits) return isLearned && answer !== undefined ? null : state.moved;
  const to = answer?.movedTo;
  if (to === undefined) return isLearned ? state.moved : null;
  if (isLearned || to === state.moved?.url) return { url: to, since: state.moved?.since ?? now };
  return { url: to, since: now };
};
