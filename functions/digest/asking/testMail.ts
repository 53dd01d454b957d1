import { errorFields, log } from '../../shared/log.ts';
import type { Edition } from '../ledger/edition.ts';
import type { Newsletters } from './newsletters.ts';
import { mailOf, showFor, type Viewer } from './preview.ts';

export interface Tested {
  readonly state: 'sent' | 'failed' | 'unknown';
  readonly subject: string;
  /** What SES said, where it did not send. */
  readonly because?: string;
}

/**
 * Sends one mail of an edition to somebody who wants to look at it: as the reader would get it, but for the mark in its
 * subject and for links that do nothing. Counts nowhere in the edition. `too-many`: the hour's tests are used up.
 */
export const sendTest = async (
  room: Newsletters,
  edition: Edition,
  { to, by, ...viewer }: Viewer & { readonly to: string; readonly by: string | null },
): Promise<Tested | 'too-many'> => {
  const shown = await showFor(room, edition, viewer);
  const subject = `[Test] ${shown.choice.subject}`;
  const test = { id: room.newSuffix(), edition: edition.id, by, at: room.now() };
  const choice = { ...shown.choice, subject };
  const raw = mailOf({ ...shown, choice }, { to, date: test.at, siteUrl: room.siteUrl, id: `test-${test.id}` });
  const place = await room.tests.claim(test);
  if (place === undefined) return 'too-many';
  const result = await attempt(room, { from: shown.pieces.sender.address, to, raw, tags: { test: test.id } });
  await room.tests.settle(place, test, result.state);
  return { ...result, subject };
};

const attempt = async (
  { mailer }: Newsletters,
  mail: Parameters<Newsletters['mailer']['send']>[0],
): Promise<Omit<Tested, 'subject'>> => {
  try {
    const result = await mailer.send(mail);
    if (result.is === 'sent') return { state: 'sent' };
    const because = 'code' in result ? result.code : 'Throttling';
    return { state: result.is === 'unknown' ? 'unknown' : 'failed', because };
  } catch (error) {
    // Whatever went wrong, the claim is settled, and whoever asked is told that nobody knows.
    log.error('test.failed', errorFields(error));
    return { state: 'unknown', because: 'Error' };
  }
};
