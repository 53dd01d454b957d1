import { topicsNow } from '../shared/config/topics.ts';
import type { Newsroom } from '../shared/config.ts';
import type { Growth, Sheet, Tally } from './counting/growth.dynamo.ts';
import type { Subscribers } from './ports.ts';
import type { Subscriber } from './subscriber.ts';

type Reading = Pick<Subscribers, 'byIds'> & Partial<Pick<Subscribers, 'byId' | 'byAddress' | 'open'>>;

/** Subscribers whose choice of a topic that was renamed since is a choice of the topic as it is called now. */
export const withTopicsNow = <Port extends Reading>(subscribers: Port, newsroom: Pick<Newsroom, 'topics'>): Port => {
  const now = (one: Subscriber): Subscriber => ({
    ...one,
    subscriptions: one.subscriptions.map(({ earlierChoices, ...its }) => ({
      ...its,
      topics: topicsNow(newsroom, its.topics),
      ...(earlierChoices && {
        earlierChoices: earlierChoices.map((was) => ({ ...was, topics: topicsNow(newsroom, was.topics) })),
      }),
    })),
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

/**
 * Numbers in which whoever was counted under a topic's old id counts under its present one. Only when they are read: a
 * reader who came under the old id and leaves under the new one is one more there and one less here, and together none.
 */
export const growthWithTopicsNow = (growth: Growth, newsroom: Pick<Newsroom, 'topics'>): Growth => {
  const tally = (of: Tally): Tally => ({ ...of, topics: summedUp(newsroom, of.topics) });
  const now = (sheet: Sheet): Sheet => ({
    ...sheet,
    joined: tally(sheet.joined),
    confirmed: tally(sheet.confirmed),
    left: tally(sheet.left),
    bounced: tally(sheet.bounced),
    active: tally(sheet.active),
  });
  return {
    ...growth,
    total: async (newsletter) => now(await growth.total(newsletter)),
    days: async (...which) => (await growth.days(...which)).map(({ day, sheet }) => ({ day, sheet: now(sheet) })),
  };
};

const summedUp = (newsroom: Pick<Newsroom, 'topics'>, counts: Tally['topics']): Tally['topics'] => {
  const sum: Record<string, number> = {};
  for (const [topic, count] of Object.entries(counts))
    for (const id of topicsNow(newsroom, [topic])) sum[id] = (sum[id] ?? 0) + count;
  return sum;
};
