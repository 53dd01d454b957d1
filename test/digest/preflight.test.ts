import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { domainFindings } from '../../functions/digest/preflight/domain.ts';
import { mailFindings } from '../../functions/digest/preflight/mails.ts';
import { aDoor } from './support/aDoor.ts';
import { aNewsroom, aPress } from './support/aPress.ts';
import { aSubscriber } from './support/aSubscriber.ts';
import { someChecks } from './support/someChecks.ts';

const finding = z.object({ code: z.string(), language: z.string().optional(), sentence: z.string() });
const shown = z.object({
  state: z.string(),
  at: z.string().nullable(),
  refusals: z.array(finding),
  warnings: z.array(finding),
  unchecked: z.array(finding),
  accepted: z.object({ by: z.string().nullable(), at: z.string() }).nullable(),
});

type Outside = ReturnType<NonNullable<Parameters<typeof someChecks>[0]>>;

let outside: Outside;
beforeEach(() => {
  outside = {};
});

const linked = z.object({ article: z.object({ url: z.string() }).optional(), intro: z.string().optional() });

/** Its mails have links, as real ones do. */
const aPressWithLinks = (newsroom: ReturnType<typeof aNewsroom>): ReturnType<typeof aPress> => {
  const press = aPress(newsroom);
  const render: typeof press.templates.render = (name, data) => {
    const { article, intro = '' } = linked.parse(data);
    const link = article ? `<a href="${article.url}">read</a>` : intro;
    return `${press.templates.render(name, data)}${link}`;
  };
  return { ...press, templates: { ...press.templates, render } };
};

/** A room with a reader and a story in each of its two languages; `outside` may be changed while it lives. */
const aFlight = async (newsroom = aNewsroom(), image: { url: string; alt: string } | null = null) => {
  const world = someChecks(() => outside);
  const door = await aDoor({ newsroom, press: aPressWithLinks(newsroom), checks: world.checks });
  await door.room.join(aSubscriber('ana'), aSubscriber('luc', { languages: ['fr'] }));
  door.room.wire.publish({ title: 'Boat', image });
  door.room.wire.publish({ title: 'Bac', language: 'fr', url: 'https://elsewhere.example/bac' });
  const plan = async () => {
    const asked = await door.call('POST', '/api/v1/newsletters/city-news/editions', { cadence: 'weekly' });
    await door.room.work();
    return `/api/v1/editions/${String(asked.json['id'])}`;
  };
  const found = async (path: string) => {
    const { json } = await door.call('GET', path);
    return { state: json['state'], preflight: shown.parse(json['preflight']) };
  };
  return { ...door, ...world, plan, found };
};

const codes = (findings: readonly z.infer<typeof finding>[]): string[] =>
  findings.map(({ code, language }) => (language === undefined ? code : `${code} ${language}`));

describe('an edition in which all is well', () => {
  test('passes and is sent at once', async () => {
    const { room, plan, found, pressed } = await aFlight();
    const { state, preflight } = await found(await plan());
    expect(state).toBe('complete');
    // The link for leaving of this newsroom is https.
    expect(preflight).toMatchObject({ state: 'passed', refusals: [], warnings: [], unchecked: [] });
    expect(room.sent).toHaveLength(2);
    expect(pressed).toHaveLength(1);
  });

  test('is looked over again after an edit', async () => {
    const newsroom = aNewsroom();
    const withApproval = newsroom.newsletters.map((one) => ({ ...one, approval: 'required' as const }));
    const { room, call, plan, found, pressed } = await aFlight({ ...newsroom, newsletters: withApproval });
    const path = await plan();
    expect((await found(path)).preflight.state).toBe('passed');
    await call('PUT', `${path}/curation`, { intro: { en: 'See [this](https://dead.example/x).' } });
    outside = { looks: { 'https://dead.example/x': { is: 'gone', because: 'it answers 404' } } };
    expect((await found(path)).preflight.state).toBe('unfinished');
    await room.work();
    const { preflight } = await found(path);
    expect(preflight.warnings).toEqual([
      { code: 'link', language: 'en', sentence: 'The link https://dead.example/x is dead: it answers 404.' },
    ]);
    expect(pressed).toHaveLength(2);
  });
});

describe('an edition is held, and says why', () => {
  const refused: [string, Outside, string[]][] = [
    ['the link for leaving fails', { oneClick: 500 }, ['one-click']],
    ['the link for leaving is not there', { oneClick: 404 }, ['one-click']],
    ['the link for leaving redirects', { oneClick: 301 }, ['one-click']],
    ['the link for leaving is dead while others outside answer', { oneClick: 'unreachable' }, ['one-click']],
    ['SES has not verified the sender', { verified: false }, ['sender']],
    ['SES has paused the account', { isEnabled: false }, ['account-paused']],
    ['the account is in the sandbox', { perDay: 200 }, ['sandbox']],
    ['the day’s quota is used up', { perDay: 50_000, sentLastDay: 48_999 }, ['quota']],
  ];

  test.each(refused)('when %s', async (_, world, expected) => {
    outside = world;
    const { room, plan, found } = await aFlight();
    const { state, preflight } = await found(await plan());
    expect([state, preflight.state, codes(preflight.refusals)]).toEqual(['held', 'refused', expected]);
    expect(room.sent).toEqual([]);
  });

  test('when a mail is over 100 KB, in the language that is', async () => {
    const { room, call, plan, found } = await aFlight({
      ...aNewsroom(),
      newsletters: aNewsroom().newsletters.map((one) => ({ ...one, approval: 'required' as const })),
    });
    const path = await plan();
    const id = path.split('/').at(-1) ?? '';
    const edition = await room.ledger.edition(id);
    const pieces = await room.planning.shelf.read(edition?.pieces ?? '');
    const shell = pieces.shells.get('fr');
    if (!edition || !shell) throw new Error('There is no edition.');
    const intro = { html: Buffer.alloc(99_000, 'x'), text: Buffer.alloc(2000, 'x') };
    const long = { ...pieces, shells: new Map([...pieces.shells, ['fr', { ...shell, intro }]]) };
    await room.ledger.save({ ...edition, pieces: await room.planning.shelf.keep(long) });
    await call('POST', `${path}/approve`);
    await room.work();
    const { state, preflight } = await found(path);
    expect([state, codes(preflight.refusals)]).toEqual(['held', ['size fr']]);
    expect(room.sent).toEqual([]);
  });

  const mustBeThere = [
    ...['From', 'To', 'Subject', 'Date', 'Message-ID', 'MIME-Version', 'Content-Type', 'Content-Language'],
    ...['List-Id', 'List-Unsubscribe', 'List-Unsubscribe-Post', 'List-Help', 'List-Archive'],
    ...['Precedence', 'Auto-Submitted', 'X-Auto-Response-Suppress'],
  ];

  test.each(mustBeThere)('when its mails have no %s, or two', async (name) => {
    const { room, plan } = await aFlight();
    await plan();
    const whole = Buffer.from(room.sent[0]?.raw ?? []).toString('latin1');
    const [header = ''] = new RegExp(`^${name}: .*\\r\\n(?:[ \\t].*\\r\\n)*`, 'm').exec(whole) ?? [];
    const findingsOf = (mail: string) =>
      mailFindings(['en'], [{ language: 'en', alone: true, raw: Buffer.from(mail, 'latin1') }]).refusals;
    expect(findingsOf(whole)).toEqual([]);
    for (const mail of [whole.replace(header, ''), `${header}${whole}`]) {
      expect(findingsOf(mail)).toMatchObject([
        { code: 'header', language: 'en', sentence: expect.stringContaining(name) },
      ]);
    }
  });

  test('a person may send it all the same, and is named', async () => {
    outside = { perDay: 200 };
    const { room, call, plan, found } = await aFlight();
    const path = await plan();
    const sent = await call('POST', `${path}/send`, undefined, { authorization: 'Bearer key-of-Ana' });
    expect(sent.status).toBe(200);
    await room.work();
    const { state, preflight } = await found(path);
    expect([state, preflight.state, preflight.accepted?.by]).toEqual(['complete', 'refused', 'Ana']);
    expect(room.sent).toHaveLength(2);
  });

  test('nobody may send it while readers could not leave; mended and looked over again it goes', async () => {
    outside = { oneClick: 503 };
    const { room, call, plan, found } = await aFlight();
    const path = await plan();
    for (const action of ['send', 'approve']) {
      const answer = await call('POST', `${path}/${action}`);
      expect([answer.status, JSON.stringify(answer.json)]).toEqual([409, expect.stringContaining('answers 503')]);
    }
    outside = {};
    const again = await call('POST', `${path}/preflight`);
    expect([again.status, again.json['state']]).toEqual([202, 'unfinished']);
    await room.work();
    expect(await found(path)).toMatchObject({ state: 'held', preflight: { state: 'passed' } });
    expect((await call('POST', `${path}/send`)).status).toBe(200);
    await room.work();
    expect(room.sent).toHaveLength(2);
    expect((await call('POST', `${path}/preflight`)).status).toBe(409);
  });
});

describe('an edition goes out with a warning', () => {
  test('when a language has nothing, a picture no words, and the sender’s records do not line up', async () => {
    outside = { signs: false, texts: { 'bounces.example.org': ['v=spf1 -all'] } };
    const world = someChecks(() => outside);
    const { room, call } = await aDoor({ checks: world.checks });
    await room.join(aSubscriber('ana'));
    room.wire.publish({ title: 'Boat', image: { url: 'https://pictures.example/boat.jpg', alt: ' ' } });
    const asked = await call('POST', '/api/v1/newsletters/city-news/editions', { cadence: 'weekly' });
    await room.work();
    const { json } = await call('GET', `/api/v1/editions/${String(asked.json['id'])}/preflight`);
    const { state, warnings } = shown.parse(json);
    expect([state, codes(warnings).sort()]).toEqual(['warned', ['alt en', 'dkim', 'dmarc', 'empty fr', 'spf']]);
    expect(room.sent).toHaveLength(1);
  });

  test('when a link is dead', async () => {
    outside = { looks: { 'https://elsewhere.example/bac': { is: 'gone', because: 'it answers 410' } } };
    const { room, plan, found } = await aFlight();
    const { preflight } = await found(await plan());
    expect(codes(preflight.warnings)).toEqual(['link fr']);
    expect(room.sent).toHaveLength(2);
  });

  test('when an editor mistyped a link to our own site', async () => {
    const newsroom = aNewsroom();
    const withApproval = newsroom.newsletters.map((one) => ({ ...one, approval: 'required' as const }));
    const { room, call, plan, found } = await aFlight({ ...newsroom, newsletters: withApproval });
    const path = await plan();
    outside = { looks: { 'https://news.example/en/fery': { is: 'gone', because: 'it answers 404' } } };
    await call('PUT', `${path}/curation`, { intro: { en: 'See [this](https://news.example/en/fery).' } });
    await room.work();
    expect(codes((await found(path)).preflight.warnings)).toEqual(['link en']);
  });

  const DEAD = 'https://pictures.example/gone.jpg';
  const deadPictures: [string, Outside][] = [
    ['answers 404', { looks: { [DEAD]: { is: 'gone', because: 'it answers 404' } } }],
    ['is a page', { looks: { [DEAD]: { is: 'there', type: 'text/html; charset=utf-8' } } }],
    ['has a host that is unknown, where others are known', { looks: { [DEAD]: { is: 'nameless' } } }],
  ];

  test.each(deadPictures)('without the picture that %s', async (_, world) => {
    outside = world;
    const { room, plan, found } = await aFlight(aNewsroom(), { url: DEAD, alt: 'A boat' });
    const path = await plan();
    const { state, preflight } = await found(path);
    expect([state, codes(preflight.warnings)]).toEqual(['complete', ['image-left-out en']]);
    const edition = await room.ledger.edition(path.split('/').at(-1) ?? '');
    const pieces = await room.planning.shelf.read(edition?.pieces ?? '');
    expect(pieces.articles.map(({ hasImage }) => hasImage)).toEqual([false, false]);
    expect(room.sent).toHaveLength(2);
  });

  test('a picture that was left out gets another chance when somebody asks', async () => {
    outside = { isEnabled: false, looks: { [DEAD]: { is: 'gone', because: 'it answers 404' } } };
    const { room, call, plan, found } = await aFlight(aNewsroom(), { url: DEAD, alt: 'A boat' });
    const path = await plan();
    outside = {};
    await call('POST', `${path}/preflight`);
    await room.work();
    expect((await found(path)).preflight).toMatchObject({ state: 'passed', warnings: [] });
    const edition = await room.ledger.edition(path.split('/').at(-1) ?? '');
    const pieces = await room.planning.shelf.read(edition?.pieces ?? '');
    expect(pieces.articles.map(({ hasImage }) => hasImage)).toEqual([false, true]);
  });
});

describe('without a network', () => {
  test('it says what nobody could tell, and the edition goes out', async () => {
    const picture = 'https://pictures.example/boat.jpg';
    outside = {
      oneClick: 'unreachable',
      texts: 'silent',
      looks: { [picture]: { is: 'nameless' }, 'https://elsewhere.example/bac': { is: 'nameless' } },
    };
    const { room, plan, found, checks } = await aFlight(aNewsroom(), { url: picture, alt: 'A boat' });
    const unreached = () => Promise.reject(new Error('no network'));
    Object.assign(checks.account, { isEnabled: unreached, isVerified: unreached, signsFor: unreached });
    const { state, preflight } = await found(await plan());
    expect([state, preflight.state]).toEqual(['complete', 'warned']);
    expect(codes(preflight.warnings)).toEqual([]);
    expect(codes(preflight.unchecked).sort()).toEqual(['account', 'dkim', 'domain', 'links', 'one-click', 'sender']);
    expect(room.sent).toHaveLength(2);
  });

  test('whoever does not answer in time holds nobody up', async () => {
    const { room, plan, found, checks } = await aFlight();
    const never = () => new Promise<never>(() => {});
    Object.assign(checks.web, { look: never, oneClick: never });
    Object.assign(checks.account, { quota: never, isVerified: never, signsFor: never });
    outside = { outOfTime: Promise.resolve() };
    const { state, preflight } = await found(await plan());
    expect(state).toBe('complete');
    expect(codes(preflight.unchecked).sort()).toEqual(['account', 'domain', 'links', 'one-click', 'sender']);
    expect(room.sent).toHaveLength(2);
  });
});

describe('the sender’s domain', () => {
  const SPF = 'v=spf1 include:amazonses.com ~all';
  const DMARC = 'v=DMARC1; p=none';
  const worlds: [string, Readonly<Record<string, readonly string[]>>, string[]][] = [
    ['all in line', { 'bounces.mail.example.org': [SPF], '_dmarc.mail.example.org': ['other', DMARC] }, []],
    ['DMARC of the organisation', { 'bounces.mail.example.org': [SPF], '_dmarc.example.org': [DMARC] }, []],
    ['two SPF records', { 'bounces.mail.example.org': [SPF, SPF], '_dmarc.example.org': [DMARC] }, ['spf']],
    ['SPF without SES', { 'bounces.mail.example.org': ['v=spf1 -all'], '_dmarc.example.org': [DMARC] }, ['spf']],
    ['strict', { 'bounces.mail.example.org': [SPF], '_dmarc.example.org': [`${DMARC}; aspf=s`] }, ['dmarc']],
    ['nothing', {}, ['dmarc', 'spf']],
  ];

  test('that the DNS says is none is warned of, not passed over', async () => {
    outside = { domain: 'missing' };
    const { warnings = [], unchecked } = await domainFindings(someChecks(() => outside).checks, 'mail.example.org');
    expect([codes(warnings), unchecked]).toEqual([['domain'], []]);
  });

  test.each(worlds)('%s', async (_, texts, expected) => {
    outside = { texts };
    const { warnings = [] } = await domainFindings(someChecks(() => outside).checks, 'mail.example.org');
    expect(codes(warnings).sort()).toEqual(expected);
  });
});
