import { beforeAll, describe, expect, test } from 'vitest';
import { askForEdition } from '../../functions/digest/asking/newsletters.ts';
import { countEdition } from '../../functions/digest/ledger/standing.ts';
import { lookAtEdition } from '../../functions/digest/planning/look.ts';
import { sendPage } from '../../functions/digest/sending/send.ts';
import type { SendResult } from '../../functions/mail/mailer.ts';
import { dynamoRegister } from '../../functions/mail/register.dynamo.ts';
import { MOST_AT_ONCE, openSpeed } from '../../functions/mail/speed.ts';
import { setLogSink } from '../../functions/shared/log.ts';
import { aTurnedClock, mostInASecond } from '../mail/aTurnedClock.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { aNewsroom } from './support/aPress.ts';
import { aSubscriber } from './support/aSubscriber.ts';
import { accepted, theRoom } from './support/theRoom.ts';

beforeAll(() => setLogSink(() => {}));

/** What a request to the table and a call to SES take, on a clock that only they move. */
const TABLE_MS = 10;
const SES_MS = 60;
/** The second process has its share after four seconds. */
const WARM_UP_MS = 5000;

/** An edition whose pages are worked off by processes that share an account, each with as many pages in hand as on AWS. */
const anEdition = async (perSecond: number, readers: number) => {
  const newsroom = aNewsroom();
  const newsletters = newsroom.newsletters.map((one) => ({ ...one, firstShare: { ...one.firstShare, share: 0 } }));
  const room = theRoom({ newsroom: { ...newsroom, newsletters } });
  await room.join(...Array.from({ length: readers }, (_, i) => aSubscriber(`reader${i}`)));
  room.wire.publish();
  const [newsletter] = newsletters;
  const edition = newsletter && (await askForEdition(room.newsletters, newsletter, 'weekly'));
  if (!edition) throw new Error('There was nothing new.');
  await room.work(1);

  const clock = aTurnedClock();
  const register = dynamoRegister(memoryTable());
  const called: number[] = [];
  const { ledger, subscribers } = room.sending;
  const slowly =
    <Asked extends unknown[], Answer>(ask: (...asked: Asked) => Promise<Answer>) =>
    async (...asked: Asked): Promise<Answer> => {
      await clock.sleep(TABLE_MS);
      return ask(...asked);
    };
  const mailer = {
    quota: async () => ({ perSecond, perDay: Number.POSITIVE_INFINITY, sentLastDay: 0 }),
    send: async (): Promise<SendResult> => {
      called.push(clock.clockMs());
      await clock.sleep(SES_MS);
      return accepted();
    },
  };
  const startProcess = (id: string): void => {
    const sending = {
      ...room.sending,
      ledger: {
        ...ledger,
        edition: slowly(ledger.edition),
        page: slowly(ledger.page),
        savePage: slowly(ledger.savePage),
      },
      subscribers: { byIds: slowly(subscribers.byIds) },
      speed: openSpeed({ mailer, register, kind: 'editions', id, keepsFree: () => 0, ...clock }),
      mailer,
    };
    const worker = async (): Promise<void> => {
      for (;;) {
        const bell = room.queue.shift();
        if (!bell) await clock.sleep(TABLE_MS);
        else if ('page' in bell) await sendPage(sending, bell);
        else await lookAtEdition(room.planning, bell);
      }
    };
    for (let i = 0; i < MOST_AT_ONCE; i++) void worker();
  };
  const counts = async () => {
    const there = await ledger.edition(edition.id);
    if (!there) throw new Error('There is no edition.');
    return countEdition(ledger, there);
  };
  return { clock, called, startProcess, counts };
};

describe('two processes that send the pages of an edition', () => {
  test.each([
    [14, 30],
    [500, 4],
  ])(
    'at %i a second never call more often in any second, and use 95 % of it',
    async (perSecond, seconds) => {
      const readers = perSecond * (WARM_UP_MS / 1000 + seconds + 1);
      const edition = await anEdition(perSecond, readers);
      for (const id of ['one', 'other']) edition.startProcess(id);
      const from = edition.clock.clockMs() + WARM_UP_MS;
      await edition.clock.pass(WARM_UP_MS + seconds * 1000);
      const later = edition.called.filter((at) => at >= from);
      expect(mostInASecond(edition.called)).toBeLessThanOrEqual(perSecond);
      expect(later.length / seconds / perSecond).toBeGreaterThanOrEqual(0.95);
      // Nobody twice, and whoever was called for stands as sent, but for those whose answers are on their way.
      const { sent, sending, unknown, failed } = await edition.counts();
      expect({ unknown, failed }).toEqual({ unknown: 0, failed: 0 });
      expect(sent).toBeLessThanOrEqual(edition.called.length);
      expect(sent + sending).toBeGreaterThanOrEqual(edition.called.length);
    },
    120_000,
  );
});
