import { errorFields, log } from '../shared/log.ts';
import type { Doorbell } from '../shared/storage/doorbell.ts';
import { type Instant, msOf } from '../shared/time.ts';
import { type Appended, type Appender, type AppendPorts, openAppender } from './append/append.ts';
import { identitiesOf } from './append/identity.ts';
import type { LoggedEntry } from './append/logged.ts';
import { namesOf, type Publish, type Revise } from './append/wish.ts';
import { currentOf } from './append/withBody.ts';
import { ringClock } from './drafts/clock.ts';
import { type Drafts, decideDraft, type KeptDraft, shownDraft } from './drafts/drafts.ts';
import { publishDraft } from './drafts/publishDraft.ts';
import {
  type CurrentArticle,
  type Outcome,
  type Publisher,
  type Retraction,
  type Submission,
  UNFINISHED,
} from './ports.ts';

export interface PublisherPorts extends AppendPorts {
  readonly drafts: Drafts;
  /** The entry with its text, wherever that lies. */
  readonly whole: (entry: LoggedEntry) => Promise<LoggedEntry>;
  /** At the doors of the wire's readers. */
  readonly feedsBell: Doorbell<Record<string, never>>;
}

export const openPublisher = (ports: PublisherPorts): Publisher => {
  const { drafts, now, newId } = ports;
  const appender = ringing(openAppender(ports), ports.feedsBell);
  const withDrafts = { appender, drafts };

  const current = async (entry: LoggedEntry): Promise<CurrentArticle> => currentOf(await ports.whole(entry));

  const outcomeOf = async ({ decision, entry }: Appended): Promise<Outcome> => {
    if ((decision.is === 'new' || decision.is === 'revised') && entry) {
      return { is: decision.is, current: await current(entry) };
    }
    if (
      decision.is === 'unchanged' ||
      decision.is === 'older' ||
      decision.is === 'retracted' ||
      decision.is === 'public'
    ) {
      return { is: decision.is, current: await current(entry ?? decision.current) };
    }
    throw new Error(`No submission ends as ${decision.is}.`);
  };

  const draftOf = async (id: string): Promise<KeptDraft | undefined> => {
    const found = await drafts.find(id);
    return found === 'gone' ? undefined : found;
  };

  /** `undefined`: somebody else was quicker; look at the wire again. */
  const intoDraft = async (wish: Publish, id: string, there: KeptDraft | undefined): Promise<Outcome | undefined> => {
    if (there?.claimed) {
      await publishDraft(withDrafts, there);
      return undefined;
    }
    const { is, draft } = decideDraft(wish, there, { id, change: newId(), now: now() });
    if (!there && is === 'due') return outcomeOf(await appender.append({ ...wish, fromDraft: true }));
    if (draft !== there && (await drafts.save(draft, there)) === 'refused') return undefined;
    return is === 'due' ? outcomeOf(await publishDraft(withDrafts, draft)) : { is, draft: shownDraft(draft) };
  };

  /** `undefined`: it goes onto the wire or was changed; look again. */
  const removed = async (draft: KeptDraft): Promise<Retraction | undefined> => {
    if (draft.claimed) {
      await publishDraft(withDrafts, draft);
      return undefined;
    }
    const written = await drafts.remove(draft, { keepText: false });
    return written === 'written' ? { is: 'draft-removed', draft: shownDraft(draft) } : undefined;
  };

  return {
    submit(submission) {
      return untilDone(ports, async () => {
        // Another id each time: the one before may have become that of a draft, and be gone with it.
        const wish = wishOf(submission, newId());
        const appended = await appender.append(wish);
        if (appended.decision.is !== 'draft') return outcomeOf(appended);
        const { draftId } = appended.facts;
        const found = draftId === undefined ? 'gone' : await drafts.find(draftId);
        return found === 'gone'
          ? intoDraft(wish, wish.newId, undefined)
          : intoDraft(wish, draftId ?? wish.newId, found);
      });
    },

    revise(id, content, how) {
      const { ifRevision, announce, correction, undated = false } = how;
      const unfinished = how.dueAt === UNFINISHED;
      const wish: Revise = { is: 'revise', id, content, undated, unfinished, ifRevision, announce, correction };
      return untilDone(ports, async (isFirst) => {
        const appended = await appender.append(wish);
        const { decision } = appended;
        if (decision.is === 'conflict') return { is: 'conflict', current: await current(decision.current) };
        if (decision.is !== 'unknown') return outcomeOf(appended);
        const draft = await draftOf(id);
        // It may have gone onto the wire between the two looks, so one look more.
        if (!draft) return isFirst ? undefined : { is: 'unknown' };
        return intoDraft(editOf(wish, draft, how.dueAt, now()), id, draft);
      });
    },

    retract(id, reason) {
      return untilDone<Retraction>(ports, async (isFirst) => {
        const { decision, entry } = await appender.append({ is: 'retract', id, reason });
        if (entry) return { is: 'retracted', current: await current(entry) };
        if (decision.is === 'retracted') return { is: 'already-retracted', current: await current(decision.current) };
        const draft = await draftOf(id);
        if (draft) return removed(draft);
        return isFirst ? undefined : { is: 'unknown' };
      });
    },

    async draft(id) {
      const found = await draftOf(id);
      return found && shownDraft(found);
    },

    async drafts({ after, limit }) {
      const { items, next } = await drafts.waiting(after, limit);
      return { items: items.map(shownDraft), next };
    },

    ringClock: () => ringClock({ ...withDrafts, now }),
  };
};

const wishOf = (submission: Submission, newId: string): Publish => ({
  is: 'publish',
  newId,
  content: submission.content,
  undated: submission.undated ?? false,
  identities: identitiesOf(submission),
  version: submission.version,
  announce: submission.announce,
  correction: submission.correction,
  dueAt: submission.dueAt,
  unfinished: submission.dueAt === UNFINISHED,
  fromDraft: false,
});

/** An edit of a draft wins over every version before, as an edit of an article does. */
const editOf = (wish: Revise, draft: KeptDraft, dueAt: Instant | null | undefined, now: Instant): Publish => ({
  is: 'publish',
  newId: draft.id,
  content: wish.content,
  undated: wish.undated,
  identities: namesOf(wish),
  version: Math.max(msOf(now), draft.version + 1),
  announce: wish.announce,
  dueAt: dueAt === undefined ? draft.dueAt : dueAt,
  unfinished: (dueAt === undefined ? draft.dueAt : dueAt) === UNFINISHED,
  fromDraft: false,
});

/** So many times others may be quicker with the same draft before the caller is told to come again. */
const MOST_ROUNDS = 20;

const untilDone = async <T>(
  { random, pause }: Pick<AppendPorts, 'random' | 'pause'>,
  once: (isFirst: boolean) => Promise<T | undefined>,
): Promise<T> => {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const done = await once(round === 0);
    if (done !== undefined) return done;
    await pause(random() * Math.min(200, 5 * 2 ** round));
  }
  throw new Error(`Others wrote about the same draft ${MOST_ROUNDS} times in a row.`);
};

/** Rings after each entry that readers see. */
const ringing = (appender: Appender, bell: PublisherPorts['feedsBell']): Appender => ({
  ...appender,
  async append(wish) {
    const appended = await appender.append(wish);
    if (appended.entry && appended.entry.kind !== 'aliased') await ring(bell, appended.entry);
    return appended;
  },
});

const ring = async (bell: PublisherPorts['feedsBell'], { seq }: LoggedEntry): Promise<void> => {
  try {
    await bell.ring({});
  } catch (error) {
    // The entry is on the wire; the readers' sweep rings again within a minute.
    log.warn('wire.bell-failed', { seq, ...errorFields(error) });
  }
};
