import { describe, expect, test } from 'vitest';
import { topicFinder } from '../../functions/ingest/topics.ts';
import { topicsNow } from '../../functions/shared/config/topics.ts';
import { parseNewsroom } from '../../functions/shared/config.ts';
import { dynamoGrowth } from '../../functions/subscribers/counting/growth.dynamo.ts';
import { choicesFrom } from '../../functions/subscribers/joining/wish.ts';
import { newSubscriber, type Subscriber } from '../../functions/subscribers/subscriber.ts';
import { growthWithTopicsNow, withTopicsNow } from '../../functions/subscribers/topicsNow.ts';
import { wireWithTopicsNow } from '../../functions/wire/topicsNow.ts';
import config from '../../newsroom.config.ts';
import { memoryTable } from '../support/memoryTable.ts';
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

describe('a reader who came before his topic was renamed', () => {
  const AT = '2026-05-01T08:00:00.000Z';
  const as = (topics: readonly string[]) => ({ language: 'en', topics, cadence: 'weekly' as const });
  const counted = { newsletter: newsletter.id, at: AT };
  const growth = growthWithTopicsNow(dynamoGrowth(memoryTable()), newsroom);
  const add = (batch: number, event: Parameters<typeof growth.add>[3][number]['event']) =>
    growth.add(newsletter.id, AT.slice(0, 10), batch, [{ mark: `${batch}-0`, event }]);
  const numbers = async () => {
    const [day] = await growth.days(newsletter.id, '2026-05-01', '2026-05-01');
    const { active, confirmed, left } = await growth.total(newsletter.id);
    return [active, confirmed, left, day?.sheet.active].map((tally) => tally?.topics);
  };

  test('is counted under its present id, and when he leaves no longer', async () => {
    await add(1, { ...counted, what: 'confirmed', was: null, is: as(['climate', 'transport']) });
    const came = { climate: 1, mobility: 1 };
    expect(await numbers()).toEqual([came, came, {}, came]);
    await add(2, { ...counted, what: 'left', was: as(['climate', 'mobility']), is: null });
    const none = { climate: 0, mobility: 0 };
    expect(await numbers()).toEqual([none, came, came, none]);
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
