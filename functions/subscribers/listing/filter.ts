import * as z from 'zod';
import { cadenceSchema } from '../../shared/config.ts';
import type { Subscriber, Subscription } from '../subscriber.ts';
import type { Listed } from './directory.dynamo.ts';

/** Of whom a list is wanted. What is not said makes no difference. */
export const filter = z.strictObject({
  newsletter: z.string().max(100).optional(),
  state: z.enum(['active', 'pending', 'left', 'suppressed']).optional(),
  /** The language of the mails. */
  language: z.string().max(35).optional(),
  /** A topic that was chosen; who chose none gets all, and so this one too. */
  topic: z.string().max(60).optional(),
  cadence: cadenceSchema.optional(),
});

export type Filter = Readonly<z.infer<typeof filter>>;

export type State = NonNullable<Filter['state']>;

/** What a subscription comes to: a suppression is above whatever the reader chose. */
export const stateOf = (subscriber: Subscriber, { state }: Subscription): State =>
  subscriber.suppressed ? 'suppressed' : state;

/** The subscriptions a filter means; nobody who was erased. */
export const matching = (subscriber: Subscriber, wanted: Filter): Subscription[] =>
  subscriber.address === ''
    ? []
    : subscriber.subscriptions.filter(
        (one) =>
          same(wanted.newsletter, one.newsletter) &&
          same(wanted.state, stateOf(subscriber, one)) &&
          same(wanted.language, one.languages[0]) &&
          same(wanted.cadence, one.cadence) &&
          (wanted.topic === undefined || one.topics.length === 0 || one.topics.includes(wanted.topic)),
      );

const same = (wanted: string | undefined, is: string | undefined): boolean => wanted === undefined || wanted === is;

/** The shortest list in which everybody is whom the filter means. */
export const listFor = ({ newsletter, state, cadence }: Filter): Listed => {
  if (state === 'pending') return { is: 'pending' };
  if (state === 'active' && newsletter !== undefined && cadence !== undefined)
    return { is: 'audience', newsletter, cadence };
  return { is: 'staying' };
};
