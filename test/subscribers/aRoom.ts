import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { z } from 'zod';
import type { OutgoingMail, SendResult } from '../../functions/mail/mailer.ts';
import { httpHandler } from '../../functions/shared/http/door.ts';
import { newsroomGatekeeper, newsroomKeyItem } from '../../functions/shared/http/newsroomKey.ts';
import { dynamoJobs } from '../../functions/shared/job/jobs.dynamo.ts';
import { jobRoutes } from '../../functions/shared/job/jobs.routes.ts';
import { runJob } from '../../functions/shared/job/runJob.ts';
import type { House } from '../../functions/shared/page/house.ts';
import { openTemplates } from '../../functions/shared/page/templates.ts';
import type { Table } from '../../functions/shared/storage/table.ts';
import { addMs } from '../../functions/shared/time.ts';
import { readTokenKeys } from '../../functions/shared/tokenKeys.ts';
import { type Confirming, sendConfirmations } from '../../functions/subscribers/confirming/sendConfirmation.ts';
import { ringForDue } from '../../functions/subscribers/confirming/sweep.ts';
import { countEvents } from '../../functions/subscribers/counting/count.ts';
import { dynamoGrowth } from '../../functions/subscribers/counting/growth.dynamo.ts';
import type { NewsroomPorts, SignupPorts } from '../../functions/subscribers/door.ts';
import { EXPORT, exportKind } from '../../functions/subscribers/exporting/exportJob.ts';
import { IMPORT, importKind } from '../../functions/subscribers/importing/importJob.ts';
import { dynamoNetworkLimit } from '../../functions/subscribers/joining/networkLimit.dynamo.ts';
import { linksOf } from '../../functions/subscribers/links.ts';
import { dynamoDirectory } from '../../functions/subscribers/listing/directory.dynamo.ts';
import { newsroomRoutes } from '../../functions/subscribers/newsroom.routes.ts';
import { errorPage } from '../../functions/subscribers/pages.ts';
import type { ConfirmationDoorbell } from '../../functions/subscribers/ports.ts';
import { signupRoutes } from '../../functions/subscribers/signup.routes.ts';
import { dynamoSubscribers } from '../../functions/subscribers/subscribers.dynamo.ts';
import { subscriberRoutes } from '../../functions/subscribers/subscribers.routes.ts';
import { buildTemplates } from '../../infra/templates.ts';
import { memoryDoorbell } from '../support/memoryDoorbell.ts';
import { memoryJobFiles } from '../support/memoryJobFiles.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { aNewsroom } from './aNewsroom.ts';
import { START } from './aSubscriber.ts';

const SITE_URL = 'https://delta.example';
const KEY = 'a-newsroom-key-for-tests-0123456789';

/** The templates as they are delivered, built once for a test file. */
export const openHouseForTests = async (): Promise<House & { close(): Promise<void> }> => {
  const directory = await mkdtemp(join(tmpdir(), 'courant-templates-'));
  await buildTemplates(directory);
  process.env['TEMPLATES_DIR'] = directory;
  return {
    newsroom: aNewsroom(),
    templates: await openTemplates(),
    siteUrl: SITE_URL,
    version: '1.2.3',
    close: () => rm(directory, { recursive: true, force: true }),
  };
};

let counted = 0;
/** Ids spread over all shards, never the same twice, the same in every run of one test file. */
const nextId = (): string => {
  counted += 1;
  return `${(counted % 16).toString(16)}${counted.toString(16).padStart(31, '0')}`;
};

/** The whole room with its doors, over tables in memory, a clock that a test turns, and a mailer that keeps the mails. */
export const aRoom = async (house: House, over: { table?: Table; keys?: Table; answers?: SendResult[] } = {}) => {
  let now = START;
  const keys = over.keys ?? memoryTable();
  const table = over.table ?? memoryTable();
  await keys.put(newsroomKeyItem(KEY, START));
  const bell = memoryDoorbell<ConfirmationDoorbell>();
  const welcomesBell = memoryDoorbell<ConfirmationDoorbell>();
  const sent: OutgoingMail[] = [];
  const answers = over.answers ?? [];
  const subscribers = dynamoSubscribers({
    table,
    addressKeys: () => readTokenKeys(keys, 'addresses'),
    newId: nextId,
  });
  const clock = () => now;
  const links = linksOf(() => readTokenKeys(keys, 'links'), clock);
  const jobsBell = memoryDoorbell<{ job: string }>();
  const files = memoryJobFiles(clock);
  const jobs = dynamoJobs({ table: memoryTable(), newId: nextId });
  const directory = dynamoDirectory(table);
  const growth = dynamoGrowth(table);
  const ports: SignupPorts & NewsroomPorts = {
    jobs,
    files,
    directory,
    growth,
    bellOf: () => jobsBell,
    newJobId: () => `01J${nextId().slice(0, 20)}`,
    house,
    subscribers,
    links,
    networkLimit: dynamoNetworkLimit(table),
    bell,
    keys,
    now: clock,
  };
  const confirming: Confirming = {
    house,
    subscribers,
    links,
    now: clock,
    welcomes: welcomesBell,
    newClaim: () => `claim-${nextId().slice(20)}`,
    mailer: {
      async send(mail) {
        sent.push(mail);
        return answers.shift() ?? { is: 'sent', messageId: `message-${sent.length}` };
      },
    },
  };
  const handler = httpHandler({
    routes: [...signupRoutes, ...subscriberRoutes, ...newsroomRoutes, ...jobRoutes],
    connect: () => ports,
    gatekeeper: newsroomGatekeeper,
    errorPage,
  });

  const ask = async (method: string, path: string, request: Request = {}): Promise<Answered> => {
    const [rawPath = '/', rawQueryString = ''] = path.replace(SITE_URL, '').split('?');
    const body = request.body ?? null;
    const headers: Record<string, string> = { host: 'abc.execute-api.invalid', ...request.headers };
    if (body !== null) headers['content-length'] = String(Buffer.byteLength(body));
    const { sourceIp = '127.0.0.1' } = request;
    const requestContext = { ...CONTEXT, http: { ...CONTEXT.http, method, path: rawPath, sourceIp } };
    const event = { ...EVENT, rawPath, rawQueryString, headers, body, requestContext };
    return answered(await handler(event));
  };

  /** Lets the queue's function hear every ring so far. */
  const hearBells = async (): Promise<void> => {
    for (const message of bell.rung.splice(0)) await sendConfirmations(confirming, message);
  };

  return {
    table,
    keys,
    subscribers,
    links,
    sent,
    answers,
    confirming,
    bell,
    welcomes: welcomesBell,
    ask,
    get: (path: string, headers: Record<string, string> = {}) =>
      ask('GET', path, { headers: { accept: 'text/html', ...headers } }),
    postJson: (path: string, value: unknown, request: Request = {}) =>
      ask('POST', path, {
        ...request,
        headers: { 'content-type': 'application/json', ...request.headers },
        body: JSON.stringify(value),
      }),
    postForm: (path: string, fields: readonly (readonly [string, string])[], request: Request = {}) =>
      ask('POST', path, {
        ...request,
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', ...request.headers },
        body: new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString(),
      }),
    press: (path: string) => ask('POST', path, { headers: { accept: 'text/html' } }),
    api: (path: string, method = 'GET') => ask(method, path, { headers: { authorization: `Bearer ${KEY}` } }),
    now: clock,
    wait: (ms: number) => {
      now = addMs(now, ms);
    },
    hearBells,
    files,
    growth,
    /** Lets the function of jobs hear every ring, until all of them are over. */
    async work() {
      const kinds = {
        [IMPORT]: importKind({ newsroom: house.newsroom, subscribers, files }),
        [EXPORT]: exportKind({ subscribers, directory, readers: 2 }),
      };
      const runner = {
        jobs,
        files,
        kinds,
        bell: jobsBell,
        now: clock,
        newClaim: nextId,
        workMs: 10_000,
        leaseMs: 90_000,
      };
      for (let ring = jobsBell.rung.shift(); ring; ring = jobsBell.rung.shift()) await runJob(runner, ring);
    },
    count: () => countEvents({ table, subscribers, growth, now: clock, workMs: 10_000 }),
    /** The minute's sweep, and the queue after it. */
    async sweep() {
      await ringForDue({ subscribers, bell, now: clock });
      await hearBells();
    },
    async lastMail() {
      const mail = sent.at(-1);
      if (!mail) throw new Error('No mail was sent.');
      const parsed = await simpleParser(Buffer.from(mail.raw));
      const link =
        /https:\/\/delta\.example\/(?:confirm|preferences)\/[\w.-]+(?:\/new-address)?/.exec(parsed.text ?? '')?.[0] ??
        '';
      return {
        ...mail,
        parsed,
        html: typeof parsed.html === 'string' ? parsed.html : '',
        text: parsed.text ?? '',
        link,
      };
    },
    async linkFor(purpose: 'unsubscribe' | 'preferences', address: string, newsletter = 'delta-post') {
      const subscriber = await subscribers.byAddress(address);
      if (!subscriber) throw new Error('There is no such subscriber.');
      return `/${purpose}/${await links.make({ purpose, subscriber: subscriber.id, newsletter })}`;
    },
    /** Signs up and confirms. */
    async join(email: string, wish: object = {}) {
      await this.postJson('/subscribe', { email, ...wish });
      await hearBells();
      const { link } = await this.lastMail();
      await this.press(link);
      return link;
    },
  };
};

export type Room = Awaited<ReturnType<typeof aRoom>>;

interface Request {
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly sourceIp?: string;
}

const CONTEXT = {
  accountId: '000000000000',
  apiId: 'abc',
  authentication: null,
  authorizer: {},
  domainName: 'abc.execute-api.invalid',
  domainPrefix: 'abc',
  http: { method: 'GET', path: '/', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
  requestId: 'r',
  routeKey: '$default',
  stage: '$default',
  time: '01/Jan/2026:00:00:00 +0000',
  timeEpoch: 0,
};
/** A request as the HTTP API hands it over (payload format 2.0). */
const EVENT = { version: '2.0', routeKey: '$default', isBase64Encoded: false };

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const shape = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string(),
  isBase64Encoded: z.boolean(),
});

const answered = (result: unknown): Answered => {
  const { statusCode, headers, body, isBase64Encoded } = shape.parse(result);
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  return { status: statusCode, headers: headers ?? {}, body: text };
};
