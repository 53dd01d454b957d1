import { describe, expect, test } from 'vitest';
import { askForEdition } from '../../functions/digest/asking/newsletters.ts';
import { HOUR_MS } from '../../functions/shared/time.ts';
import type { Entry } from '../../functions/wire/entry.ts';
import { aNewsroom } from './support/aPress.ts';
import { aSubscriber } from './support/aSubscriber.ts';
import { theRoom } from './support/theRoom.ts';

type Room = ReturnType<typeof theRoom>;

const issue = async (room: Room): Promise<void> => {
  const [newsletter] = room.newsletters.press.newsroom.newsletters;
  if (!newsletter) throw new Error('no newsletter');
  room.later(HOUR_MS);
  await askForEdition(room.newsletters, newsletter, 'weekly');
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

describe('a correction', () => {
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
