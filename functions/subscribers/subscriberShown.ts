import * as z from 'zod';
import { shownRecord } from './consent/proof.ts';
import { choicesOf, type Subscriber } from './subscriber.ts';

/** A subscriber as the newsroom sees one. */
export const shownSubscriber = z.object({
  id: z.string(),
  email: z.string(),
  createdAt: z.string(),
  suppressed: z.object({ because: z.string(), at: z.string() }).nullable(),
  subscriptions: z.array(
    z.object({
      newsletter: z.string(),
      state: z.enum(['pending', 'active', 'left']),
      languages: z.array(z.string()),
      topics: z.array(z.string()),
      cadence: z.string(),
      timeZone: z.string(),
      confirmedAt: z.string().nullable(),
      leftAt: z.string().nullable(),
    }),
  ),
});

export const shownWithRecord = shownSubscriber.extend({ consent: z.array(shownRecord) });

export const shownOf = ({ id, address, createdAt, suppressed, subscriptions }: Subscriber) => ({
  id,
  email: address,
  createdAt,
  suppressed,
  subscriptions: subscriptions.map((one) => ({
    newsletter: one.newsletter,
    state: one.state,
    ...choicesOf(one),
    confirmedAt: one.confirmedAt,
    leftAt: one.leftAt,
  })),
});
