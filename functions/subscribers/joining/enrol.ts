import { errorFields, log } from '../../shared/log.ts';
import type { Doorbell } from '../../shared/storage/doorbell.ts';
import type { Instant } from '../../shared/time.ts';
import type { ConfirmationDoorbell, Subscribers } from '../ports.ts';
import { type SignUp, signUp } from './signUp.ts';

interface Ports {
  readonly subscribers: Pick<Subscribers, 'open' | 'save'>;
  readonly bell: Doorbell<ConfirmationDoorbell>;
}

const MOST_TRIES = 10;

/**
 * Takes a sign-up. Whatever is known of the address, the same is read, written and rung, so that neither the answer
 * nor its time tells whether somebody is a reader here; what there is to say goes to the address itself.
 */
export const enrol = async (ports: Ports, address: string, wish: SignUp, now: Instant): Promise<void> => {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const before = await ports.subscribers.open(address, now);
    const { is, subscriber: after } = signUp({ ...before, address: before.address || address }, wish, now);
    // An erased address is written down again only for as long as somebody may answer at it.
    const subscriber = is === 'nothing' ? before : after;
    if ((await ports.subscribers.save(before, subscriber)) === 'saved') return rung(ports, subscriber.id);
  }
  throw new Error('A subscriber was changed by others ten times in a row.');
};

export const rung = async ({ bell }: Pick<Ports, 'bell'>, subscriber: string): Promise<void> => {
  try {
    await bell.ring({ subscriber });
  } catch (error) {
    // What is due is kept, and the sweep rings for every mail that is due: within a minute instead of at once.
    log.warn('confirmation.not-rung', { subscriber, ...errorFields(error) });
  }
};
