import { beforeAll, expect, test } from 'vitest';
import { askForEdition } from '../../functions/digest/asking/newsletters.ts';
import { lookAtEdition } from '../../functions/digest/planning/look.ts';
import { sendPage } from '../../functions/digest/sending/send.ts';
import { dynamoRegister } from '../../functions/mail/register.dynamo.ts';
import { openSpeed } from '../../functions/mail/speed.ts';
import { setLogSink } from '../../functions/shared/log.ts';
import { aTurnedClock } from '../mail/aTurnedClock.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { aSubscriber } from './support/aSubscriber.ts';
import { accepted, theRoom } from './support/theRoom.ts';

beforeAll(() => setLogSink(() => {}));

/** Counts what is asked of a port: each of these calls is one request to a table. */
const counting = <T extends object>(port: T, count: () => void): T =>
  new Proxy(port, {
    get: (target, name, receiver) => {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]) => {
        count();
        return Reflect.apply(method, target, args);
      };
    },
  });

test('a whole edition costs no more than three tenths of a request per mail: pages, pace and counting', async () => {
  // Fewer than those of whom some get it first.
  const READERS = 1900;
  const room = theRoom();
  await room.join(...Array.from({ length: READERS }, (_, i) => aSubscriber(`reader${i}`)));
  room.wire.publish();
  const [newsletter] = room.newsletters.press.newsroom.newsletters;
  const edition = newsletter && (await askForEdition(room.newsletters, newsletter, 'weekly'));
  if (!edition) throw new Error('There was nothing new.');
  await room.work(1);

  let requests = 0;
  const count = (): void => {
    requests++;
  };
  const clock = aTurnedClock();
  const send = async () => {
    await clock.sleep(60);
    return accepted();
  };
  const mailer = { send, quota: async () => ({ perSecond: 250, perDay: 1e6, sentLastDay: 0 }) };
  const register = counting(dynamoRegister(memoryTable()), count);
  const speed = openSpeed({ mailer, register, kind: 'editions', id: 'one', keepsFree: () => 0, ...clock });
  const { ledger, subscribers, piecesOf } = room.sending;
  const counted = {
    ledger: counting(ledger, count),
    subscribers: counting(subscribers, count),
    piecesOf: (of: Parameters<typeof piecesOf>[0]) => {
      // The pieces are held; what is new on the wire is asked for.
      count();
      return piecesOf(of);
    },
  };
  const work = async (): Promise<void> => {
    for (let message = room.queue.shift(); message; message = room.queue.shift()) {
      if ('page' in message) await sendPage({ ...room.sending, ...counted, mailer, speed }, message);
      else await lookAtEdition({ ...room.planning, ledger: counted.ledger }, message);
    }
  };
  const working = Promise.all([work(), work(), work(), work()]);
  for (let seconds = 0; seconds < 20; seconds++) await clock.pass(1000);
  await working;
  // Should the last page to end not have been the last.
  await room.sweep();
  await work();
  expect(await room.ledger.edition(edition.id)).toMatchObject({ state: 'complete', audience: READERS });
  expect(requests / READERS).toBeLessThanOrEqual(0.3);
}, 60_000);
