import { describe, expect, test } from 'vitest';
import { aSite } from './aSite.ts';
import { aPicture, aStory } from './aStory.ts';

describe('an article’s page', () => {
  test('has its text, its authors, its date and where it stands', async () => {
    const site = await aSite({
      articles: [
        aStory('ferry', {
          html: '<p>One <strong>timetable</strong>.</p>',
          authors: [{ name: 'Ana Prat' }, { name: 'Jo Li' }],
        }),
      ],
    });
    const { status, body, headers } = await site.get('/en/articles/ferry');
    expect(status).toBe(200);
    expect(headers['content-language']).toBe('en');
    expect(body).toContain('<h1>The ferry</h1>');
    expect(body).toContain('<p>One <strong>timetable</strong>.</p>');
    expect(body).toContain('<a href="/en/feeds/authors/ana-prat" rel="author">Ana Prat</a> and ');
    expect(body).toContain('<time datetime="2026-05-01T08:00:00.000Z">1 May 2026</time>');
    expect(body).toContain('<a href="/en/topics/mobility">Mobility</a>');
    expect(body).toContain('<link rel="canonical" href="https://news.example/en/articles/ferry">');
    expect(body).toContain('<meta property="og:title" content="The ferry">');
    expect(body).not.toContain('Updated');
  });

  test('links the story’s other languages, and so do search engines', async () => {
    const site = await aSite({
      articles: [
        aStory('ferry', { story: 'ferries' }),
        aStory('bac', { story: 'ferries', language: 'fr' }),
        aStory('barco', { story: 'ferries', language: 'es', state: 'retracted' }),
      ],
    });
    const { body } = await site.get('/en/articles/ferry');
    expect(body).toContain('<link rel="alternate" hreflang="en" href="https://news.example/en/articles/ferry">');
    expect(body).toContain('<link rel="alternate" hreflang="fr" href="https://news.example/fr/articles/bac">');
    expect(body).toMatch(/Also in\s+<a href="\/fr\/articles\/bac" hreflang="fr" lang="fr">Français<\/a>/);
    expect(body).not.toContain('/articles/barco');
  });

  test('a language without this story is offered by its front page', async () => {
    const { body } = await (await aSite({ articles: [aStory('ferry')] })).get('/en/articles/ferry');
    expect(body).toContain('<a href="/es" hreflang="es" lang="es">');
    expect(body).not.toContain('rel="alternate" hreflang="es" href="https://news.example/es"');
  });

  test('a revised article says when', async () => {
    const revised = aStory('ferry', { revision: 2, updatedAt: '2026-05-03T08:00:00.000Z' });
    const { body } = await (await aSite({ articles: [revised] })).get('/en/articles/ferry');
    expect(body).toContain('Updated 3 May 2026');
  });

  test('an article that lives elsewhere names that place as the one that counts', async () => {
    const site = await aSite({ articles: [aStory('ferry', { url: 'https://city.example/ferry?a=1&b=2' })] });
    const { body } = await site.get('/en/articles/ferry');
    expect(body).toContain('<link rel="canonical" href="https://city.example/ferry?a=1&amp;b=2">');
    expect(body).toContain('<a href="https://city.example/ferry?a=1&amp;b=2">Read the original</a>');
    expect(body).toContain('city.example');
  });

  test('an old address leads to the present one', async () => {
    const site = await aSite({ articles: [aStory('ferry')], oldSlugs: { 'en/boat': 'ferry' } });
    const { status, headers } = await site.get('/en/articles/boat');
    expect(status).toBe(301);
    expect(headers['location']).toBe('/en/articles/ferry');
  });

  test('an article whose language was corrected is found under its old language', async () => {
    const site = await aSite({ articles: [aStory('bac', { language: 'fr' })], oldSlugs: { 'en/bac': 'bac' } });
    expect((await site.get('/en/articles/bac')).headers['location']).toBe('/fr/articles/bac');
  });

  test('a retracted article is gone, with the reason and without its text', async () => {
    const site = await aSite({
      articles: [aStory('ferry', { state: 'retracted', reason: 'The numbers were <wrong>.', html: '<p>Old text</p>' })],
    });
    const { status, body } = await site.get('/en/articles/ferry');
    expect(status).toBe(410);
    expect(body).toContain('This article was withdrawn');
    expect(body).toContain('Reason: The numbers were &lt;wrong&gt;.');
    expect(body).not.toContain('Old text');
    expect(body).toContain('<meta name="robots" content="noindex">');
  });

  test('an expired article is gone, in the reader’s language', async () => {
    const site = await aSite({ articles: [aStory('bac', { language: 'fr', state: 'expired' })] });
    const { status, body } = await site.get('/fr/articles/bac');
    expect(status).toBe(410);
    expect(body).toContain('Cet article n’est plus disponible');
  });

  test('an old address of a retracted article is gone as well', async () => {
    const site = await aSite({ articles: [aStory('ferry', { state: 'retracted' })], oldSlugs: { 'en/boat': 'ferry' } });
    expect((await site.get('/en/articles/boat')).status).toBe(410);
  });

  test('a wide table scrolls by itself and can be reached by keyboard', async () => {
    const table = aStory('ferry', { html: '<table><tbody><tr><td>1</td></tr></tbody></table>' });
    const { body } = await (await aSite({ articles: [table] })).get('/en/articles/ferry');
    expect(body).toContain('<div class="table" role="region" tabindex="0" aria-label="Table"><table>');
    expect(body).toContain('</table></div>');
  });
});

describe('hostile text', () => {
  /** A block of data is not run. */
  const SCRIPT = /<script(?! type="application\/ld\+json">)/;
  const hostile = `"><script>alert(1)</script>{{ newsroom }}'`;

  test('comes out as text wherever it stands', async () => {
    const story = aStory('ferry', {
      title: hostile,
      summary: hostile,
      section: hostile,
      rights: hostile,
      authors: [{ name: hostile }],
      image: aPicture({ alt: hostile, credit: hostile }),
    });
    const site = await aSite({ articles: [story, aStory('other', { seq: 2 })] });
    for (const path of ['/en/articles/ferry', '/en', '/en/topics/mobility', '/en/articles/other']) {
      const { body } = await site.get(path);
      expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;{{ newsroom }}');
      expect(body).not.toMatch(SCRIPT);
      expect(body).not.toContain('"">');
    }
  });

  test('is cleaned once more when a text is printed as it is', async () => {
    const story = aStory('ferry', {
      html: '<p onclick="x()">Fine<script>alert(1)</script></p><a href="javascript:x()">y</a>',
    });
    const { body } = await (await aSite({ articles: [story] })).get('/en/articles/ferry');
    expect(body).toContain('Fine');
    expect(body).not.toMatch(/onclick|javascript:/);
    expect(body).not.toMatch(SCRIPT);
  });

  test('an address that is none of the web’s is not linked', async () => {
    const story = aStory('ferry', { url: 'javascript:alert(1)', image: aPicture({ url: 'javascript:alert(2)' }) });
    const { body } = await (await aSite({ articles: [story] })).get('/en/articles/ferry');
    expect(body).not.toContain('javascript:');
  });
});
