import { instant, msOf } from '../../../functions/shared/time.ts';
import type { Outcome, Publisher, Retraction, Submission } from '../../../functions/wire/ports.ts';
import { someContent } from '../../support/anArticle.ts';

/** What one client asks of the wire. */
export type Action =
  | { readonly is: 'submit'; readonly submission: Submission }
  | { readonly is: 'revise'; readonly id: string; readonly html: string }
  | { readonly is: 'retract'; readonly id: string }
  | { readonly is: 'ring' };

type Asked<Is extends Action['is']> = Action & { readonly is: Is };

export type Answered =
  | { readonly is: 'submit'; readonly action: Asked<'submit'>; readonly outcome: Outcome }
  | {
      readonly is: 'revise';
      readonly action: Asked<'revise'>;
      readonly outcome: Awaited<ReturnType<Publisher['revise']>>;
    }
  | { readonly is: 'retract'; readonly action: Asked<'retract'>; readonly outcome: Retraction }
  | { readonly is: 'ring'; readonly action: Asked<'ring'>; readonly outcome: { published: number; expired: number } };

export const START = '2026-05-01T08:00:00.000Z';

/** Kinds of runs: what is likely in one is rare in the other. */
export interface Habits {
  /** How many different things are written about. */
  readonly subjects: number;
  /** Submissions that are to wait. */
  readonly scheduled: number;
  readonly expiring: number;
  readonly retracting: number;
  readonly revising: number;
  readonly ringing: number;
}

export const chooseAction = (
  chance: () => number,
  habits: Habits,
  known: readonly string[],
  seconds: number,
): Action => {
  const one = <T>(of: readonly [T, ...T[]]): T => of[Math.floor(chance() * of.length)] ?? of[0];
  const dice = chance();
  const id = known[Math.floor(chance() * known.length)];
  if (dice < habits.ringing) return { is: 'ring' };
  if (id !== undefined && dice < habits.ringing + habits.retracting) return { is: 'retract', id };
  if (id !== undefined && dice < habits.ringing + habits.retracting + habits.revising) {
    return { is: 'revise', id, html: `<p>edited ${Math.floor(chance() * 3)}</p>` };
  }
  const subject = Math.floor(chance() * habits.subjects);
  const later = (share: number): string | null =>
    chance() < share ? instant(msOf(START) + 1000 * (seconds + 1 + Math.floor(chance() * 300))) : null;
  const names = one([
    { externalId: `g${subject}`, url: null },
    { externalId: `g${subject}`, url: null },
    { externalId: `g${subject}`, url: `https://city.example/${subject}` },
    { externalId: null, url: `https://city.example/${subject}?utm_source=feed` },
  ]);
  const dueAt = later(habits.scheduled);
  const version = 1 + Math.floor(chance() * 4);
  const text = `subject ${subject}, version ${version}, wording ${one(['a', 'b'])}`;
  return {
    is: 'submit',
    submission: {
      content: someContent({
        title: one(['Ferries meet', 'Ferries part']),
        html: `<p>${text}${dueAt === null ? '' : `, not before ${dueAt}`}</p>`,
        url: names.url,
        expiresAt: later(habits.expiring),
      }),
      externalId: names.externalId,
      source: 'api',
      version,
      announce: one([undefined, undefined, false, true]),
      dueAt,
    },
  };
};

export const perform = async (publisher: Publisher, action: Action): Promise<Answered> => {
  switch (action.is) {
    case 'submit':
      return { is: action.is, action, outcome: await publisher.submit(action.submission) };
    case 'revise':
      return {
        is: action.is,
        action,
        outcome: await publisher.revise(action.id, someContent({ html: action.html }), {}),
      };
    case 'retract':
      return { is: action.is, action, outcome: await publisher.retract(action.id, 'An error.') };
    case 'ring':
      return { is: action.is, action, outcome: await publisher.ringClock() };
  }
};
