import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Press } from '../../functions/digest/composing/press.ts';
import { NO_CURATION } from '../../functions/digest/ledger/curation.ts';
import { latestFrom } from '../../functions/digest/welcoming/latest.ts';
import { sendWelcomes, type Welcoming } from '../../functions/digest/welcoming/welcome.ts';
import type { OutgoingMail, SendResult } from '../../functions/mail/mailer.ts';
import type { Newsroom } from '../../functions/shared/config.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../functions/shared/time.ts';
import { leave } from '../../functions/subscribers/leaving/leave.ts';
import { withLetter } from '../../functions/subscribers/letters/letter.ts';
import { linksOf } from '../../functions/subscribers/links.ts';
import { pause } from '../../functions/subscribers/preferences/pause.ts';
import { activeSubscription, type Subscriber, type Subscription } from '../../functions/subscribers/subscriber.ts';
import { suppressed } from '../../functions/subscribers/suppress.ts';
import { openHouseForTests } from '../subscribers/aRoom.ts';
import { seenAt } from '../subscribers/aSubscriber.ts';
import { aNewsroom } from './support/aPress.ts';
import { aSubscriber } from './support/aSubscriber.ts';
import { accepted, LINK_KEYS, theRoom } from './support/theRoom.ts';

let house: Awaited<ReturnType<typeof openHouseForTests>>;
beforeAll(async () => {
  house = await openHouseForTests();
});
afterAll(() => house.close());

const NEWSLETTER = 'city-news';

const inThreeLanguages = (newsroom: Newsroom): Newsroom => ({
  ...newsroom,
  languages: [...newsroom.languages, { id: 'es', label: 'Español', direction: 'ltr' }],
  newsletters: newsroom.newsletters.map((one) => ({
    ...one,
    label: { ...one.label, es: 'Noticias de las ciudades' },
    languages: [...one.languages, 'es'],
  })),
});

/** The digest's room, with the function that welcomes and the templates as they are delivered. */
const aWelcome = (over: Partial<Welcoming> & { answer?: () => SendResult } = {}) => {
  const room = theRoom();
  const newsroom = inThreeLanguages(aNewsroom());
  const press: Press = { newsroom, templates: house.templates, siteUrl: newsroom.siteUrl };
  const sent: OutgoingMail[] = [];
  let claims = 0;
  const welcoming: Welcoming = {
    subscribers: room.subscribers,
    latestFor: latestFrom({ ledger: room.ledger, wire: room.wire, press, now: room.now }),
    links: linksOf(async () => LINK_KEYS, room.now),
    siteUrl: newsroom.siteUrl,
    mailer: {
      async send(mail) {
        sent.push(mail);
        return (over.answer ?? accepted)();
      },
    },
    inTurn: (mailer) => mailer,
    now: room.now,
    newClaim: () => `welcome-${++claims}`,
    ...over,
  };
  return {
    ...room,
    mails: sent,
    welcoming,
    /** Somebody who has just confirmed. */
    async comes(name: string, choices: Partial<Subscription> = {}): Promise<Subscriber> {
      const reader = aSubscriber(name, { confirmedAt: room.now(), ...choices });
      const language = choices.languages?.[0] ?? 'en';
      const welcomed = withLetter(reader, { kind: 'welcome', newsletter: NEWSLETTER, language }, room.now());
      await room.join(welcomed);
      return welcomed;
    },
    ring: (reader: Subscriber) => sendWelcomes(welcoming, { subscriber: reader.id }),
    /** Publishes at this moment. */
    publish: (title: string, article: Parameters<typeof room.wire.publish>[0] = {}) =>
      room.wire.publish({ title, ...article }, { at: room.now() }),
    /** The weekly edition of Monday, sent. */
    async edition() {
      await room.sweep();
      room.turnTo('2026-05-04T08:00:30.000Z');
      await room.sweep();
      await room.work();
      room.later(MINUTE_MS);
      await room.sweep();
      await room.work();
    },
    last: async () => simpleParser(Buffer.from(sent.at(-1)?.raw ?? '')),
  };
};

const lettersOf = async (room: ReturnType<typeof aWelcome>, { id }: Subscriber) =>
  (await room.subscribers.byId(id))?.letters?.map(({ mail }) => mail.state);

describe('whoever has just confirmed', () => {
  test('gets the last edition in the choice he made, as a whole newsletter mail', async () => {
    const room = aWelcome();
    await room.join(aSubscriber('old', { languages: ['en', 'fr'] }));
    room.publish('Ferries for five towns', { topics: ['mobility'] });
    room.publish('Trees on every square', { topics: ['climate'] });
    room.publish('Des bacs pour cinq villes', { topics: ['mobility'], language: 'fr' });
    await room.edition();
    room.later(HOUR_MS);
    room.publish('Only in the next edition', { topics: ['mobility'] });
    const reader = await room.comes('ana', { topics: ['mobility'] });
    await room.ring(reader);

    const { subject, text = '', html, headers, to, messageId } = await room.last();
    expect(subject).toBe('Welcome to City News');
    expect(text).toContain('Ferries for five towns');
    for (const other of ['Trees on every square', 'Des bacs', 'Only in the next edition'])
      expect(text).not.toContain(other);
    expect(text).toContain('Welcome! From now on, City News comes to you by itself.');
    expect(text).toContain('because you have just confirmed that you want City News from Confluence every week');
    expect(text).toMatch(/news\.example\/en\/editions\/city-news-weekly-20260504T080000Z/);
    expect(html).toContain('Ferries for five towns');
    expect([to].flat()[0]?.text).toBe('ana@readers.example');
    expect(messageId).toBe('<welcome-1@example.org>');
    expect(JSON.stringify(headers.get('list'))).toContain('https://news.example/unsubscribe/1.');
    expect(room.mails[0]?.tags).toEqual({
      purpose: 'welcome',
      subscriber: reader.id,
      'ses:feedback-id-a': NEWSLETTER,
      'ses:feedback-id-b': 'weekly',
    });
    expect(await lettersOf(room, reader)).toEqual(['sent']);
  });

  test.each([
    ['en', 'Welcome to City News'],
    ['fr', 'Bienvenue dans «\u00a0Nouvelles des villes\u00a0»'],
    ['es', 'Le damos la bienvenida a «Noticias de las ciudades»'],
  ])('is welcomed in %s', async (language, subject) => {
    const room = aWelcome();
    room.publish('Confluence', { language });
    const reader = await room.comes('zoe', { languages: [language] });
    await room.ring(reader);
    const mail = await room.last();
    expect(mail.subject).toBe(subject);
    const text = (mail.text ?? '').replaceAll(/(unsubscribe|preferences)\/1\.[\w.-]+/g, '$1/token');
    await expect(text).toMatchFileSnapshot(`../golden/mail/welcome.${language}.txt`);
  });

  test('where no edition was yet, gets what was announced in the last week', async () => {
    const room = aWelcome();
    room.publish('From long ago');
    room.later(8 * DAY_MS);
    room.publish('From yesterday');
    room.wire.publish({ title: 'From the archive' }, { at: room.now(), announce: false, announcedSeq: null });
    const gone = room.publish('Taken back');
    room.wire.retract(gone, { at: room.now() });
    room.later(DAY_MS);
    await room.ring(await room.comes('ana'));
    const { text = '' } = await room.last();
    expect(text).toContain('From yesterday');
    for (const other of ['From long ago', 'From the archive', 'Taken back']) expect(text).not.toContain(other);
    expect(text).toMatch(/https:\/\/news\.example\/en\s/);
  });

  test('gets nothing where there is nothing to show, and is not looked for again', async () => {
    const room = aWelcome();
    room.publish('Trees', { topics: ['climate'] });
    const reader = await room.comes('ana', { topics: ['culture'] });
    await room.ring(reader);
    expect(room.mails).toEqual([]);
    expect(await lettersOf(room, reader)).toEqual([]);
  });

  test('gets the next edition all the same, with what is new in it and nothing twice', async () => {
    const room = aWelcome();
    await room.join(aSubscriber('old'));
    room.publish('In the first edition');
    await room.edition();
    const reader = await room.comes('ana');
    await room.ring(reader);
    room.publish('In the second edition');
    room.turnTo('2026-05-11T08:00:30.000Z');
    await room.sweep();
    await room.work();
    const mine = [...room.mails, ...room.sent].filter(({ to }) => to === reader.address);
    const texts = await Promise.all(mine.map(async ({ raw }) => (await simpleParser(Buffer.from(raw))).text ?? ''));
    expect(texts.map((text) => /In the \w+ edition/g.exec(text)?.[0])).toEqual([
      'In the first edition',
      'In the second edition',
    ]);
    expect(texts[1]).not.toContain('In the first edition');
  });

  test('is shown an article as it is now, and none that was taken back or that an editor left out', async () => {
    const room = aWelcome();
    await room.join(aSubscriber('old'));
    const wrong = room.publish('Wrong title');
    const bad = room.publish('Bad news');
    const left = room.publish('Left out');
    await room.edition();
    const [edition] = await room.ledger.newest(NEWSLETTER, { limit: 1 });
    if (!edition) throw new Error('There is no edition.');
    const curation = { ...NO_CURATION, excluded: [left.article.id], intro: { en: 'To last week’s readers' } };
    const version = { edition: edition.id, id: 'v1', curation, by: null, at: room.now(), previous: null };
    await room.ledger.keepCuration(version);
    await room.ledger.save({ ...edition, curation: { version: 1, id: 'v1', by: null, at: room.now() } });
    room.wire.revise(wrong, { title: 'Right title' });
    room.wire.retract(bad);
    await room.ring(await room.comes('ana'));
    const { text = '' } = await room.last();
    expect(text).toContain('Right title');
    expect(text).not.toMatch(/Wrong title|Bad news|Left out|last week’s readers/);
  });
});

describe('a welcome is sent once', () => {
  test('however often the bell rings', async () => {
    const room = aWelcome();
    room.publish('News');
    const reader = await room.comes('ana');
    await Promise.all(Array.from({ length: 8 }, () => room.ring(reader)));
    await room.ring(reader);
    expect(room.mails).toHaveLength(1);
  });

  test('and not again when its sender died with it', async () => {
    const dying = {
      send: async (): Promise<SendResult> => {
        throw new Error('killed');
      },
    };
    const room = aWelcome({ inTurn: () => dying });
    room.publish('News');
    const reader = await room.comes('ana');
    await expect(room.ring(reader)).rejects.toThrow('killed');
    await room.ring(reader);
    expect(await lettersOf(room, reader)).toEqual(['claimed']);
  });

  test('but again where SES was too busy', async () => {
    const answers: SendResult[] = [{ is: 'throttled' }, { is: 'sent', messageId: 'm' }];
    const room = aWelcome({ answer: () => answers.shift() ?? { is: 'unknown', code: 'none' } });
    room.publish('News');
    const reader = await room.comes('ana');
    await room.ring(reader);
    expect(await lettersOf(room, reader)).toEqual(['due']);
    await room.ring(reader);
    expect([room.mails.length, await lettersOf(room, reader)]).toEqual([2, ['sent']]);
  });
});

test('a welcome waits for the next bell where its reader cannot be looked at once more', async () => {
  let isBroken = false;
  const room = aWelcome({
    inTurn: (mailer) => ({
      async send(mail) {
        isBroken = true;
        return mailer.send(mail).finally(() => {
          isBroken = false;
        });
      },
    }),
  });
  const byId: Welcoming['subscribers']['byId'] = async (id) => {
    if (isBroken) throw new Error('The table does not answer.');
    return room.subscribers.byId(id);
  };
  room.publish('News');
  const reader = await room.comes('ana');
  await sendWelcomes({ ...room.welcoming, subscribers: { ...room.subscribers, byId } }, { subscriber: reader.id });
  expect([room.mails, await lettersOf(room, reader)]).toEqual([[], ['due']]);
  await room.ring(reader);
  expect(room.mails).toHaveLength(1);
});

describe('whoever does not want it any more gets none', () => {
  const moves: [string, (reader: Subscriber, at: string) => Subscriber][] = [
    ['left', (reader, at) => leave(reader, NEWSLETTER, seenAt(at)).subscriber],
    ['paused', (reader, at) => pause(reader, NEWSLETTER, '2026-06-01T00:00:00.000Z', seenAt(at)).subscriber],
    ['bounced', (reader, at) => suppressed(reader, 'bounce', at).subscriber],
  ];

  test.each(moves)('who %s before its turn', async (_, move) => {
    const room = aWelcome();
    room.publish('News');
    const reader = await room.comes('ana');
    await room.change(reader.id, (there) => move(there, room.now()));
    await room.ring(reader);
    expect(room.mails).toEqual([]);
  });

  test.each(moves)('who %s while it waits for its turn, claimed', async (_, move) => {
    const room = aWelcome({
      inTurn: (mailer) => ({
        async send(mail) {
          await room.change(mail.tags['subscriber'] ?? '', (there) => move(there, room.now()));
          return mailer.send(mail);
        },
      }),
    });
    room.publish('News');
    const reader = await room.comes('ana');
    await room.ring(reader);
    expect(room.mails).toEqual([]);
    const there = await room.subscribers.byId(reader.id);
    expect(there && activeSubscription(there, NEWSLETTER)?.pauses?.length).not.toBe(0);
  });

  test('who would have it a day late', async () => {
    const room = aWelcome();
    const reader = await room.comes('ana');
    room.later(DAY_MS);
    room.publish('News');
    await room.ring(reader);
    expect([room.mails, await lettersOf(room, reader)]).toEqual([[], []]);
  });
});
