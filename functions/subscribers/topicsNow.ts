import { topicsNow } from '../shared/config/topics.ts';
import type { Newsroom } from '../shared/config.ts';
import type { Subscribers } from './ports.ts';
import type { Subscriber } from './subscriber.ts';

type Reading = Pick<Subscribers, 'byIds'> & Partial<Pick<Subscribers, 'byId' | 'byAddress' | 'open'>>;

/** Subscribers whose choice of a topic that was renamed since is a choice of the topic as it is called now. */
export const withTopicsNow = <Port extends Reading>(subscribers: Port, newsroom: Pick<Newsroom, 'topics'>): Port => {
  const now = (one: Subscriber): Subscriber => ({
    ...one,
    subscriptions: one.subscriptions.map((its) => ({ ...its, topics: topicsNow(newsroom, its.topics) })),
  });
  const { byId, byAddress, open } = subscribers;
  const nowOrNone = (one: Subscriber | undefined): Subscriber | undefined => one && now(one);
  return {
    ...subscribers,
    byIds: async (ids) => (await subscribers.byIds(ids)).map(now),
    ...(byId && { byId: async (id: string) => nowOrNone(await byId(id)) }),
    ...(byAddress && { byAddress: async (address: string) => nowOrNone(await byAddress(address)) }),
    ...(open && { open: async (...who: Parameters<typeof open>) => now(await open(...who)) }),
  };
};
