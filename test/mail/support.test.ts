import { rm } from 'node:fs/promises';
import { caniemail } from 'caniemail';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCEPTED } from './acceptedSupport.ts';
import { aDigest, builtTemplates, frameOf } from './aDigest.ts';
import { english } from './issues.ts';

/**
 * Every mail of ours against what mail programs know (caniemail.com). `outlook.outlook-com` stands for the new Outlook,
 * which is the same program; the package has too little data on Thunderbird for Windows to be asked.
 */
const PROGRAMS: Parameters<typeof caniemail>[0]['clients'] = [
  'gmail.*',
  'outlook.*',
  'apple-mail.*',
  'yahoo.*',
  'thunderbird.macos',
];

/** `title in program`, what it does not know and what it knows in part. */
interface Trouble {
  readonly none: ReadonlySet<string>;
  readonly partial: ReadonlySet<string>;
}

let built: Awaited<ReturnType<typeof builtTemplates>>;
const troubles = new Map<string, Trouble>();

beforeAll(async () => {
  built = await builtTemplates();
  for (const [name, html] of Object.entries(mailsOf(built.templates))) troubles.set(name, troubleOf(html));
});
afterAll(() => rm(built.directory, { recursive: true }));

const mailsOf = (templates: typeof built.templates): Record<string, string> => {
  const newsletter = { id: 'city-news', label: 'City News' };
  const url = 'https://news.confluence.example/confirm/token';
  return {
    digest: aDigest(templates, english).html,
    'digest, right to left': aDigest(templates, english, { direction: 'rtl' }).html,
    confirmation: templates.render('email/confirmation', {
      ...frameOf('en'),
      ...{ newsletter, topics: ['Mobility'], cadence: 'weekly', confirmUrl: url },
    }),
    letter: templates.render('email/letter', {
      ...frameOf('en'),
      ...{ title: 'Your new address', text: 'Please confirm it.', button: 'Confirm', hint: 'Was it not you?', url },
    }),
  };
};

const troubleOf = (html: string): Trouble => {
  const { issues } = caniemail({ clients: PROGRAMS, html });
  const named = (found: typeof issues.errors): Set<string> =>
    new Set([...found].flatMap(([program, all]) => all.map(({ title }) => `${title} in ${program}`)));
  return { none: named(issues.errors), partial: named(issues.warnings) };
};

const accepted = (kind: keyof Trouble): Set<string> =>
  new Set(Object.entries(ACCEPTED).flatMap(([title, one]) => (one[kind] ?? []).map((who) => `${title} in ${who}`)));

/** `margin in outlook.windows` → `margin in outlook`. */
const byMaker = (one: string): string => one.replace(/ in ([a-z-]+)\.[a-z-]+$/, ' in $1');

describe('what mail programs do not know', () => {
  it.each(['digest', 'digest, right to left', 'confirmation', 'letter'])(
    '%s: is nothing but what we accept',
    (name) => {
      const { none, partial } = troubles.get(name) ?? { none: new Set(), partial: new Set<string>() };
      expect(none.size + partial.size).toBeGreaterThan(0);
      const [knownNone, knownPartial] = [accepted('none'), accepted('partial')];
      expect([...none].filter((one) => !knownNone.has(one))).toEqual([]);
      expect([...partial].map(byMaker).filter((one) => !knownPartial.has(one))).toEqual([]);
    },
  );

  it('what we accept is still used: a list that nobody needs any more hides the next fault', () => {
    const all = [...troubles.values()];
    const used = new Set([
      ...all.flatMap(({ none }) => [...none]),
      ...all.flatMap(({ partial }) => [...partial].map(byMaker)),
    ]);
    expect([...accepted('none'), ...accepted('partial')].filter((one) => !used.has(one))).toEqual([]);
  });

  it('the test is not blind: a grid, a web font and a background picture are told', () => {
    const { none, partial } = troubleOf(
      '<style>@font-face{font-family:X;src:url(x.woff2)}</style><div style="display:grid;background-image:url(x.png)">x</div>',
    );
    expect([...none, ...partial].join()).toMatch(/@font-face in gmail.*/);
    expect([...none, ...partial].join()).toMatch(/background-image in outlook.windows/);
  });
});
