import { describe, expect, test } from 'vitest';
import { topicFinder } from '../../functions/ingest/topics.ts';
import { topicsNow } from '../../functions/shared/config/topics.ts';
import { parseNewsroom } from '../../functions/shared/config.ts';
import { choicesFrom } from '../../functions/subscribers/joining/wish.ts';
import { newSubscriber, type Subscriber } from '../../functions/subscribers/subscriber.ts';
import { withTopicsNow } from '../../functions/subscribers/topicsNow.ts';
import { wireWithTopicsNow } from '../../functions/wire/topicsNow.ts';
import config from '../../newsroom.config.ts';
import { memoryWire } from '../support/memoryWire.ts';

const [first, ...others] = config.topics;
const newsroom = parseNewsroom({
  ...config,
  topics: [{ ...first, formerly: ['transport', 'traffic'] }, ...others],
  removedTopics: ['sports'],
});
const [newsletter] = newsroom.newsletters;
if (!newsletter) throw new Error('There is no newsletter.');

describe('an id that a topic had before', () => {
  test('is understood as the topic, once; what the config no longer knows stays', () => {
    expect(topicsNow(newsroom, ['transport', 'mobility', 'sports', 'traffic'])).toEqual(['mobility', 'sports']);
  });

  test('may still be sent with an article', () => {
    expect(topicFinder(newsroom)('Transport ')).toBe('mobility');
    expect(topicFinder(newsroom)('traffic')).toBe('mobility');
    expect(topicFinder(newsroom)('sports')).toBeUndefined();
  });

  test('is the topic in what the wire said before', async () => {
    const wire = memoryWire();
    wire.publish({ topics: ['traffic', 'climate'] });
    const [entry] = await wireWithTopicsNow(wire, newsroom).after(0, 5);
    expect(entry?.article.topics).toEqual(['mobility', 'climate']);
    expect(await wireWithTopicsNow(wire, newsroom).head()).toBe(1);
  });

  test('is the topic in what a subscriber chose before', async () => {
    const reader = newSubscriber('a', 'ana@example.org', '2026-05-01T08:00:00.000Z');
    const held = { ...reader, subscriptions: [{ topics: ['transport'] }] } as unknown as Subscriber;
    const port = withTopicsNow(
      { byIds: async (_: readonly string[]) => [held], byId: async (_: string) => held, extra: 1 },
      newsroom,
    );
    expect((await port.byIds(['a']))[0]?.subscriptions[0]?.topics).toEqual(['mobility']);
    expect((await port.byId('a'))?.subscriptions[0]?.topics).toEqual(['mobility']);
    expect(port.extra).toBe(1);
  });
});

describe('choices of a subscriber', () => {
  const had = { languages: ['en'], topics: ['sports'], cadence: 'weekly' as const, timeZone: 'Europe/Brussels' };

  test('may name a topic by an old id', () => {
    expect(choicesFrom(newsroom, newsletter, { topics: ['transport', 'climate'] }, had).topics).toEqual([
      'mobility',
      'climate',
    ]);
  });

  test('that a topic was removed from do not become a choice of everything, and may be changed otherwise', () => {
    expect(choicesFrom(newsroom, newsletter, { cadence: 'daily' }, had)).toEqual({ ...had, cadence: 'daily' });
    expect(() => choicesFrom(newsroom, newsletter, { topics: ['sports'] }, had)).toThrow('topics');
  });
});
