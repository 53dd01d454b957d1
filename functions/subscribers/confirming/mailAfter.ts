import type { SendResult } from '../../mail/mailer.ts';
import { unreachable } from '../../shared/errors.ts';
import { addMs, type Instant, MINUTE_MS } from '../../shared/time.ts';
import type { Asked } from '../subscriber.ts';

/** A throttled mail waits for the next sweep; where sending stands still, a look every ten minutes is enough. */
export const mailAfter = (result: SendResult, now: Instant): Asked['mail'] => {
  switch (result.is) {
    case 'sent':
      return { state: 'sent', at: now, messageId: result.messageId };
    case 'refused':
    case 'unknown':
      return { state: result.is, at: now, code: result.code };
    case 'throttled':
    case 'not-reached':
      return { state: 'due', since: now };
    case 'paused':
      return { state: 'due', since: addMs(now, 10 * MINUTE_MS) };
    default:
      return unreachable(result);
  }
};
