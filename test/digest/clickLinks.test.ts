import { rm } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clickKeyIdOf, makeClickToken, readClickToken } from '../../functions/digest/clicking/link.ts';
import { draftShownBy, previewOf } from '../../functions/ingest/previewLink.ts';
import { partOf } from '../../functions/mail/readPart.ts';
import { makeToken, readToken } from '../../functions/subscribers/token.ts';
import '../feeds/quiet.ts';
import { builtTemplates } from '../mail/aDigest.ts';
import { aCountedEdition, goLinks } from './support/aCountedEdition.ts';
import { LINK_KEYS } from './support/theRoom.ts';

const NOW = '2026-05-04T08:00:00.000Z';
const CLICK = { edition: 'city-news-weekly-20260504T080000Z', article: '01JZZZZZZZZZZZZZZZZZZ00001' };

let built: Awaited<ReturnType<typeof builtTemplates>>;
beforeAll(async () => {
  built = await builtTemplates();
});
afterAll(() => rm(built.directory, { recursive: true }));

describe('a token that counts', () => {
  test('says edition and article, and nothing else', () => {
    const token = makeClickToken(LINK_KEYS, CLICK);
    expect(readClickToken(LINK_KEYS, token)).toMatchObject({ is: 'good', click: CLICK });
    expect(token.split('.').slice(0, -1)).toEqual(['1', '0001', 'k', CLICK.edition, CLICK.article]);
    expect(clickKeyIdOf(token)).toBe('0001');
  });

  test('of which anything is changed, at any place, is bad', () => {
    const token = makeClickToken(LINK_KEYS, CLICK);
    const letter = fc.constantFrom(...'abcXYZ019-_.=%/');
    fc.assert(
      fc.property(fc.nat(token.length - 1), letter, (at, other) => {
        const changed = token.slice(0, at) + other + token.slice(at + 1);
        expect(readClickToken(LINK_KEYS, changed).is).toBe(changed === token ? 'good' : 'bad');
      }),
    );
    for (const longer of [`${token}A`, `${token}.`, ` ${token}`, `${token}\n`, token.repeat(100)]) {
      expect(readClickToken(LINK_KEYS, longer)).toEqual({ is: 'bad' });
    }
    expect(readClickToken({ byId: new Map() }, token)).toEqual({ is: 'bad' });
  });

  test('is no link of a reader and no preview, and none of these counts', () => {
    const token = makeClickToken(LINK_KEYS, CLICK);
    for (const purpose of ['confirm', 'preferences', 'unsubscribe', 'address'] as const) {
      expect(readToken(LINK_KEYS, purpose, token, NOW)).toEqual({ is: 'bad' });
      const theirs = makeToken(LINK_KEYS, { purpose, subscriber: 'a'.repeat(32), newsletter: 'city-news' });
      expect(readClickToken(LINK_KEYS, theirs)).toEqual({ is: 'bad' });
    }
    expect(draftShownBy(LINK_KEYS, token, NOW)).toBeUndefined();
    const preview = previewOf(LINK_KEYS, CLICK.article, '', NOW).url.replace('/preview/', '');
    expect(readClickToken(LINK_KEYS, preview)).toEqual({ is: 'bad' });
  });
});

describe('where a newsletter counts clicks', () => {
  test('every link to an article in HTML leads over us, to that article; those of the text lead to it', async () => {
    const { links, mailTo, boat, tram, french } = await aCountedEdition(built.templates);
    const read = links().map((link) => readClickToken(LINK_KEYS, link.slice(link.lastIndexOf('/') + 1)));
    const articles = read.map((one) => (one.is === 'good' ? one.click.article : ''));
    // The story in another language counts for its translation.
    expect(articles.sort()).toEqual([boat, tram, french].map(({ article }) => article.id).sort());
    const { html, text } = mailTo('ana');
    expect(html).not.toMatch(/elsewhere\.example|\/en\/articles\//);
    expect(text).toContain('https://elsewhere.example/boat?a=1&b=2');
    expect(text).not.toContain('/go/');
  });

  test('the link is the same for all readers: nothing in it names one', async () => {
    const { links, french } = await aCountedEdition(built.templates);
    const toFrench = links('luc').filter((link) => link.includes(french.article.id));
    expect(toFrench).toHaveLength(1);
    expect(links('ana')).toContain(toFrench[0]);
  });

  test('the mail says so, in the language of its reader', async () => {
    const { mailTo } = await aCountedEdition(built.templates);
    for (const part of Object.values(mailTo('ana'))) {
      expect(part).toContain('We count how often each article is opened from this mail; nobody is followed.');
    }
    expect(mailTo('luc').text).toMatch(/Nous comptons combien de fois chaque article est ouvert/);
  });

  test('an article that is revised while it is sent keeps a link that counts', async () => {
    const { room, boat, links } = await aCountedEdition(built.templates, { send: false });
    await room.work(2);
    room.wire.revise(boat, { title: 'Boats', url: 'https://elsewhere.example/boats' });
    await room.work();
    expect(links().some((link) => link.includes(boat.article.id))).toBe(true);
  });

  test('whoever only looks gets plain addresses: previews, and tests by mail', async () => {
    const { room, ask, call, id, links } = await aCountedEdition(built.templates);
    expect(links()).toHaveLength(3);
    const { body } = await ask('GET', `/api/v1/editions/${id}/preview`);
    expect(goLinks(body)).toEqual([]);
    expect(body).toContain('https://elsewhere.example/boat?a=1&amp;b=2');
    await call('POST', `/api/v1/editions/${id}/test`, { to: 'editor@example.org' });
    const mail = room.sent.find(({ to }) => to === 'editor@example.org');
    expect(mail).toBeDefined();
    expect(goLinks(partOf(Buffer.from(mail?.raw ?? ''), 'text/html'))).toEqual([]);
  });

  test('the pre-flight looks where the links lead, and follows none', async () => {
    const { looked } = await aCountedEdition(built.templates);
    expect(looked).toContain('https://elsewhere.example/boat?a=1&b=2');
    expect(looked.filter((url) => url.includes('/go/'))).toEqual([]);
  });

  test('where it does not, nothing leads over us and nothing is said', async () => {
    const { mailTo } = await aCountedEdition(built.templates, { clicks: false });
    const { html, text } = mailTo('ana');
    for (const part of [html, text]) expect(part).not.toMatch(/\/go\/|We count/);
    expect(html).toContain('https://elsewhere.example/boat?a=1&amp;b=2');
  });
});
