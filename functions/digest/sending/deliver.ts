import type { OutgoingMail, SendResult } from '../../mail/mailer.ts';
import { errorFields, log } from '../../shared/log.ts';
import type { Result } from '../ledger/pageSteps.ts';
import type { Sending } from './ports.ts';

export interface Delivered {
  /** By place on the page; whoever had no turn is `ready`. */
  readonly results: ReadonlyMap<number, Result>;
  /** SES takes nothing for now, and says why. */
  readonly paused: string | undefined;
}

/** Calls under way at the same time: enough for 250 mails a second at a fifteenth of a second each. */
const AT_ONCE = 16;
/** A page that takes longer than this lets go of the rest: who leaves meanwhile must not get it much later. */
const MOST_MS = 4000;

/** Calls SES for each mail in its turn. Every mail is tried once; what comes of it is a word of `SendResult`. */
export const deliver = async (sending: Caller, mails: ReadonlyMap<number, OutgoingMail>): Promise<Delivered> => {
  const results = new Map<number, Result>([...mails.keys()].map((index) => [index, { is: 'ready' }]));
  const waiting = [...mails];
  const until = sending.speed.clockMs() + MOST_MS;
  let paused: string | undefined;
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await sending.speed.turn();
      if (paused !== undefined || sending.speed.clockMs() > until) return;
      const [index, mail] = next;
      const result = await sendOnce(sending.mailer, mail);
      adapt(sending.speed, result);
      if (result.is === 'paused') paused = result.code;
      // Where nobody is reached, the rest of the page would not be either.
      if (result.is === 'not-reached') waiting.length = 0;
      results.set(index, resultOf(result));
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, mails.size) }, worker));
  return { results, paused };
};

type Caller = Pick<Sending, 'mailer' | 'speed'>;

const adapt = (speed: Sending['speed'], { is }: SendResult): void => {
  if (is === 'throttled') speed.slower();
  if (is === 'sent') speed.steadier();
};

const sendOnce = async (mailer: Sending['mailer'], mail: OutgoingMail): Promise<SendResult> => {
  try {
    return await mailer.send(mail);
  } catch (error) {
    // A mailer answers in words. If it fails all the same the mail may be out, and the others' results must be kept.
    log.error('mailer.failed', errorFields(error));
    return { is: 'unknown', code: 'mailer' };
  }
};

const resultOf = (result: SendResult): Result => {
  switch (result.is) {
    case 'sent':
      return { is: 'sent', messageId: result.messageId };
    case 'refused':
      return { is: 'failed', because: result.code };
    case 'unknown':
      return { is: 'unknown', because: result.code };
    case 'throttled':
    case 'paused':
    case 'not-reached':
      return { is: 'ready' };
  }
};
