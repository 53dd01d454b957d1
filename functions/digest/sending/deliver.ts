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

/** Calls under way at the same time for one page: all of it. With four pages in hand SES may take a fifth of a second. */
const AT_ONCE = 25;

/**
 * Calls SES for each mail in its turn, up to the moment `until` of the speed's clock. Every mail is tried once; what
 * comes of it is a word of `SendResult`.
 */
export const deliver = async (
  sending: Caller,
  mails: ReadonlyMap<number, OutgoingMail>,
  until: number,
): Promise<Delivered> => {
  const results = new Map<number, Result>([...mails.keys()].map((index) => [index, { is: 'ready' }]));
  const waiting = [...mails];
  let paused: string | undefined;
  let isOver = false;
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      if ((await sending.speed.turn(until).catch(noTurn)) === 'too-late' || isOver) return;
      const [index, mail] = next;
      const result = await sendOnce(sending.mailer, mail);
      sending.speed.heard(result);
      if (result.is === 'paused') paused = result.code;
      // Where nobody is reached, the rest of the page would not be either.
      isOver ||= result.is === 'paused' || result.is === 'not-reached';
      results.set(index, resultOf(result));
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, mails.size) }, worker));
  return { results, paused };
};

type Caller = Pick<Sending, 'mailer' | 'speed'>;

/** The register of senders could not be read. Thrown on, mails that are surely not out would count as unknown. */
const noTurn = (error: unknown): 'too-late' => {
  log.warn('page.no-turn', errorFields(error));
  return 'too-late';
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
