import type { Instant } from '../../shared/time.ts';
import { change } from '../change.ts';
import { isMute } from '../erasing/erase.ts';
import { counted, tooManyUnanswered } from '../joining/signUp.ts';
import type { Subscribers } from '../ports.ts';
import type { Subscriber } from '../subscriber.ts';
import { askToMove } from './move.ts';

interface Asked {
  readonly newsletter: string;
  readonly to: string;
  readonly language: string;
}

const MOST_TRIES = 10;

/**
 * The new address is a stranger's until its owner clicks, so the letter to it counts like any question to it: no
 * reader can be made to write to others more often than a form could. What it says is the same whoever is there.
 */
export const requestMove = async (
  subscribers: Pick<Subscribers, 'open' | 'byId' | 'save'>,
  reader: Subscriber,
  asked: Asked,
  now: Instant,
): Promise<'asked' | 'too-soon' | 'unknown'> => {
  const trial = askToMove(reader, asked, now);
  if (trial.is !== 'asked') return trial.is;
  if (!(await countAt(subscribers, reader.id, asked.to, now))) return 'asked';
  const outcome = await change(subscribers, reader.id, (one) => askToMove(one, asked, now));
  return outcome?.is ?? 'unknown';
};

/** Counts a mail to this address, unless it may get none. */
const countAt = async (
  subscribers: Pick<Subscribers, 'open' | 'save'>,
  reader: string,
  address: string,
  now: Instant,
): Promise<boolean> => {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const there = await subscribers.open(address, now);
    if (there.id === reader || isMute(there) || tooManyUnanswered(there, now)) return false;
    const after = counted(there, now);
    const kept = there.address === '' ? { ...after, expiresAt: null } : after;
    if ((await subscribers.save(there, kept)) === 'saved') return true;
  }
  throw new Error('A subscriber was changed by others ten times in a row.');
};
