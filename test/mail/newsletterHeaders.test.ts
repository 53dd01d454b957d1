import { simpleParser } from 'mailparser';
import { expect, it } from 'vitest';
import { mimeOf } from '../../functions/mail/mime.ts';
import { feedbackTags, newsletterHeaders } from '../../functions/mail/newsletterHeaders.ts';
import { aMail, headerOf, linesOf } from './aMail.ts';

const token = 'k1.01JZZZZZZZZZZZZZZZZZZZZZZ1.unsubscribe.c3VwZXItc2VjcmV0LXNpZ25hdHVyZS1vZi00My1jaGFycw';

const raw = (label = 'City News'): Buffer =>
  mimeOf(
    aMail({
      headers: newsletterHeaders({
        newsletter: { id: 'city-news', label },
        senderAddress: 'news@confluence.example',
        unsubscribeUrl: `https://news.confluence.example/unsubscribe/${token}`,
        unsubscribeAddress: 'unsubscribe@confluence.example',
        preferencesUrl: `https://news.confluence.example/preferences/${token}`,
        archiveUrl: 'https://news.confluence.example/en/editions',
      }),
    }),
  );

it('a newsletter carries the whole set', () => {
  const expected = {
    'List-Id': 'City News <city-news.confluence.example>',
    'List-Unsubscribe': `<https://news.confluence.example/unsubscribe/${token}>, <mailto:unsubscribe@confluence.example?subject=unsubscribe%20${token}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    'List-Help': `<https://news.confluence.example/preferences/${token}>`,
    'List-Archive': '<https://news.confluence.example/en/editions>',
    'List-Post': 'NO',
    Precedence: 'bulk',
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'All',
    'Content-Language': 'en',
  };
  const found = Object.fromEntries(Object.keys(expected).map((name) => [name, headerOf(raw(), name)]));
  expect(found).toEqual(expected);
});

it('no header is there twice, which SES would refuse', () => {
  const names = linesOf(raw())
    .head.filter((line) => !line.startsWith(' '))
    .map((line) => line.split(':')[0]);
  expect(new Set(names).size).toBe(names.length);
});

it('a mail program finds the list and the way out of it', async () => {
  const read = await simpleParser(raw('Nouvelles des cités, « hebdo »'));
  expect(read.headers.get('list')).toMatchObject({
    id: { id: 'city-news.confluence.example' },
    unsubscribe: {
      url: `https://news.confluence.example/unsubscribe/${token}`,
      mail: `unsubscribe@confluence.example?subject=unsubscribe%20${token}`,
    },
  });
});

it('complaints are counted by newsletter and cadence', () => {
  expect(feedbackTags('city-news', 'weekly')).toEqual({
    'ses:feedback-id-a': 'city-news',
    'ses:feedback-id-b': 'weekly',
  });
});
