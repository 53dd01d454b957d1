import { createHash } from 'node:crypto';
import { newSubscriber, type Subscriber, type Subscription } from '../../../functions/subscribers/subscriber.ts';

export const aSubscription = (over: Partial<Subscription> = {}): Subscription => ({
  newsletter: 'city-news',
  languages: ['en'],
  topics: [],
  cadence: 'weekly',
  timeZone: 'UTC',
  state: 'active',
  confirmedAt: '2026-01-01T00:00:00.000Z',
  leftAt: null,
  history: [],
  asked: null,
  round: 1,
  confirmedRound: 1,
  ...over,
});

/** An active reader of `city-news`; `name` makes address and id. */
export const aSubscriber = (name: string, over: Partial<Subscription> = {}): Subscriber => ({
  ...newSubscriber(createHash('md5').update(name).digest('hex'), `${name}@readers.example`, '2026-01-01T00:00:00.000Z'),
  subscriptions: [aSubscription(over)],
});
