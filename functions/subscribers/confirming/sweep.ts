import type { Doorbell } from '../../shared/storage/doorbell.ts';
import type { Instant } from '../../shared/time.ts';
import type { ConfirmationDoorbell, Subscribers } from '../ports.ts';

export interface Sweep {
  readonly subscribers: Pick<Subscribers, 'due'>;
  readonly bell: Doorbell<ConfirmationDoorbell>;
  readonly now: () => Instant;
}

/** More than one minute's sending takes; the longest waiting come first, and the next sweep goes on. */
const MOST_RUNG = 1000;

/** Rings for every confirmation mail that is due: a bell that was lost is rung again within a minute. */
export const ringForDue = async ({ subscribers, bell, now }: Sweep): Promise<void> => {
  const due = await subscribers.due(now(), MOST_RUNG);
  await bell.ring(...due.map((subscriber) => ({ subscriber })));
};
