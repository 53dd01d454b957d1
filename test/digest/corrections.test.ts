import { describe, expect, test } from 'vitest';
import { askForEdition } from '../../functions/digest/asking/newsletters.ts';
import type { Cadence } from '../../functions/shared/config.ts';
import { HOUR_MS } from '../../functions/shared/time.ts';
import { type Choices, choicesOf, type Subscriber } from '../../functions/subscribers/subscriber.ts';
import { activated } from '../../functions/subscribers/subscription.ts';
import type { Entry } from '../../functions/wire/entry.ts';
import { aNewsroom } from './support/aPress.ts';
import { aSubscriber } from './support/aSubscriber.ts';
import { theRoom } from './support/theRoom.ts';

type Room = ReturnType<typeof theRoom>;

const issue = async (room: Room, cadence: Cadence = 'weekly'): Promise<void> => {
  const [newsletter] = room.newsletters.press.newsroom.newsletters;
  if (!newsletter) throw new Error('no newsletter');
  room.later(HOUR_MS);
  await askForEdition(room.newsletters, newsletter, cadence);
  await room.work();
  room.later(HOUR_MS);
};

/** What each mail tells: articles by their first word, corrections by `!`, links to other languages by `~`. */
const mails = (room: Room) =>
  room.sent.map(({ to, raw }) => {
    const [, text = ''] = Buffer.from(raw).toString().split('text/plain');
    const told = text.split('text/html')[0] ?? '';
    const found = [...told.matchAll(/(LEAD|ARTICLE|CORRECTION|OTHER)\((\w+)/g)];
    const marks: Record<string, string> = { CORRECTION: '!', OTHER: '~' };
    return `${to.split('@')[0]}: ${found.map(([, kind = '', title]) => `${marks[kind] ?? ''}${title}`).join(' ')}`;
  });

const publish = (room: Room, title: string, over = {}) => room.wire.publish({ title, ...over }, { at: room.now() });
const retract = (room: Room, entry: Entry, reason = 'It was not so.') =>
  room.wire.retract(entry, { at: room.now(), reason });

/** As on the page behind the link in his mails. */
const choose = (room: Room, reader: Subscriber, choices: Partial<Choices>) =>
  room.change(reader.id, (before) => {
    const [one] = before.subscriptions;
    if (!one) throw new Error('no subscription');
    return { ...before, subscriptions: [activated(one, { ...choicesOf(one), ...choices }, room.now())] };
  });

const mailsTo = (room: Room, name: string): string[] =>
  mails(room).flatMap((mail) => (mail.startsWith(`${name}: `) ? [mail.slice(name.length + 2)] : []));

const alone = () => {
  const newsroom = aNewsroom();
  return { ...newsroom, newsletters: newsroom.newsletters.map((one) => ({ ...one, correctionsAlone: true })) };
};

describe('a story in several languages', () => {
  test('is not news again for whoever was told it in another of his languages', async () => {
    const room = theRoom();
    await room.join(
      aSubscriber('ana', { languages: ['fr', 'en'] }),
      aSubscriber('ben', { languages: ['fr'] }),
      aSubscriber('eve', { languages: ['fr', 'en'], topics: ['culture'] }),
    );
    publish(room, 'Boat', { story: 'boat' });
    await issue(room);
    publish(room, 'Bateau', { story: 'boat', language: 'fr', topics: ['mobility', 'culture'] });
    await issue(room);
    expect(mails(room).sort()).toEqual(['ana: Boat', 'ben: Bateau', 'eve: Bateau ~Boat']);
  });

  test('is news for whoever came after it was told', async () => {
    const room = theRoom();
    await room.join(aSubscriber('ana', { languages: ['en', 'fr'] }));
    publish(room, 'Boat', { story: 'boat' });
    await issue(room);
    await room.join(aSubscriber('ben', { languages: ['en', 'fr'], confirmedAt: room.now() }));
    publish(room, 'Bateau', { story: 'boat', language: 'fr' });
    await issue(room);
    expect(mails(room)).toEqual(['ana: Boat', 'ben: Bateau ~Boat']);
  });

  test('is told once, with a link to the other languages that the reader reads', async () => {
    const room = theRoom();
    await room.join(aSubscriber('ana', { languages: ['fr', 'en'] }), aSubscriber('ben', { languages: ['fr'] }));
    publish(room, 'Boat', { story: 'boat' });
    publish(room, 'Bateau', { story: 'boat', language: 'fr' });
    await issue(room);
    expect(mails(room).sort()).toEqual(['ana: Bateau ~Boat', 'ben: Bateau']);
  });
});

describe('a reader who takes something up', () => {
  test('is told in a language he adds what its readers were told in another before', async () => {
    const room = theRoom();
    const [adds, always] = [aSubscriber('adds'), aSubscriber('always', { languages: ['en', 'fr'] })];
    await room.join(adds, always);
    publish(room, 'Perte', { story: 'loss', language: 'fr' });
    publish(room, 'Boat');
    await issue(room);
    await choose(room, adds, { languages: ['en', 'fr'] });
    room.later(HOUR_MS);
    publish(room, 'Loss', { story: 'loss' });
    await issue(room);
    expect(mailsTo(room, 'adds')).toEqual(['Boat', 'Loss ~Perte']);
    expect(mailsTo(room, 'always')).toEqual(['Boat Perte']);
  });

  test('is told in a topic he adds what another article of its story told its readers before', async () => {
    const room = theRoom();
    const adds = aSubscriber('adds', { languages: ['en', 'fr'], topics: ['culture'] });
    await room.join(adds);
    publish(room, 'Perte', { story: 'loss', language: 'fr', topics: ['climate'] });
    publish(room, 'Opera', { topics: ['culture'] });
    await issue(room);
    await choose(room, adds, { topics: ['culture', 'climate'] });
    room.later(HOUR_MS);
    publish(room, 'Loss', { story: 'loss', topics: ['climate'] });
    await issue(room);
    expect(mailsTo(room, 'adds')).toEqual(['Opera', 'Loss ~Perte']);
  });

  test('is not told again what he was told in a language he gave up', async () => {
    const room = theRoom();
    const drops = aSubscriber('drops', { languages: ['fr', 'en'] });
    await room.join(drops);
    publish(room, 'Perte', { story: 'loss', language: 'fr' });
    await issue(room);
    await choose(room, drops, { languages: ['en'] });
    room.later(HOUR_MS);
    publish(room, 'Loss', { story: 'loss' });
    publish(room, 'Boat');
    await issue(room);
    expect(mailsTo(room, 'drops')).toEqual(['Perte', 'Boat']);
  });

  test('is owed no correction of what went out in it before', async () => {
    const room = theRoom();
    const adds = aSubscriber('adds');
    await room.join(adds, aSubscriber('ben', { languages: ['fr'] }));
    const wrong = publish(room, 'Perte', { language: 'fr' });
    publish(room, 'Boat');
    await issue(room);
    await choose(room, adds, { languages: ['en', 'fr'] });
    room.later(HOUR_MS);
    retract(room, wrong);
    publish(room, 'Ferry');
    publish(room, 'Bac', { language: 'fr' });
    await issue(room);
    expect(mailsTo(room, 'adds')).toEqual(['Boat', 'Bac Ferry']);
    expect(mailsTo(room, 'ben')).toEqual(['Perte', 'Bac !Perte']);
  });
});

describe('a correction', () => {
  test('reaches whoever got the article with another cadence, and nobody who never got it', async () => {
    const room = theRoom();
    const changes = aSubscriber('changes', { cadence: 'daily' });
    await room.join(changes, aSubscriber('weekly'));
    publish(room, 'Tram');
    await issue(room);
    const wrong = publish(room, 'Boat');
    await issue(room, 'daily');
    retract(room, wrong);
    await choose(room, changes, { cadence: 'weekly' });
    room.later(HOUR_MS);
    publish(room, 'Ferry');
    await issue(room);
    publish(room, 'Bus');
    await issue(room);
    expect(mailsTo(room, 'changes')).toEqual(['Boat Tram', 'Ferry !Boat', 'Bus']);
    expect(mailsTo(room, 'weekly')).toEqual(['Tram', 'Ferry', 'Bus']);
  });

  test('that came after the new edition was planned and before it began is not for those who never got it', async () => {
    const newsroom = aNewsroom();
    const newsletters = newsroom.newsletters.map((one) => ({ ...one, approval: 'required' as const }));
    const room = theRoom({ newsroom: { ...newsroom, newsletters } });
    const approve = async (cadence: Cadence): Promise<void> => {
      const edition = (await room.ledger.newest('city-news', { limit: 5 })).find((one) => one.cadence === cadence);
      if (edition) await room.ledger.save({ ...edition, state: 'approved', approved: true });
      if (edition) await room.planning.editionsBell.ring({ edition: edition.id });
      await room.work();
    };
    await room.join(aSubscriber('daily', { cadence: 'daily' }), aSubscriber('weekly'));
    publish(room, 'Tram');
    const wrong = publish(room, 'Boat');
    await issue(room, 'daily');
    await approve('daily');
    await issue(room);
    retract(room, wrong);
    room.later(HOUR_MS);
    await approve('weekly');
    publish(room, 'Ferry');
    await issue(room);
    await approve('weekly');
    await issue(room, 'daily');
    await approve('daily');
    expect(mailsTo(room, 'weekly')).toEqual(['Tram', 'Ferry']);
    expect(mailsTo(room, 'daily')).toEqual(['Boat Tram', 'Ferry !Boat']);
  });

  test('of what was retracted or revised is in the next mail of whoever was told it, once', async () => {
    const room = theRoom();
    await room.join(
      aSubscriber('ana'),
      aSubscriber('ben', { topics: ['culture'] }),
      aSubscriber('eve', { languages: ['fr'] }),
    );
    const boat = publish(room, 'Boat');
    const bridge = publish(room, 'Bridge');
    publish(room, 'Opera', { topics: ['culture'] });
    publish(room, 'Pont', { language: 'fr' });
    await issue(room);
    room.sent.length = 0;
    retract(room, boat);
    room.wire.revise(bridge, { title: 'Bridge' }, { at: room.now(), correction: 'It has four arches.' });
    await issue(room);
    expect(mails(room)).toEqual([]);
    publish(room, 'Ferry', { topics: ['mobility', 'culture'] });
    publish(room, 'Bac', { language: 'fr' });
    await issue(room);
    expect(mails(room).sort()).toEqual(['ana: Ferry !Boat !Bridge', 'ben: Ferry', 'eve: Bac']);
    room.sent.length = 0;
    publish(room, 'Tram');
    await issue(room);
    expect(mails(room)).toEqual(['ana: Tram']);
  });

  test('waits for a reader until there is news for him', async () => {
    const room = theRoom();
    await room.join(aSubscriber('ana', { topics: ['culture'] }), aSubscriber('ben'));
    const opera = publish(room, 'Opera', { topics: ['culture'] });
    await issue(room);
    retract(room, opera);
    publish(room, 'Ferry');
    await issue(room);
    publish(room, 'Museum', { topics: ['culture'] });
    await issue(room);
    publish(room, 'Theatre', { topics: ['culture'] });
    await issue(room);
    expect(mails(room).filter((mail) => mail.startsWith('ana'))).toEqual([
      'ana: Opera',
      'ana: Museum !Opera',
      'ana: Theatre',
    ]);
    expect(mails(room).filter((mail) => mail.includes('!'))).toHaveLength(2);
  });

  test('does not reach whoever came later, nor anybody where the wrong text went to nobody', async () => {
    const room = theRoom();
    await room.join(aSubscriber('ana'));
    const boat = publish(room, 'Boat');
    const early = publish(room, 'Early');
    retract(room, early);
    await issue(room);
    await room.join(aSubscriber('ben', { confirmedAt: room.now() }));
    retract(room, boat);
    publish(room, 'Ferry');
    await issue(room);
    expect(mails(room).sort()).toEqual(['ana: Boat', 'ana: Ferry !Boat', 'ben: Ferry']);
  });

  test('is a mail of its own where the newsletter says so, and says in its subject what it is', async () => {
    const room = theRoom({ newsroom: alone() });
    await room.join(aSubscriber('ana'), aSubscriber('ben', { topics: ['culture'] }));
    const boat = publish(room, 'Boat');
    await issue(room);
    retract(room, boat);
    const [newsletter] = room.newsletters.press.newsroom.newsletters;
    await room.sweep();
    room.turnTo('2026-05-11T08:01:00.000Z');
    await room.sweep();
    await room.work();
    room.turnTo('2026-05-11T08:31:00.000Z');
    await room.sweep();
    await room.work();
    expect(newsletter?.correctionsAlone).toBe(true);
    expect(mails(room)).toEqual(['ana: Boat', 'ana: !Boat']);
    expect(Buffer.from(room.sent[1]?.raw ?? []).toString()).toContain('Subject: mail.corrections.withdrawnSubject');
    publish(room, 'Ferry');
    await issue(room);
    expect(mails(room).at(-1)).toBe('ana: Ferry');
  });
});
