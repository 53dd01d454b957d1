import type { Newsletters } from '../../../functions/digest/asking/newsletters.ts';
import { dynamoTestMails } from '../../../functions/digest/asking/testMails.dynamo.ts';
import { dynamoClickSheets } from '../../../functions/digest/clicking/sheets.dynamo.ts';
import { bucketPieces } from '../../../functions/digest/composing/pieces.s3.ts';
import type { Press } from '../../../functions/digest/composing/press.ts';
import type { EditionDoorbell, PageDoorbell } from '../../../functions/digest/doorbells.ts';
import { dynamoLedger } from '../../../functions/digest/ledger/ledger.dynamo.ts';
import { lookAtEdition } from '../../../functions/digest/planning/look.ts';
import type { Planning } from '../../../functions/digest/planning/ports.ts';
import { sweepEditions } from '../../../functions/digest/planning/sweep.ts';
import type { Checks } from '../../../functions/digest/preflight/ports.ts';
import type { Sending } from '../../../functions/digest/sending/ports.ts';
import { sendPage } from '../../../functions/digest/sending/send.ts';
import { piecesAsTheyAreNow } from '../../../functions/digest/sending/since.ts';
import type { Mailer, OutgoingMail, SendResult } from '../../../functions/mail/mailer.ts';
import { freshSpace } from '../../../functions/mail/space.ts';
import type { Newsroom } from '../../../functions/shared/config.ts';
import { addMs } from '../../../functions/shared/time.ts';
import { dynamoGrowth } from '../../../functions/subscribers/counting/growth.dynamo.ts';
import { newSubscriber, type Subscriber } from '../../../functions/subscribers/subscriber.ts';
import { dynamoSubscribers } from '../../../functions/subscribers/subscribers.dynamo.ts';
import { memoryBucket } from '../../support/memoryBucket.ts';
import { memoryTable } from '../../support/memoryTable.ts';
import { aNewsroom, aPress } from './aPress.ts';
import { aWire } from './aWire.ts';

/** Somebody who sends: notes what was accepted, and does as `answer` says. */
const aMailer = (answer: (mail: OutgoingMail) => SendResult | Promise<SendResult> = accepted) => {
  const sent: OutgoingMail[] = [];
  const mailer: Pick<Mailer, 'send'> = {
    async send(mail) {
      const result = await answer(mail);
      if (result.is === 'sent') sent.push(mail);
      return result;
    },
  };
  return { sent, mailer };
};

let mails = 0;
export const accepted = (): SendResult => ({ is: 'sent', messageId: `mail-${++mails}` });

/**
 * The whole room in memory, as one machine that never fails: the table, the wire, the readers, and queues that are
 * worked off when a test says so.
 */
export const theRoom = ({
  newsroom = aNewsroom(),
  answer = accepted,
  press = aPress(newsroom),
  checks,
}: RoomOptions = {}) => {
  let clock = '2026-05-04T07:30:00.000Z';
  let made = 0;
  const table = memoryTable();
  const ledger = dynamoLedger(table);
  const wire = aWire();
  const readersTable = memoryTable();
  const subscribers = dynamoSubscribers({
    table: readersTable,
    addressKeys: async () => LINK_KEYS,
    newId: () => String(++made),
  });
  const shelf = bucketPieces(memoryBucket());
  const queue: Message[] = [];
  const now = () => clock;
  const editionsBell = { ring: async (...rung: EditionDoorbell[]) => void queue.push(...rung) };
  const pagesBell = { ring: async (...rung: PageDoorbell[]) => void queue.push(...rung) };
  const { sent, mailer } = aMailer(answer);
  const planning: Planning = {
    ...{ ledger, wire, subscribers, press, shelf, editionsBell, pagesBell, now },
    ...(checks && { checks }),
    linkKeys: LINK_KEYS,
    sliceMs: 60_000,
  };
  const sending: Sending = {
    ...{ ledger, subscribers, mailer, editionsBell, pagesBell, now },
    piecesOf: piecesAsTheyAreNow({ shelf, wire, press, linkKeys: LINK_KEYS }),
    speed: atOnce,
    // Mails are looked at long after their page is done.
    spaces: { use: (work) => work(freshSpace) },
    linkKeys: LINK_KEYS,
    siteUrl: press.siteUrl,
    newClaim: () => `claim-${++made}`,
  };
  const newsletters: Newsletters = {
    piecesOf: (edition) => piecesAsTheyAreNow({ shelf, wire, press })(edition),
    ...{ ledger, wire, press, editionsBell, shelf, subscribers, mailer, now },
    tests: dynamoTestMails(table),
    growth: dynamoGrowth(readersTable),
    clicks: dynamoClickSheets(table),
    articles: wire,
    siteUrl: press.siteUrl,
    keys: memoryTable(),
    newSuffix: () => `s${++made}`,
  };
  const step = async (): Promise<boolean> => {
    const message = queue.shift();
    if (!message) return false;
    if ('page' in message) await sendPage(sending, message);
    else await lookAtEdition(planning, message);
    return true;
  };
  return {
    ...{ table, readersTable, ledger, wire, subscribers, planning, sending, newsletters, queue, sent, now },
    turnTo(moment: string) {
      clock = moment;
    },
    later(ms: number) {
      clock = addMs(clock, ms);
    },
    sweep: () => sweepEditions({ ...planning, press: { newsroom } }),
    /** Works off the queues, one message after the other. */
    async work(most = 10_000) {
      for (let steps = 0; steps < most; steps++) if (!(await step())) return;
      if (most === 10_000) throw new Error('The queues do not run empty.');
    },
    async join(...readers: Subscriber[]) {
      for (const reader of readers) {
        await subscribers.save(newSubscriber(reader.id, reader.address, reader.createdAt), reader);
      }
    },
    async change(id: string, think: (reader: Subscriber) => Subscriber) {
      const before = await subscribers.byId(id);
      if (!before || (await subscribers.save(before, think(before))) === 'conflict') throw new Error('Not changed.');
    },
  };
};

interface RoomOptions {
  readonly newsroom?: Newsroom;
  readonly press?: Press;
  /** What is looked at before an edition goes out; without it, nothing is. */
  readonly checks?: Checks;
  readonly answer?: (mail: OutgoingMail) => SendResult | Promise<SendResult>;
}

type Message = EditionDoorbell | PageDoorbell;

const secret = Buffer.alloc(32, 7);
export const LINK_KEYS = { current: { id: '0001', secret }, byId: new Map([['0001', secret]]) };

/** No rate, no waiting. */
export const atOnce: Sending['speed'] = {
  enter: async () => 1000,
  leave: () => {},
  turn: async () => 'now',
  heard: () => {},
  clockMs: () => 0,
};
