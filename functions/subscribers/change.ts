import type { Over } from './leaving/over.ts';
import type { Subscribers } from './ports.ts';
import type { Subscriber } from './subscriber.ts';

/** Nobody changes the same subscriber ten times within these milliseconds unless something is wrong. */
const MOST_TRIES = 10;

/**
 * Reads a subscriber, works out a move and saves it; where somebody else was faster, all of it again on what he left.
 * `undefined`: there is nobody of this id. The move is pure and may be worked out several times.
 */
export const change = async <Outcome extends { readonly subscriber: Subscriber; readonly over?: Over | undefined }>(
  subscribers: Pick<Subscribers, 'byId' | 'save'>,
  id: string,
  move: (subscriber: Subscriber) => Outcome,
): Promise<Outcome | undefined> => {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const before = await subscribers.byId(id);
    if (!before) return undefined;
    const outcome = move(before);
    if (outcome.subscriber === before) return outcome;
    if ((await subscribers.save(before, outcome.subscriber, outcome.over)) === 'saved') return outcome;
  }
  throw new Error('A subscriber was changed by others ten times in a row.');
};
