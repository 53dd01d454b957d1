import { describe, expect, test } from 'vitest';
import { standfirstOf } from '../../functions/site/pages/standfirst.ts';
import { aSite } from './aSite.ts';
import { aStory } from './aStory.ts';

const html = '<p>Seven ports <em>agree</em> on one timetable – at last. It’s new.</p><p>More follows.</p>';

describe('the standfirst', () => {
  test.each([
    ['the first sentence', 'Seven ports agree on one timetable – at last.'],
    ['the whole first paragraph', 'Seven ports agree on one timetable – at last. It’s new.'],
    ['with other quotes, dashes and capitals', "SEVEN ports agree on one timetable, at last. It's new."],
    ['cut off', 'Seven ports agree on one …'],
  ])('is left out when the text begins with the summary: %s', (_, summary) => {
    expect(standfirstOf({ summary, html })).toBeNull();
  });

  test.each([
    ['other words', 'A timetable for seven ports.'],
    ['the same beginning with another end', 'Seven ports agree on one timetable, and nobody knows why.'],
    ['words from further down', 'More follows.'],
    ['more words than the text has', `${html.replace(/<[^>]+>/g, ' ')} And more.`],
    ['no words', '★★★'],
  ])('is the summary when that says something else: %s', (_, summary) => {
    expect(standfirstOf({ summary, html })).toBe(summary);
  });

  test('is not there without a summary', () => {
    expect(standfirstOf({ summary: null, html })).toBeNull();
  });

  test('of the page: a lead that is also the summary is printed once, and search engines still get it', async () => {
    const summary = 'Seven ports agree on one timetable – at last.';
    const { body } = await (await aSite({ articles: [aStory('ports', { summary, html })] })).get('/en/articles/ports');
    expect(body).not.toContain('article__standfirst');
    expect(body).toContain(`<meta name="description" content="${summary}">`);
    const other = await (await aSite({ articles: [aStory('ports', { html, summary: 'A summary.' })] })).get(
      '/en/articles/ports',
    );
    expect(other.body).toContain('<p class="article__standfirst">A summary.</p>');
  });
});
