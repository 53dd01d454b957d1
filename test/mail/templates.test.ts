import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Parser } from 'htmlparser2';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePart, mimeOf } from '../../functions/mail/mime.ts';
import type { Templates } from '../../functions/shared/page/templates.ts';
import { compileMail } from '../../infra/templates.ts';
import { aDigest, aNewsroom, builtTemplates, frameOf, type Issue } from './aDigest.ts';
import { aMail } from './aMail.ts';
import { english, french, spanish } from './issues.ts';

let directory: string;
let templates: Templates;

beforeAll(async () => {
  ({ directory, templates } = await builtTemplates());
});

afterAll(() => rm(directory, { recursive: true }));

const confirmation = {
  ...frameOf('en'),
  newsletter: { id: 'city-news', label: 'City News' },
  questions: [{ label: 'City News', topics: ['Mobility', 'Climate and water'], cadence: 'weekly' }],
  cadence: 'weekly',
  confirmUrl: 'https://news.confluence.example/confirm/token-of-this-reader',
};

/** Every tag that a mail program sees, Outlook's conditional ones too, opened and closed in order. */
const tagsLeftOpen = (html: string): string[] => {
  const open: string[] = [];
  const wrong: string[] = [];
  const parser = new Parser(
    {
      onopentagname: (name) => open.push(name),
      onclosetag(name, implied) {
        if (open.pop() !== name || (implied && !/^(?:img|br|meta|o:allowpng)$/.test(name))) wrong.push(name);
      },
    },
    { recognizeSelfClosing: true },
  );
  parser.end(html.replace(/<!--\[if [^\]]*\]>(?:<!-->)?|(?:<!--)?<!\[endif\]-->/g, ''));
  return [...wrong, ...open];
};

describe('the build', () => {
  it('makes a template of every mail and every piece, each with its text', async () => {
    const built = await readdir(join(directory, 'email'));
    const pieces = ['article', 'correction', 'greeting', 'intro', 'lead', 'more', 'other', 'section', 'shell'];
    const names = ['confirmation', ...pieces.map((piece) => `digest-${piece}`)];
    expect(built).toEqual(expect.arrayContaining(names.map((name) => `${name}.liquid`)));
    const made = built.filter((file) => file.endsWith('.liquid')).map((file) => file.replace('.liquid', ''));
    expect(built.sort()).toEqual(made.flatMap((name) => [`${name}.liquid`, `${name}.txt`]).sort());
    expect(await readdir(directory)).toEqual(expect.arrayContaining(['email', 'locales', 'site']));
  });

  it('leaves no MJML, no stand-in colour and no marker of its own', async () => {
    for (const name of await readdir(join(directory, 'email'))) {
      const built = await readFile(join(directory, 'email', name), 'utf8');
      expect(built).not.toMatch(/<\/?mj-|#c01a|<!-- (?!\[)/);
    }
  });

  it('refuses MJML that is not right', async () => {
    const wrong = '<mjml><mj-body><mj-section><mj-text colour="red">x</mj-text></mj-section></mj-body></mjml>';
    await expect(compileMail(wrong)).rejects.toThrow('colour');
  });

  it('reads no files that MJML names', async () => {
    const including = '<mjml><mj-body><mj-include path="/etc/passwd" type="html" /></mj-body></mjml>';
    const html = await compileMail(including).catch(String);
    expect(html).not.toContain('root:');
  });
});

describe('the shell', () => {
  it('has the five holes, the preheader first', () => {
    const data = {
      ...frameOf('en'),
      newsletter: confirmation.newsletter,
      cadence: 'weekly',
      heading: 'City News',
      dateLine: '4 May 2026',
    };
    const html = templates.render('email/digest-shell', data);
    const text = templates.renderText('email/digest-shell', data);
    const holes = (part: string): string[] => [...part.matchAll(/%%([A-Z_]+)%%/g)].map(([, name]) => name ?? '');
    expect(holes(html)).toEqual(['PREHEADER', 'CONTENT', 'PREFERENCES_URL', 'UNSUBSCRIBE_URL', 'WEB_URL']);
    expect(new Set(holes(text))).toEqual(new Set(['CONTENT', 'PREFERENCES_URL', 'UNSUBSCRIBE_URL', 'WEB_URL']));
  });

  it('and every piece close what they open, in Outlook too', async () => {
    for (const name of (await readdir(join(directory, 'email'))).filter((one) => one.endsWith('.liquid'))) {
      const html = templates.render(`email/${name.replace('.liquid', '')}`, {
        ...confirmation,
        ...{
          heading: 'City News',
          dateLine: '4 May 2026',
          title: 'Mobility',
          count: 2,
          url: 'https://a.example',
          article: english.lead,
        },
      });
      expect(tagsLeftOpen(html), name).toEqual([]);
    }
  });
});

describe('a whole digest', () => {
  it.each([english, french, spanish])('is as it was approved, in %#', async (issue: Issue) => {
    const { html, text } = aDigest(templates, issue);
    const golden = (ending: string) => `../golden/mail/digest.${issue.language}.${ending}`;
    await expect(html.replaceAll('><', '>\n<')).toMatchFileSnapshot(golden('html'));
    await expect(text).toMatchFileSnapshot(golden('txt'));
  });

  it('comes out of its mail as it went in', async () => {
    const { html, text } = aDigest(templates, french);
    const read = await simpleParser(
      mimeOf(aMail({ language: 'fr', html: [encodePart(html)], text: [encodePart(text)] })),
    );
    expect(read.html).toBe(html);
    expect(read.text).toBe(text);
  });

  it('closes what it opens, and leaves no hole open', () => {
    const { html, text } = aDigest(templates, english);
    expect(tagsLeftOpen(html)).toEqual([]);
    expect(html + text).not.toMatch(/%%|\{\{|\{%|undefined|\[object/);
  });

  it('says what a reader must find, in HTML and in text', () => {
    const { html, text } = aDigest(templates, french);
    for (const part of [html, text]) {
      expect(part).toContain('https://news.confluence.example/unsubscribe/token-of-this-reader');
      expect(part).toContain('https://news.confluence.example/preferences/token-of-this-reader');
      expect(part).toContain('https://news.confluence.example/fr/editions/city-news-weekly-2026-05-04');
      expect(part).toContain('Quai du Commerce 12');
      expect(part).toContain('https://confluence.example/imprint');
      expect(part).toContain('https://confluence.example/privacy');
      expect(part).toContain('Vous recevez ce courriel parce que');
      for (const article of [french.lead, ...french.sections.flatMap(({ articles }) => articles)]) {
        expect(part).toContain(article.title);
        expect(part).toContain(article.url);
      }
    }
  });

  it('stays under 60 KB with twelve articles that all have a picture and a long summary', () => {
    const article = { ...english.lead, summary: 'Die Fähren fahren jetzt öfter. '.repeat(10) };
    const section = { title: 'Mobility', articles: [article, article, article] };
    const { intro: _, other: __, corrections: ___, ...plain } = english;
    const { html } = aDigest(templates, {
      ...plain,
      sections: [section, section, section, { ...section, articles: [article, article] }],
    });
    expect(Buffer.byteLength(html)).toBeLessThan(60_000);
  });

  it('wears the look of its newsroom', () => {
    const newsroom = aNewsroom({
      look: { accent: '#a01020', accentDark: '#ffb0b8', ink: '#201010', paper: '#fffdf8', logo: 'herald.png' },
    });
    const { html } = aDigest(templates, english, { newsroom });
    for (const colour of ['#a01020', '#ffb0b8', '#201010', '#fffdf8']) expect(html).toContain(colour);
    expect(html).toContain('https://news.confluence.example/assets/herald.png');
    expect(html).not.toMatch(/#0b5c7a|logo\.png/);
  });

  it('runs from right to left where its language does', () => {
    const { html } = aDigest(templates, english, { direction: 'rtl' });
    expect(html).toMatch(/<html lang="en" dir="rtl"/);
    expect(html).not.toMatch(/direction:ltr|text-align:left|<t[^>]* align="left"/);
    // Small pictures stand at the end of the line, which is on the left.
    expect(html).toMatch(/<img class="thumb"[^>]* align="left"/);
  });
});

describe('hostile content', () => {
  const evil = '"><script>alert(1)</script>{{ newsroom.name }}{% raw %}%%CONTENT%% </style> \' & é';
  const article = {
    ...english.lead,
    title: evil,
    summary: evil,
    topic: evil,
    authors: evil,
    day: evil,
    url: `https://a.example/?q="><b>`,
    image: { url: 'https://a.example/"onerror="x', alt: evil, credit: evil },
  };
  const escaped =
    '&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;{{ newsroom.name }}{% raw %}%%CONTENT%% &lt;/style&gt; &#39; &amp; é';

  it.each(['digest-lead', 'digest-article'])('is shown by %s letter by letter and does nothing', (name) => {
    const html = templates.render(`email/${name}`, { ...frameOf('en'), article });
    expect(html).toContain(escaped);
    expect(html).not.toMatch(/<script|<b>|" ?onerror=/);
    expect(tagsLeftOpen(html)).toEqual([]);
    expect(templates.renderText(`email/${name}`, { ...frameOf('en'), article })).toContain(evil);
  });

  it('is shown by sections and the way to the rest', () => {
    expect(templates.render('email/digest-section', { ...frameOf('en'), title: evil })).toContain(escaped);
    expect(templates.render('email/digest-more', { ...frameOf('en'), count: 2, url: evil })).not.toContain('<script');
  });
});

describe('the confirmation', () => {
  it.each(['en', 'fr', 'es'])('is as it was approved, in %s', async (language) => {
    const data = { ...confirmation, language };
    const html = templates.render('email/confirmation', data);
    await expect(html.replaceAll('><', '>\n<')).toMatchFileSnapshot(`../golden/mail/confirmation.${language}.html`);
    await expect(templates.renderText('email/confirmation', data)).toMatchFileSnapshot(
      `../golden/mail/confirmation.${language}.txt`,
    );
  });

  it('has one button, the bare link, and what was chosen', () => {
    const html = templates.render('email/confirmation', confirmation);
    expect(html.split(`href="${confirmation.confirmUrl}"`).length - 1).toBe(2);
    expect(html).toContain(`>${confirmation.confirmUrl}<`);
    expect(html).toContain('Mobility, Climate and water');
    expect(html).toContain('Every week');
  });

  it('says so where all topics were chosen', () => {
    const questions = [{ label: 'City News', topics: [], cadence: 'weekly' }];
    for (const render of [templates.render, templates.renderText])
      expect(render('email/confirmation', { ...confirmation, questions })).toContain('All topics');
  });

  it('says of several newsletters what was chosen of each', () => {
    const questions = [...confirmation.questions, { label: 'Ferries', topics: [], cadence: 'monthly' }];
    const data = { ...confirmation, questions, newsletter: { id: 'city-news', label: 'City News and Ferries' } };
    const html = templates.render('email/confirmation', data);
    for (const words of ['City News and Ferries', '>City News<', '>Ferries<', 'Every month'])
      expect(html).toContain(words);
    expect(templates.renderText('email/confirmation', data)).toContain(
      'City News\nTopics: Mobility, Climate and water\nFrequency: every week\n\nFerries\nTopics: All topics\nFrequency: every month\n\nConfirm',
    );
  });
});
