import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { errorFields, log } from '../../../functions/shared/log.ts';
import { addMs, DAY_MS, type Instant } from '../../../functions/shared/time.ts';
import { type Account, openAccount, type Quota } from './account.ts';
import { answerXml, errorXml, type Form, members, readForm, SesError } from './protocol.ts';
import { type Publisher, startPublisher } from './publisher.ts';
import { readSendRequest } from './sendRequest.ts';
import { atOf, isMessageId, type MailRecord, type MailStore, openMailStore } from './store.ts';

export interface SesSettings {
  /** Where the mails are kept. */
  readonly directory: string;
  /** Takes one event as JSON, as SES hands it to SNS. */
  readonly publish: (json: string) => Promise<void>;
  readonly now: () => Instant;
  readonly quota?: Quota;
}

export interface StoredMail {
  readonly id: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly at: Instant;
  /** The whole message as it came. */
  readonly raw: string;
}

/** An SES of our own on 127.0.0.1: it speaks the SES query protocol, keeps the mails, and tells what became of them. */
export interface LocalSes {
  readonly url: string;
  /** Newest first; `to` in any case. */
  list(how: { to?: string; limit: number }): Promise<StoredMail[]>;
  get(id: string): Promise<StoredMail | undefined>;
  /** Takes no more mails, and ends when those in hand are answered. */
  close(): Promise<void>;
}

/** An account out of the sandbox, with a rate that one function can drive. */
const USUAL_QUOTA: Quota = { perSecond: 500, perDay: 1_000_000 };
/** A mail of 10 MB in base64, with its escapes. */
const MOST_BODY_BYTES = 16 * 1024 * 1024;
/** Longer than any client keeps an idle connection, so that none is closed under a mail. */
const KEEP_ALIVE_MS = 75_000;

export const startSes = async ({ directory, publish, now, quota = USUAL_QUOTA }: SesSettings): Promise<LocalSes> => {
  const store = await openMailStore(directory);
  const account = openAccount(quota);
  await rememberLastDay(store, account, now());
  const publisher = await startPublisher({ store, directory, publish });
  const server = createServer((request, response) => {
    respond(request, response, (form) => act(form, { store, account, publisher, now })).catch(() => response.destroy());
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const url = await listen(server);
  const whole = async ({ id, destinations, subject, at }: MailRecord): Promise<StoredMail> => ({
    id,
    to: destinations,
    subject,
    at,
    raw: (await store.raw({ id })).toString('utf8'),
  });
  return {
    url,
    async list({ to, limit }) {
      const found: StoredMail[] = [];
      for await (const mail of store.newestFirst()) {
        if (found.length >= limit) break;
        if (isFor(mail, to)) found.push(await whole(mail));
      }
      return found;
    },
    async get(id) {
      if (!isMessageId(id)) return undefined;
      for await (const mail of store.newestFirst()) {
        if (mail.id === id) return whole(mail);
        // The journal is in the order of time, but for mails that were under way together.
        if (mail.at < addMs(atOf(id), -60_000)) return undefined;
      }
      return undefined;
    },
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
      await publisher.close();
      await store.close();
    },
  };
};

const isFor = (mail: MailRecord, to: string | undefined): boolean =>
  to === undefined || mail.destinations.some((address) => address.toLowerCase() === to.toLowerCase());

const rememberLastDay = async (store: MailStore, account: Account, now: Instant): Promise<void> => {
  for await (const { at, destinations } of store.newestFirst()) {
    if (at < addMs(now, -DAY_MS)) return;
    account.remember(destinations.length, at);
  }
};

interface Desk {
  readonly store: MailStore;
  readonly account: Account;
  readonly publisher: Publisher;
  readonly now: () => Instant;
}

/** One action of the SES API; answers its XML. */
const act = async (form: Form, { store, account, publisher, now }: Desk): Promise<string> => {
  const action = form.get('Action') ?? '';
  switch (action) {
    case 'SendRawEmail': {
      const mail = readSendRequest(form);
      account.take(mail.destinations.length, performance.now(), now());
      const { id } = await store.add(mail, now());
      publisher.wake();
      return answerXml(action, { MessageId: id });
    }
    case 'GetSendQuota':
      return answerXml(action, {
        Max24HourSend: Number.isFinite(account.quota.perDay) ? account.quota.perDay : -1,
        MaxSendRate: account.quota.perSecond,
        SentLast24Hours: account.sentLastDay(now()),
      });
    case 'GetAccountSendingEnabled':
      return answerXml(action, { Enabled: account.sendingEnabled });
    case 'GetIdentityVerificationAttributes':
      // Whoever runs this on a laptop sends from whatever address he likes.
      return answerXml(action, {
        VerificationAttributes: new Map(
          members(form, 'Identities').map((identity) => [identity, { VerificationStatus: 'Success' }]),
        ),
      });
    case 'UpdateAccountSendingEnabled':
      account.sendingEnabled = form.get('Enabled') === 'true';
      return answerXml(action, {});
    default:
      throw new SesError('InvalidAction', `Could not find operation ${action} for version 2010-12-01`);
  }
};

const respond = async (
  request: IncomingMessage,
  response: ServerResponse,
  answer: (form: Form) => Promise<string>,
): Promise<void> => {
  const send = (status: number, xml: string): void => {
    response.writeHead(status, { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(xml) }).end(xml);
  };
  try {
    send(200, await answer(readForm(await bodyOf(request))));
  } catch (error) {
    // Whatever happens here, the client must get SES's answer to it.
    if (!(error instanceof SesError)) log.error('ses.failed', errorFields(error));
    const known = error instanceof SesError ? error : new SesError('InternalFailure', 'Internal failure.', 500);
    send(known.status, errorXml(known));
  }
};

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) throw new SesError('RequestEntityTooLarge', 'The request is too large.', 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const listen = (server: Server): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
    });
  });
