import { SendRawEmailCommand } from '@aws-sdk/client-ses';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { encodePart, mimeOf } from '../../functions/mail/mime.ts';
import { aMail } from '../mail/aMail.ts';
import { openSes, type SesUnderTest } from '../support/localSes.ts';

const open: SesUnderTest[] = [];
const start = async (over: Parameters<typeof openSes>[0] = {}): Promise<SesUnderTest> => {
  const one = await openSes({ now: () => '2026-05-01T08:00:00.000Z', ...over });
  open.push(one);
  return one;
};

afterEach(async () => {
  // The last one first: several may have followed one another over the same directory.
  for (const one of open.splice(0).reverse()) await one.stopForGood();
});

/** The parts of SES's event records that everybody relies on, as its documentation gives them. */
const event = z.looseObject({
  eventType: z.string(),
  mail: z.looseObject({
    timestamp: z.iso.datetime(),
    source: z.string(),
    messageId: z.string(),
    destination: z.array(z.string()),
    headersTruncated: z.boolean(),
    headers: z.array(z.strictObject({ name: z.string(), value: z.string() })),
    commonHeaders: z.looseObject({ from: z.array(z.string()), to: z.array(z.string()), subject: z.string() }),
    tags: z.record(z.string(), z.array(z.string())),
  }),
});

const sendTo = async (house: SesUnderTest, to: string, raw = mimeOf(aMail()), set: string | undefined = 'courant') =>
  (
    await house.client.send(
      new SendRawEmailCommand({
        Source: 'news@confluence.example',
        Destinations: [to],
        RawMessage: { Data: raw },
        ConfigurationSetName: set,
        Tags: [
          { Name: 'edition', Value: 'city-news-weekly-2026-05-04' },
          { Name: 'delivery', Value: '3-17' },
          { Name: 'ses:feedback-id-a', Value: 'city-news' },
        ],
      }),
    )
  ).MessageId;

const eventsAfter = async (house: SesUnderTest, count: number) => {
  await vi.waitFor(() => expect(house.events.length).toBeGreaterThanOrEqual(count), { timeout: 20_000 });
  return house.events.map((json) => event.parse(JSON.parse(json)));
};

describe('what SES tells of a mail', () => {
  it('names the mail, and our tags as lists', async () => {
    const house = await start();
    const messageId = await sendTo(house, 'reader@example.org');
    const [sent] = await eventsAfter(house, 2);
    expect(sent?.mail).toMatchObject({
      messageId,
      timestamp: '2026-05-01T08:00:00.000Z',
      source: 'news@confluence.example',
      destination: ['reader@example.org'],
      commonHeaders: { subject: 'Five towns share one ferry timetable', to: ['reader@example.org'] },
      tags: {
        'ses:configuration-set': ['courant'],
        edition: ['city-news-weekly-2026-05-04'],
        delivery: ['3-17'],
        'ses:feedback-id-a': ['city-news'],
      },
    });
    expect(sent?.mail.headers).toContainEqual({ name: 'To', value: 'reader@example.org' });
  });

  it.each<[string, string[]]>([
    ['reader@example.org', ['Send', 'Delivery']],
    ['success@simulator.amazonses.com', ['Send', 'Delivery']],
    ['bounce@simulator.amazonses.com', ['Send', 'Bounce']],
    ['Bounce+label@simulator.amazonses.com', ['Send', 'Bounce']],
    ['suppressionlist@simulator.amazonses.com', ['Send', 'Bounce']],
    ['ooto@simulator.amazonses.com', ['Send', 'Delivery', 'Bounce']],
    ['complaint@simulator.amazonses.com', ['Send', 'Delivery', 'Complaint']],
    ['bounce@elsewhere.example', ['Send', 'Delivery']],
  ])('%s: %j', async (to, types) => {
    const house = await start();
    await sendTo(house, to);
    expect((await eventsAfter(house, types.length)).map((one) => one.eventType)).toEqual(types);
  });

  it.each<[string, object]>([
    ['bounce', { bounceType: 'Permanent', bounceSubType: 'General' }],
    ['suppressionlist', { bounceType: 'Permanent', bounceSubType: 'Suppressed' }],
    ['ooto', { bounceType: 'Transient', bounceSubType: 'General' }],
  ])('the bounce of %s@ says of what kind it is, and who', async (name, kind) => {
    const house = await start();
    const to = `${name}@simulator.amazonses.com`;
    await sendTo(house, to);
    const all = await eventsAfter(house, name === 'ooto' ? 3 : 2);
    expect(all.at(-1)).toMatchObject({ bounce: { ...kind, bouncedRecipients: [{ emailAddress: to }] } });
  });

  it('a complaint says who complained', async () => {
    const house = await start();
    await sendTo(house, 'complaint@simulator.amazonses.com');
    expect((await eventsAfter(house, 3)).at(-1)).toMatchObject({
      eventType: 'Complaint',
      complaint: {
        complainedRecipients: [{ emailAddress: 'complaint@simulator.amazonses.com' }],
        complaintFeedbackType: 'abuse',
      },
    });
  });

  it('malware is taken and rejected', async () => {
    const house = await start();
    const text = [encodePart('$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*\n')];
    await sendTo(house, 'reader@example.org', mimeOf(aMail({ text })));
    const all = await eventsAfter(house, 1);
    expect(all).toMatchObject([{ eventType: 'Reject', reject: { reason: 'Bad content' } }]);
  });

  it('is nothing where no configuration set publishes it', async () => {
    const house = await start();
    await house.client.send(
      new SendRawEmailCommand({
        Source: 'news@confluence.example',
        Destinations: ['bounce@simulator.amazonses.com'],
        RawMessage: { Data: mimeOf(aMail()) },
      }),
    );
    await sendTo(house, 'reader@example.org');
    expect((await eventsAfter(house, 2)).map((one) => one.mail.destination[0])).toEqual(
      Array(2).fill('reader@example.org'),
    );
  });
});

describe('the telling', () => {
  it('tries again until it is heard', async () => {
    const heard: string[] = [];
    let deaf = 3;
    const house = await start({
      publish: async (json) => {
        if (deaf-- > 0) throw new Error('nobody listens');
        heard.push(json);
      },
    });
    await sendTo(house, 'reader@example.org');
    await vi.waitFor(() => expect(heard.length).toBeGreaterThanOrEqual(2), { timeout: 20_000 });
    expect(heard.map((json) => event.parse(JSON.parse(json)).eventType).slice(-2)).toEqual(['Send', 'Delivery']);
  });

  it('goes on after a restart with what nobody had heard, in the very same words', async () => {
    const house = await start({ publish: () => Promise.reject(new Error('nobody listens')) });
    const ids = [await sendTo(house, 'a@example.org'), await sendTo(house, 'complaint@simulator.amazonses.com')];
    await house.stop();
    const again = await start({ directory: house.directory });
    const told = await eventsAfter(again, 5);
    expect(new Set(told.map((one) => one.mail.messageId))).toEqual(new Set(ids));
    await again.stop();
    const third = await start({ directory: house.directory });
    await eventsAfter(third, 5);
    expect([...third.events].sort()).toEqual([...again.events].sort());
  });

  it('misses none of many', async () => {
    const house = await start({ quota: { perSecond: 10_000, perDay: 10_000 } });
    const ids = await Promise.all(Array.from({ length: 150 }, (_, i) => sendTo(house, `reader${i}@example.org`)));
    const told = await eventsAfter(house, 300);
    expect(new Set(told.map((one) => one.mail.messageId))).toEqual(new Set(ids));
    expect(house.events.length).toBe(300);
  });
});
