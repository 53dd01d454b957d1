import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { movedTopics } from '../../functions/shared/config/topics.ts';
import { loadNewsroom, type Newsroom, NewsroomConfigError } from '../../functions/shared/config.ts';
import { setLogSink } from '../../functions/shared/log.ts';
import { s3Bucket, s3Client } from '../../functions/shared/storage/bucket.s3.ts';
import { dynamoClient, dynamoTable } from '../../functions/shared/storage/table.dynamo.ts';
import { now } from '../../functions/shared/time.ts';
import { buildTemplates } from '../templates.ts';
import { buckets, CONFIGURATION_SET, tables, variableOf } from '../topology.ts';
import { openClock, restoreClock } from './dev/clock.ts';
import { newsroomKeys, registerKeys } from './dev/key.ts';
import { devRoutes } from './dev/routes.ts';
import { loadSamples } from './dev/samples.ts';
import { startEmulator } from './emulators/host.ts';
import { pointSdkAt } from './environment.ts';
import { watchInbox } from './inboxFolder.ts';
import { localName, makeBuckets, makeEventTopic, makeQueues, makeTables } from './resources.ts';
import { startSes } from './ses/ses.ts';
import { type Settings, StartTrouble } from './settings.ts';
import { loadHandlers } from './triggers/handlers.ts';
import { startTriggers } from './triggers/triggers.ts';
import { httpApi } from './web/api.ts';
import { cdn } from './web/cdn.ts';
import { openServer } from './web/server.ts';

export interface Run {
  stop(): Promise<void>;
}

/** Starts emulators, functions and their triggers over `settings.dataDirectory`, and tells where everything is. */
export const startCourant = async (settings: Settings, say: (line: string) => void): Promise<Run> => {
  const newsroom = await readNewsroom();
  const server = await openServer(settings.port);
  const file = (name: string): string => join(settings.dataDirectory, name);
  logTo(file('courant.log'));
  restoreClock(file('clock.json'));
  await buildTemplates(file('templates'));

  const stores = await startStores(file);
  const siteUrl = `http://localhost:${settings.port}`;
  setEnvironment({ SITE_URL: siteUrl, TEMPLATES_DIR: file('templates'), FETCH_ALLOW: OWN_MACHINE }, stores);
  const keys = newsroomKeys(file('newsroom-key'), settings.newsroomKeys);
  const [{ key }] = keys;
  await registerKeys(dynamoTable(dynamoClient(), localName('keys')), keys);

  const handlers = await loadHandlers();
  const triggers = startTriggers(handlers, stores.sqs, stores.queueUrls);
  const clock = openClock(file('clock.json'), newsroom, triggers);
  const dev = devRoutes({ clock, mails: stores.ses });
  const site = cdn(httpApi(handlers), movedTopics(newsroom));
  server.serve((request) => (request.path.startsWith('/dev/') ? dev(request) : site(request)));

  const inbox = await watchInbox({
    directory: settings.dataDirectory,
    bucket: s3Bucket(s3Client(), localName('private')),
    take: () => triggers.run('inbox'),
  });

  // Queues are empty after a start: everybody looks at his cursor once.
  await triggers.tick();
  const samples = settings.withSamples
    ? await loadSamples({
        directory: new URL('./samples/', import.meta.url),
        progressFile: file('samples.json'),
        siteUrl,
        newsroomKey: key,
        newsroom,
      })
    : 0;
  greet({ say, siteUrl, key, newsroom, samples, dataDirectory: settings.dataDirectory });
  return {
    async stop() {
      await server.close();
      await inbox.stop();
      await triggers.stop();
      await stores.stop();
    },
  };
};

/** Sources may be served here, on any port: no other function of the house is reached that way that is not public. */
const OWN_MACHINE = '127.0.0.1,::1,localhost';

const readNewsroom = async (): Promise<Newsroom> => {
  try {
    return await loadNewsroom();
  } catch (error) {
    if (error instanceof NewsroomConfigError) throw error;
    // The file itself cannot be read as TypeScript.
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    throw new StartTrouble(`newsroom.config.ts cannot be read: ${why}`);
  }
};

const logTo = (path: string): void => {
  setLogSink((line) => {
    appendFileSync(path, `${now()} ${line}\n`);
    if (line.startsWith('{"level":"error"')) process.stderr.write(`${line}\n`);
  });
};

interface Stores {
  readonly sqs: SQSClient;
  readonly queueUrls: Record<string, string>;
  readonly topicArn: string;
  readonly ses: Awaited<ReturnType<typeof startSes>>;
  stop(): Promise<void>;
}

const startStores = async (file: (name: string) => string): Promise<Stores> => {
  const dynamodb = await startEmulator(new URL('./emulators/dynamodb.worker.ts', import.meta.url), {
    directory: file('tables'),
  }).catch((error: Error) => {
    if (!/lock/i.test(error.message)) throw error;
    throw new StartTrouble(`DATA_DIR is in use by another run of Courant: ${file('')}`);
  });
  const aws = await startEmulator(new URL('./emulators/aws.worker.ts', import.meta.url), {
    directory: file('objects'),
    clockFile: file('clock.json'),
  });
  pointSdkAt({ DYNAMODB: dynamodb.url, S3: aws.url, SQS: aws.url, SNS: aws.url });
  // For long polls: a client that gives up before the queue does would take its message along.
  const sqs = new SQSClient({
    useQueueUrlAsEndpoint: false,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 60_000 },
  });
  const sns = new SNSClient({});
  await makeTables(dynamoClient());
  await makeBuckets(s3Client());
  const makeMessaging = async () => {
    const queueUrls = await makeQueues(sqs);
    return { queueUrls, topicArn: await makeEventTopic(sns, sqs, queueUrls['feedback'] ?? '') };
  };
  const { queueUrls, topicArn } = await makeMessaging();
  const publish = async (Message: string): Promise<void> => {
    await sns.send(new PublishCommand({ TopicArn: topicArn, Message }));
  };
  const ses = await startSes({ directory: file('mails'), publish, now });
  pointSdkAt({ SES: ses.url });
  return {
    sqs,
    queueUrls,
    topicArn,
    ses,
    async stop() {
      await ses.close();
      await Promise.all([dynamodb.stop(), aws.stop()]);
    },
  };
};

const setEnvironment = (own: Record<string, string>, stores: Stores): void => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  Object.assign(process.env, own, {
    COURANT_VERSION: version,
    SES_CONFIGURATION_SET: CONFIGURATION_SET,
    SES_TOPIC_ARN: stores.topicArn,
  });
  for (const name of Object.keys(tables)) process.env[variableOf('TABLE', name)] = localName(name);
  for (const name of Object.keys(buckets)) process.env[variableOf('BUCKET', name)] = localName(name);
  for (const [name, url] of Object.entries(stores.queueUrls)) process.env[variableOf('QUEUE', name)] = url;
};

interface Greeting {
  readonly say: (line: string) => void;
  readonly siteUrl: string;
  readonly key: string;
  readonly newsroom: Newsroom;
  readonly samples: number;
  readonly dataDirectory: string;
}

const greet = ({ say, siteUrl, key, newsroom, samples, dataDirectory }: Greeting): void => {
  const first = newsroom.languages[0]?.id ?? 'en';
  if (samples > 0) say(`Loaded ${samples} sample articles.`);
  say(`
${newsroom.name} is on ${siteUrl}

  Front page     ${siteUrl}/${first}
  Feeds          ${siteUrl}/${first}/feeds
  Sign up        ${siteUrl}/subscribe
  Inbox          ${siteUrl}/dev/inbox
  Clock          ${siteUrl}/dev/clock
  API            ${siteUrl}/docs
  Newsroom key   ${key}
  Inbox folder   ${join(dataDirectory, 'inbox')} (lay .md, .html, .json or .zip files into it)

Data and log are in ${dataDirectory}. Ctrl-C stops everything.
`);
};
