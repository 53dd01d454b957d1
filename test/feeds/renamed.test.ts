import { beforeEach, describe, expect, test } from 'vitest';
import { sweepFeeds } from '../../functions/feeds/build/sweep.ts';
import { dynamoLists } from '../../functions/feeds/lists.dynamo.ts';
import { memoryDoorbell } from '../support/memoryDoorbell.ts';
import { aBuilder, aFeedHouse, type FeedHouse, settingsOf } from './aBuilder.ts';
import './quiet.ts';

const label = { en: 'Getting about', fr: 'Se déplacer' };
const climate = { id: 'climate', label: { en: 'Climate', fr: 'Climat' } };
const before = settingsOf({ topics: [{ id: 'transport', label }, { id: 'cycling', label: climate.label }, climate] });
const renamed = settingsOf({ topics: [{ id: 'mobility', label, formerly: ['transport'] }, climate] });
const merged = settingsOf({ topics: [{ id: 'mobility', label, formerly: ['transport', 'cycling'] }, climate] });

let house: FeedHouse;
beforeEach(() => {
  house = aFeedHouse();
});

const publish = (...topics: string[]): string => house.wire.publish({ topics, authors: [] }).article.id;

/** Every feed of these settings as it is when it is built from entry 1. */
const fromTheStart = async (settings: typeof renamed): Promise<FeedHouse> => {
  const anew = aFeedHouse(house.wire);
  await anew.rebuild(settings);
  return anew;
};

describe('a topic that was renamed', () => {
  test('has the articles of its old id in its feeds and lists, with those that come under the new one', async () => {
    const old = publish('transport');
    await house.rebuild(before);
    const fresh = publish('mobility');
    await house.rebuild(renamed);
    expect(await house.ids('en/mobility')).toEqual([fresh, old]);
    expect(await house.text('en/mobility.atom')).toContain('<category term="mobility" label="Getting about"/>');
    const lists = dynamoLists(house.table, renamed.newsroom.topics);
    expect((await lists.byDate('en', 'mobility', { limit: 5 })).map(({ id }) => id).toSorted()).toEqual([old, fresh]);
  });

  test('loses an old article that is revised out of it, and keeps one that is revised under the new id', async () => {
    const stays = publish('transport');
    const leaves = publish('transport');
    await house.rebuild(before);
    await house.rebuild(renamed);
    house.wire.revise(stays, { topics: ['mobility'] });
    house.wire.revise(leaves, { topics: ['climate'] });
    await house.rebuild(renamed);
    expect(await house.ids('en/mobility')).toEqual([stays]);
    expect(await house.ids('en/climate')).toEqual([leaves]);
  });

  test('has the same feeds, archives too, as if it had been called so from the first article on', async () => {
    for (let i = 0; i < 70; i++) publish(i % 7 === 0 ? 'climate' : 'transport');
    await house.rebuild(before);
    house.wire.retract(publish('transport'));
    await house.rebuild(renamed);
    for (let i = 0; i < 60; i++) publish('mobility');
    await house.rebuild(renamed);
    const anew = await fromTheStart(renamed);
    for (const feed of ['mobility.rss', 'mobility.atom', 'mobility.json', 'mobility/archive/1.atom', 'climate.atom']) {
      expect(await house.text(`en/${feed}`), feed).toBe(await anew.text(`en/${feed}`));
    }
  });

  test('may take in another one, and be renamed again', async () => {
    const ids = [publish('transport'), publish('cycling'), publish('climate')];
    await house.rebuild(before);
    await house.rebuild(renamed);
    const fresh = publish('mobility');
    await house.rebuild(merged);
    expect(await house.ids('en/mobility')).toEqual([fresh, ids[1], ids[0]]);
    const again = settingsOf({
      topics: [{ id: 'streets', label, formerly: ['cycling', 'mobility', 'transport'] }, climate],
    });
    await house.rebuild(again);
    expect(await house.ids('en/streets')).toEqual([fresh, ids[1], ids[0]]);
  });

  test('is rung for by the sweep until its list is full', async () => {
    publish('transport');
    await house.rebuild(before);
    const swept = async (): Promise<number> => {
      const bell = memoryDoorbell();
      await sweepFeeds({ ...aBuilder({ ...house, settings: renamed }), bell });
      return bell.rung.length;
    };
    expect(await swept()).toBe(1);
    await house.rebuild(renamed);
    expect(await swept()).toBe(0);
  });
});
