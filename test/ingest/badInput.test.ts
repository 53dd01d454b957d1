import { beforeEach, describe, expect, test } from 'vitest';
import { aDoor, type Door } from './aDoor.ts';

const good = { language: 'en', title: 'A bridge opens', body: { html: '<p>Cyclists waited for nine years.</p>' } };
const image = { url: 'https://city.example/b.jpg', alt: 'The bridge' };

const wrong: [string, unknown, string][] = [
  ['a day that the calendar does not have', { ...good, publishAt: '2026-02-30T08:00:00Z' }, 'publishAt'],
  ['an hour that no clock has', { ...good, publishAt: '2026-02-28T25:00:00Z' }, 'publishAt'],
  ['a second too many', { ...good, expiresAt: '2026-02-28T23:59:60Z' }, 'expiresAt'],
  ['a month too many', { ...good, embargoUntil: '2026-13-01' }, 'embargoUntil'],
  ['a year of five digits', { ...good, publishAt: '12026-01-01' }, 'publishAt'],
  ['a date that could be two', { ...good, publishAt: '03/04/2026' }, 'publishAt'],
  ['a date in words that mean nothing', { ...good, publishAt: 'soon' }, 'publishAt'],
  ['a date as a number', { ...good, publishAt: 1_777_881_600 }, 'publishAt'],
  ['half a character in the title', { ...good, title: 'A \ud83d bridge' }, 'title'],
  ['half a character in the text', { ...good, body: { html: '<p>A \udc00 bridge</p>' } }, 'body.html'],
  ['half a character in the external id', { ...good, externalId: 'b-\ud800' }, 'externalId'],
  ['half a character in the story', { ...good, story: '\ud800' }, 'story'],
  ['a control character in the external id', { ...good, externalId: 'b\u00001' }, 'externalId'],
  ['an empty external id', { ...good, externalId: '' }, 'externalId'],
  ['no title', { language: 'en', body: good.body }, 'title'],
  ['a title of white space', { ...good, title: ' \t\n\u00a0 ' }, 'title'],
  ['a title that cannot be seen', { ...good, title: '\u200b\u200d\ufeff\u2060' }, 'title'],
  ['a title of control characters', { ...good, title: '\u0000\u0007' }, 'title'],
  ['a title of 301 characters', { ...good, title: 'x'.repeat(301) }, 'title'],
  ['a title that is a number', { ...good, title: 7 }, 'title'],
  ['no language', { ...good, language: undefined }, 'language'],
  ['a language that the newsroom does not have', { ...good, language: 'xx' }, 'language'],
  ['a language from a prototype', { ...good, language: '__proto__' }, 'language'],
  ['a field that is not known', { ...good, colour: 'red' }, 'colour'],
  ['a field that is not known, within the body', { ...good, body: { html: '<p>x</p>', css: '' } }, 'body.css'],
  ['a field of the wire’s own', { ...good, seq: 1 }, 'seq'],
  ['two bodies', { ...good, body: { html: '<p>x</p>', markdown: 'x' } }, 'body'],
  ['a body that is text', { ...good, body: 'text' }, 'body'],
  ['a body without text', { ...good, body: { html: '<p>&nbsp;&zwnj;</p><script>1</script>' } }, 'body.html'],
  ['Markdown without text', { ...good, body: { markdown: '\n\n' } }, 'body.markdown'],
  ['text nested deeper than any text is', { ...good, body: { html: '<div>'.repeat(5000) } }, 'body'],
  ['topics that are no list', { ...good, topics: 'mobility' }, 'topics'],
  ['an unknown topic', { ...good, topics: ['mobility', 'gardening'] }, 'topics[1]'],
  ['a topic from a prototype', { ...good, topics: ['constructor'] }, 'topics[0]'],
  ['21 topics', { ...good, topics: Array.from({ length: 21 }, () => 'mobility') }, 'topics'],
  ['an author without a name', { ...good, authors: [{ name: ' ' }] }, 'authors[0].name'],
  [
    'an author’s address that is none',
    { ...good, authors: [{ name: 'Ana', email: 'ana@x\r\nBcc: y@z' }] },
    'authors[0].email',
  ],
  ['an address that runs', { ...good, url: 'javascript:alert(1)' }, 'url'],
  ['an address that runs, in disguise', { ...good, url: ' java\nscript:alert(1)' }, 'url'],
  ['an address of a file', { ...good, url: 'file:///etc/passwd' }, 'url'],
  ['an address that holds its own page', { ...good, url: 'data:text/html,<p>x</p>' }, 'url'],
  ['an address that is relative', { ...good, url: '//city.example/x' }, 'url'],
  ['a picture that runs', { ...good, image: { ...image, url: 'javascript:alert(1)' } }, 'image.url'],
  ['a picture that nobody describes', { ...good, image: { url: image.url } }, 'image.alt'],
  ['a picture of half a pixel', { ...good, image: { ...image, width: 0.5 } }, 'image.width'],
  ['a picture of no type of pictures', { ...good, image: { ...image, type: 'text/html' } }, 'image.type'],
  ['a picture of no bytes', { ...good, image: { ...image, bytes: 0 } }, 'image.bytes'],
  ['yes for true', { ...good, announce: 'yes' }, 'announce'],
  ['a list of articles', [good], ''],
  ['nothing', null, ''],
];

describe('what is wrong is refused with one sentence that names the field, and nothing is stored', () => {
  let door: Door;
  beforeEach(async () => {
    door = await aDoor();
  });

  test.each(wrong)('%s', async (_, body, field) => {
    const { status, headers, json } = await door.call('POST', '/api/v1/articles', { body: JSON.stringify(body) });
    expect([status, json['field'] ?? '']).toEqual([400, field]);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(String(json['detail'])).toMatch(/^[A-Z][^\n]*\.$/);
    expect(door.stored()).toEqual([]);
  });

  test.each([
    ['of no type that is read here', 415, 'application/xml', '<a/>'],
    ['that is no JSON', 400, 'application/json', '{"title": "secret words'],
    ['over a megabyte', 413, 'application/json', JSON.stringify({ ...good, body: { html: 'x'.repeat(1_000_001) } })],
    ['that is an empty page', 400, 'text/markdown', ''],
  ])('a body %s', async (_, expected, type, body) => {
    const { status, json } = await door.call('POST', '/api/v1/articles', { type, body });
    expect(status).toBe(expected);
    expect(JSON.stringify(json)).not.toContain('secret');
    expect(door.stored()).toEqual([]);
  });

  test('somebody without the key', async () => {
    for (const authorization of ['', 'Bearer another', 'Basic abc']) {
      const { status } = await door.call('POST', '/api/v1/articles', { body: good, headers: { authorization } });
      expect(status).toBe(401);
    }
    expect(door.stored()).toEqual([]);
  });
});

describe('what is only unusual is kept', () => {
  let door: Door;
  beforeEach(async () => {
    door = await aDoor();
  });

  const stored = async (over: object) => {
    const sent = await door.call('POST', '/api/v1/articles', { body: { ...good, ...over } });
    expect(sent.status).toBe(201);
    return (await door.call('GET', `/api/v1/articles/${String(sent.json['id'])}`)).json;
  };

  test('marks of a template stay letters', async () => {
    const article = await stored({
      title: '{{ newsroom }} and {% raw %}',
      summary: '%%UNSUBSCRIBE_URL%%',
      body: { html: '<p>{{ 7 | times: 7 }} {% include "x" %} &lt;mj-raw&gt;</p>' },
    });
    expect(article).toMatchObject({
      title: '{{ newsroom }} and {% raw %}',
      summary: '%%UNSUBSCRIBE_URL%%',
      body: { html: '<p>{{ 7 | times: 7 }} {% include "x" %} &lt;mj-raw&gt;</p>' },
    });
  });

  test('control and direction-override characters go, the words stay', async () => {
    const article = await stored({
      title: 'A\u0000 bri\u0007dge \u202eopens\u202c',
      body: { html: '<p>Nine\u000b \u0008years\u2066.</p>' },
    });
    expect(article).toMatchObject({ title: 'A bridge opens', body: { html: '<p>Nine years.</p>' } });
  });

  test.each([
    ['a title of 300 characters', 'x'.repeat(300)],
    ['markup in a title, which is text', 'Less <b>than</b> & more'],
    ['letters of every alphabet', 'Straße, Łódź, Ελλάδα, 東京, عمان'],
    ['characters of two halves', '🌊 𝒜 👩‍👩‍👧'],
  ])('%s', async (_, title) => {
    expect((await stored({ title }))['title']).toBe(title);
  });

  test('letters and their accents are one, however they were typed', async () => {
    expect((await stored({ title: 'Cafe\u0301 e\u0301te\u0301' }))['title']).toBe('Café été');
  });

  test.each([
    ['by its id', 'mobility'],
    ['by its label', 'Mobility'],
    ['by its label in another language', 'movilidad'],
    ['by a synonym', 'Public transport'],
    ['in capitals, with white space', '  PUBLIC   TRANSPORT '],
    ['with an accent typed as two', 'Mobilite\u0301'],
  ])('a topic %s', async (_, name) => {
    expect((await stored({ topics: [name] }))['topics']).toEqual(['mobility']);
  });

  test('a title that tries a prototype', async () => {
    const body = '{"language":"en","title":"__proto__","body":{"html":"<p>x</p>"},"__proto__":{"announce":false}}';
    const { status, json } = await door.call('POST', '/api/v1/articles', { body });
    expect([status, json['field']]).toEqual([400, '__proto__']);
    expect((await stored({ title: '__proto__' }))['title']).toBe('__proto__');
  });
});
