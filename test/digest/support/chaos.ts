import { bucketPieces } from '../../../functions/digest/composing/pieces.s3.ts';
import type { EditionDoorbell, PageDoorbell } from '../../../functions/digest/doorbells.ts';
import { editionSchema } from '../../../functions/digest/ledger/edition.ts';
import { dynamoLedger } from '../../../functions/digest/ledger/ledger.dynamo.ts';
import { countsOf, pageSchema } from '../../../functions/digest/ledger/page.ts';
import { lookAtEdition } from '../../../functions/digest/planning/look.ts';
import { sweepEditions } from '../../../functions/digest/planning/sweep.ts';
import { PAGE_BYTES, sendPage } from '../../../functions/digest/sending/send.ts';
import { piecesAsTheyAreNow } from '../../../functions/digest/sending/since.ts';
import type { OutgoingMail, SendResult } from '../../../functions/mail/mailer.ts';
import { mailSpaces } from '../../../functions/mail/space.ts';
import type { Item, Table } from '../../../functions/shared/storage/table.ts';
import { addMs, MINUTE_MS } from '../../../functions/shared/time.ts';
import { memoryBucket } from '../../support/memoryBucket.ts';
import { memoryTable } from '../../support/memoryTable.ts';
import { aNewsroom, aPress } from './aPress.ts';
import { aSubscriber } from './aSubscriber.ts';
import { aWire } from './aWire.ts';
import { aStage, type Fate, type Process, staged } from './stage.ts';
import { settleByEvent } from './tell.ts';
import { atOnce, LINK_KEYS } from './theRoom.ts';

export interface Weather {
  /** Between 0 and 1, the same row for the same seed. */
  readonly random: () => number;
  /** What befalls the next operation of a table, the bucket, the wire or a queue. */
  readonly fateOf: (name: string) => Fate;
  /** What SES does with a mail, if anything but taking it and saying so. */
  readonly sesDoes: (mail: OutgoingMail) => SesDeed;
  /** How often a message is put into a queue: 0 is lost, 2 doubled. */
  readonly copies: () => number;
  /** Deliveries of one claim. */
  readonly claimSize: number;
  /** So many readers leave on the way. */
  readonly leavers: number;
}

export type SesDeed = 'takes' | 'takes-and-is-silent' | 'takes-and-we-die' | 'throttles' | 'is-not-there' | 'refuses';

type Message = EditionDoorbell | PageDoorbell;
type Job = Message | 'sweep';

/** Sixty readers, one weekly slot, two workers of each kind, and whatever the weather brings. */
export const chaos = async (weather: Weather) => {
  let clock = '2026-05-04T07:30:00.000Z';
  let fair = false;
  let ids = 0;
  const now = () => clock;
  const stage = aStage((name) => {
    const fate = fair ? 'well' : weather.fateOf(name);
    // The mail client asks once and never again.
    return name === 'ses' && fate === 'repeat' ? 'well' : fate;
  });
  const written = new Map<string, Item>();
  const ledgerTable = tapped(memoryTable(), written);
  const bucket = memoryBucket();
  const press = aPress(weeklyOnly());
  const spaces = mailSpaces(PAGE_BYTES);
  const wire = aWire();
  const queue: Message[] = [];
  const running = new Set<Promise<void>>();
  /** What SES has taken, by address, with its message id. */
  const taken: { mail: OutgoingMail; messageId: string }[] = [];

  const readers = Array.from({ length: 60 }, (_, i) =>
    aSubscriber(`reader${i}`, { topics: i % 7 === 0 ? ['culture'] : [] }),
  ).sort((x, y) => (x.id < y.id ? -1 : 1));
  const interested = readers.filter((reader) => reader.subscriptions[0]?.topics.length === 0);
  /** These leave at some moment, perhaps while they are being planned for; the others must get their mail. */
  const leavers = interested.filter((_, i) => i % 9 === 4).slice(0, weather.leavers);
  const due = interested.filter((one) => !leavers.includes(one)).map(({ address }) => address);
  const leave = (): void => {
    const leaver = leavers.find((one) => readers.includes(one));
    if (leaver) readers.splice(readers.indexOf(leaver), 1);
  };
  wire.publish({ topics: ['mobility'] });
  wire.publish({ topics: ['climate'] });

  const ses = async (process: Process, mail: OutgoingMail): Promise<SendResult> => {
    const deed = fair ? 'takes' : weather.sesDoes(mail);
    if (deed === 'throttles') return { is: 'throttled' };
    if (deed === 'is-not-there') return { is: 'not-reached', code: 'ECONNREFUSED' };
    if (deed === 'refuses') return { is: 'refused', code: 'MessageRejected' };
    const messageId = `mail-${++ids}`;
    taken.push({ mail, messageId });
    if (deed === 'takes') return { is: 'sent', messageId };
    if (deed === 'takes-and-is-silent') return { is: 'unknown', code: 'timeout' };
    return process.die();
  };

  const portsOf = (process: Process) => {
    const ledger = dynamoLedger(staged(process, 'ledger', ledgerTable));
    const stagedWire = {
      head: () => process.act('wire.head', () => wire.head()),
      after: (seq: number, limit: number) => process.act('wire.after', () => wire.after(seq, limit)),
    };
    const ring = async (...messages: Message[]): Promise<void> => {
      await process.act('queue.ring', async () => {
        for (const message of messages) {
          for (let copies = fair ? 1 : weather.copies(); copies > 0; copies--) queue.push(message);
        }
      });
    };
    const shelf = bucketPieces({
      ...bucket,
      get: (key) => process.act('bucket.get', () => bucket.get(key)),
      put: (key, bytes, how) => process.act('bucket.put', () => bucket.put(key, bytes, how)),
    });
    return {
      ...{ ledger, wire: stagedWire, press, shelf, now },
      subscribers: {
        byIds: (wanted: readonly string[]) =>
          process.act('subscribers.byIds', async () =>
            wanted.flatMap((id) => readers.find((one) => one.id === id) ?? []),
          ),
        audience: (_: string, __: string, { after = '', limit }: { after?: string; limit: number }) =>
          process.act('subscribers.audience', async () => readers.filter(({ id }) => id > after).slice(0, limit)),
      },
      editionsBell: { ring },
      pagesBell: { ring },
      sliceMs: 60_000,
      mailer: { send: (mail: OutgoingMail) => process.act('ses', () => ses(process, mail)) },
      piecesOf: piecesAsTheyAreNow({ shelf, wire: stagedWire, press, linkKeys: LINK_KEYS }),
      speed: { ...atOnce, enter: async () => weather.claimSize / 3 },
      spaces,
      linkKeys: LINK_KEYS,
      siteUrl: 'https://news.example',
      newClaim: () => `claim-${++ids}`,
    };
  };

  const start = (job: Job): void => {
    const process = stage.enter();
    const ports = portsOf(process);
    const work = async (): Promise<void> => {
      if (job === 'sweep') await sweepEditions(ports);
      else if ('page' in job) await sendPage(ports, job);
      else await lookAtEdition(ports, job);
    };
    const ended = Promise.race([
      work().then(
        () => 'done' as const,
        () => 'failed' as const,
      ),
      process.died,
    ]).then((how) => {
      running.delete(ended);
      // What was not acknowledged comes again.
      if (how !== 'done' && job !== 'sweep') queue.push(job);
    });
    running.add(ended);
  };

  const among = (prefix: string): Item[] => [...written.values()].filter(({ pk }) => pk.startsWith(prefix));
  const readPage = readOnce((item) => pageSchema.parse(item));
  const readEdition = readOnce((item) => editionSchema.parse(item));
  const pages = () => among('PAGES#').map(readPage);
  const editions = () => among('EDITIONS#').map(readEdition);

  /** What must be true at every moment. */
  const check = (): void => {
    const twice = taken.map(({ mail }) => mail.to).filter((to, i, all) => all.indexOf(to) !== i);
    if (twice.length > 0) throw new Error(`${twice[0]} got it twice`);
    if (editions().length > 1) throw new Error('one slot, two editions');
    for (const edition of editions()) {
      if (edition.audience === null) continue;
      const { audience, ...states } = countsOf(pages(), edition.audience);
      const sum = Object.values(states).reduce((a, b) => a + b, 0);
      if (sum !== audience) throw new Error(`the audience is ${audience}, its deliveries are ${sum}`);
    }
  };

  const settleAll = async (): Promise<void> => {
    for (const { mail, messageId } of taken) {
      const { edition = '', delivery = '' } = mail.tags;
      await settleByEvent(dynamoLedger(ledgerTable), { edition, delivery, event: 'sent', messageId });
    }
  };

  /** What happens by itself, now and then: SES tells, a reader leaves, time passes. */
  const meanwhile = async (): Promise<void> => {
    const dice = weather.random();
    if (!fair && dice < 0.01) await settleAll();
    if (!fair && dice > 0.98 && dice < 0.99) leave();
    if (dice > 0.995) clock = addMs(clock, 3 * MINUTE_MS);
  };

  const takeMessage = (): void => {
    const [message] = queue.splice(Math.floor(weather.random() * queue.length), 1);
    if (message) start(message);
  };

  /** One of those who wait goes on; where nobody does, a message is taken, or a minute passes. */
  const step = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    await meanwhile();
    const someoneIsFree = running.size < 4 && (stage.waiting() === 0 || weather.random() < 0.3);
    if (queue.length > 0 && someoneIsFree) return takeMessage();
    if (stage.waiting() > 0) return stage.next((among) => Math.floor(weather.random() * among));
    clock = addMs(clock, MINUTE_MS);
    start('sweep');
    if (weather.random() < 0.3) start('sweep');
  };

  return {
    ...{ due, taken, pages, editions, settleAll, start, queue },
    isKnown: () => among('TRACK#').length > 0,
    ledger: dynamoLedger(ledgerTable),
    now,
    clearUp() {
      fair = true;
    },
    turnTo(moment: string) {
      clock = moment;
    },
    /** Goes on until `done`, or for so many steps. */
    async run(done: () => boolean, most: number) {
      for (let steps = 0; steps < most; steps++) {
        // Nothing that is wrong becomes right again, so a look now and then sees it.
        if (steps % 8 === 0) check();
        if (steps % 8 === 0 && done()) return true;
        await step();
      }
      return done();
    },
  };
};

/** An item is never changed in place, so it says for ever what it said: at most looks nothing has been written. */
const readOnce = <T>(read: (item: Item) => T): ((item: Item) => T) => {
  const known = new WeakMap<Item, T>();
  return (item) => {
    const value = known.get(item) ?? read(item);
    known.set(item, value);
    return value;
  };
};

/** Remembers the items as they stand, so that they can be looked at after every step. */
const tapped = (table: Table, written: Map<string, Item>): Table => ({
  ...table,
  async put(item, condition) {
    const outcome = await table.put(item, condition);
    if (outcome === 'written') written.set(`${item.pk} ${item.sk}`, item);
    return outcome;
  },
});

const weeklyOnly = () => {
  const newsroom = aNewsroom();
  const newsletters = newsroom.newsletters.map((one) => ({
    ...one,
    cadences: { weekly: { on: 'monday', at: '08:00' } as const },
  }));
  return { ...newsroom, newsletters };
};
