import { describe, expect, test } from 'vitest';
import { looksAutomated } from '../../functions/digest/clicking/automated.ts';

const NAVIGATING = { 'sec-fetch-mode': 'navigate' };
const WEBKIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';
const chrome = (version: number): string =>
  `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`;
const firefox = (version: number): string =>
  `Mozilla/5.0 (X11; Linux x86_64; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`;
const safari = (version: string): string =>
  `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT} Version/${version} Safari/605.1.15`;
const iphone = (version: string): string =>
  `Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) ${WEBKIT} Version/${version} Mobile/15E148 Safari/604.1`;

const asked = (agent: string | undefined, headers: Record<string, string> = {}, method = 'GET'): boolean =>
  looksAutomated({ method, headers: { ...(agent !== undefined && { 'user-agent': agent }), ...headers } });

describe('a person', () => {
  test.each([
    ['Chrome', chrome(140)],
    ['Edge', `${chrome(140)} Edg/140.0.0.0`],
    ['Firefox', firefox(141)],
    ['Safari', safari('18.5')],
    ['Safari on a telephone', iphone('18.5')],
  ])('goes to the page with %s, which says so', (_, agent) => {
    expect(asked(agent, NAVIGATING)).toBe(false);
  });

  test.each([
    ['an old Chrome', chrome(75)],
    ['an old Firefox', firefox(89)],
    ['an old Safari', safari('16.3')],
    [
      'Chrome of iOS',
      `Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) ${WEBKIT} CriOS/140.0.1 Mobile/15E148 Safari/604.1`,
    ],
    ['an app’s own window', `Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) ${WEBKIT} Mobile/15E148`],
  ])('has %s, which says nothing of how it fetches', (_, agent) => {
    expect(asked(agent)).toBe(false);
  });
});

describe('a program', () => {
  test.each([
    ['curl/8.9.1'],
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'],
    ['facebookexternalhit/1.1'],
    ['python-requests/2.32.3'],
    [`${chrome(140).replace('Chrome', 'HeadlessChrome')}`],
  ])('says who it is: %s', (agent) => {
    expect(asked(agent, NAVIGATING)).toBe(true);
  });

  test('has no name, or asks for the headers only', () => {
    expect(asked(undefined, NAVIGATING)).toBe(true);
    expect(asked('', NAVIGATING)).toBe(true);
    expect(asked(firefox(141), NAVIGATING, 'HEAD')).toBe(true);
  });

  test.each([
    [chrome(140)],
    [chrome(79)],
    [firefox(90)],
    [safari('16.4')],
    [safari('16.10')],
    [safari('26.0')],
    [iphone('18.5')],
  ])('bears the name of a browser that says how it fetches, and does not: %s', (agent) => {
    expect(asked(agent)).toBe(true);
    expect(asked(agent, { 'sec-fetch-mode': 'no-cors' })).toBe(true);
    expect(asked(agent, NAVIGATING)).toBe(false);
  });

  test.each([
    [{ 'sec-purpose': 'prefetch' }],
    [{ 'sec-purpose': 'prefetch;prerender' }],
    [{ purpose: 'prefetch' }],
    [{ purpose: 'Prefetch' }],
  ])('fetches in advance: %o', (header) => {
    expect(asked(chrome(140), { ...NAVIGATING, ...header })).toBe(true);
  });

  test('with a name of a megabyte is looked at in no time', () => {
    const before = performance.now();
    for (const part of ['Mozilla/5.0 ', 'Version/1.1', 'a/1 ', '((((', '. '])
      asked(part.repeat(1_000_000 / part.length));
    expect(performance.now() - before).toBeLessThan(500);
  });
});
