import { describe, expect, test } from 'vitest';
import { previewOf } from '../../functions/ingest/previewLink.ts';
import { type Draft, UNFINISHED } from '../../functions/wire/ports.ts';
import { aCurrent, anArticle, someContent } from '../support/anArticle.ts';
import { aSite, LINK_SECRET } from './aSite.ts';

const ID = '01JA0000000000000000000001';
const NOW = '2026-05-02T12:00:00.000Z';
const keys = { current: { id: '0001', secret: LINK_SECRET }, byId: new Map([['0001', LINK_SECRET]]) };
const linkMade = (at: string) => new URL(previewOf(keys, ID, 'https://news.example', at).url).pathname;
const draft: Draft = {
  id: ID,
  content: someContent({ title: 'Not yet', html: '<p>Only for the eyes of the mayor.</p>' }),
  dueAt: UNFINISHED,
  announce: true,
};

describe('the preview of a draft', () => {
  test('shows it to who has its link, and to no search engine and no cache', async () => {
    const site = await aSite({ drafts: [draft] });
    const { status, body, headers } = await site.get(linkMade(NOW));
    expect(status).toBe(200);
    expect(body).toContain('Only for the eyes of the mayor.');
    expect(body).toContain('This is a draft.');
    expect(body).not.toContain('It comes out on');
    expect(body).toContain('noindex');
    expect(headers['cache-control']).toBe('no-store');
  });

  test('says when it comes out', async () => {
    const site = await aSite({ drafts: [{ ...draft, dueAt: '2026-06-01T06:00:00.000Z' }] });
    expect((await site.get(linkMade(NOW))).body).toContain('It comes out on 1 June 2026 at 08:00 CEST.');
  });

  test.each([
    ['a week old', linkMade('2026-04-25T12:00:00.000Z')],
    ['for another draft', linkMade(NOW).replace(ID, '01JA0000000000000000000002')],
    ['good for longer than it was made for', linkMade(NOW).replace(/\.([0-9a-z]{6})\./, '.zzzzzz.')],
    ['signed with a key that is not known', linkMade(NOW).replace('.0001.', '.0002.')],
    ['cut off', linkMade(NOW).slice(0, -3)],
    ['no link at all', '/preview/draft'],
  ])('is not there by a link that is %s', async (_, path) => {
    const site = await aSite({ drafts: [draft, { ...draft, id: '01JA0000000000000000000002' }] });
    const { status, body } = await site.get(path);
    expect(status).toBe(404);
    expect(body).not.toContain('mayor');
  });

  test('leads to the article once that is public', async () => {
    const site = await aSite({ articles: [aCurrent({ article: anArticle({ id: ID, slug: 'not-yet' }) })] });
    const { status, headers } = await site.get(linkMade(NOW));
    expect([status, headers['location']]).toEqual([302, '/en/articles/not-yet']);
  });
});
