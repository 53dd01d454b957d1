import { z } from 'zod';
import { countClicks } from '../../../functions/digest/clicking/count.ts';
import { type ClickDoor, goRoutes } from '../../../functions/digest/clicking/go.routes.ts';
import { dynamoClickSheets } from '../../../functions/digest/clicking/sheets.dynamo.ts';
import { dynamoVisits } from '../../../functions/digest/clicking/visits.dynamo.ts';
import { partOf } from '../../../functions/mail/readPart.ts';
import { httpHandler } from '../../../functions/shared/http/door.ts';
import type { Templates } from '../../../functions/shared/page/templates.ts';
import { MINUTE_MS } from '../../../functions/shared/time.ts';
import { errorPage } from '../../../functions/site/pages/errorPage.ts';
import { memoryTable } from '../../support/memoryTable.ts';
import { aDoor } from './aDoor.ts';
import { aNewsroom } from './aPress.ts';
import { aSubscriber } from './aSubscriber.ts';
import { someChecks } from './someChecks.ts';
import { LINK_KEYS } from './theRoom.ts';

/** The newsroom, whose newsletter counts clicks or does not. */
const newsroomThatCounts = (clicks = true) => {
  const newsroom = aNewsroom();
  return { ...newsroom, newsletters: newsroom.newsletters.map((one) => ({ ...one, clicks })) };
};

/** As a person's browser sends them over HTTPS. */
export const BROWSER = {
  'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:141.0) Gecko/20100101 Firefox/141.0',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  accept: 'text/html,application/xhtml+xml',
};

export interface Following {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Record<string, string>;
  readonly from?: string;
}

/** An edition of a boat, a tram and a story in two languages, sent with the real templates; and the door its links lead to. */
export const aCountedEdition = async (
  templates: Templates,
  { clicks = true, ports = {} as Partial<ClickDoor>, send = true } = {},
) => {
  const newsroom = newsroomThatCounts(clicks);
  const { checks, looked } = someChecks();
  const press = { newsroom, templates, siteUrl: newsroom.siteUrl };
  const door = await aDoor({ newsroom, press, checks });
  const { room, call } = door;
  await room.join(aSubscriber('ana', { languages: ['en', 'fr'] }), aSubscriber('luc', { languages: ['fr'] }));
  const boat = room.wire.publish({ title: 'Boat', url: 'https://elsewhere.example/boat?a=1&b=2' });
  const tram = room.wire.publish({ title: 'Tram', story: 'tram' });
  const french = room.wire.publish({ title: 'Le tram', language: 'fr', story: 'tram' });
  const asked = await call('POST', '/api/v1/newsletters/city-news/editions', { cadence: 'weekly' });
  if (send) await room.work();
  const id = String(asked.json['id']);

  const visitsTable = memoryTable();
  const visits = dynamoVisits(visitsTable);
  const sheets = dynamoClickSheets(room.table);
  const house = { ...press, version: '1.2.3' };
  const keysFor = async () => LINK_KEYS;
  const own: ClickDoor = { house, articles: room.wire, keysFor, visits, now: room.now, ...ports };
  const handler = httpHandler({ routes: goRoutes, connect: () => own, errorPage });

  const follow = async (link: string, { method = 'GET', headers = BROWSER, from = '192.0.2.7' }: Following = {}) => {
    const { pathname, searchParams } = new URL(link);
    const answer = await handler({
      version: '2.0',
      routeKey: '$default',
      rawPath: pathname,
      rawQueryString: searchParams.toString(),
      headers: { ...headers, 'cloudfront-viewer-address': `${from}:4711` },
      isBase64Encoded: false,
      body: null,
      requestContext: {
        accountId: '0',
        apiId: 'a',
        authentication: null,
        authorizer: {},
        domainName: 'a.invalid',
        domainPrefix: 'a',
        http: { method, path: pathname, protocol: 'HTTP/1.1', sourceIp: '10.0.0.1', userAgent: 'cdn' },
        requestId: 'r',
        routeKey: '$default',
        stage: '$default',
        time: '',
        timeEpoch: 0,
      },
    });
    return answered.parse(answer);
  };
  const mailTo = (name: string) => {
    const mail = room.sent.find(({ to }) => to.startsWith(name));
    const raw = Buffer.from(mail?.raw ?? '');
    return { html: partOf(raw, 'text/html'), text: partOf(raw, 'text/plain') };
  };
  return {
    ...door,
    ...{ id, boat, tram, french, looked, visitsTable, follow, mailTo },
    /** Links of a mail that lead over us, in order, each once. */
    links: (name = 'ana') => goLinks(mailTo(name).html),
    /** Time passes until everything is counted. */
    async count(): Promise<void> {
      room.later(12 * MINUTE_MS);
      await countClicks({ visits, sheets, ledger: room.ledger, now: room.now, workMs: MINUTE_MS });
    },
    statistics: async () => (await call('GET', `/api/v1/editions/${id}`)).json['statistics'],
  };
};

export const goLinks = (html: string): string[] => [
  ...new Set([...html.matchAll(/href="([^"]*\/go\/[^"]*)"/g)].map(([, href = '']) => href)),
];

const answered = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
});
