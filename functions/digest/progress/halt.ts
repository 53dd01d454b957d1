import type { Newsletter } from '../../shared/config.ts';
import { log } from '../../shared/log.ts';
import { changeEdition } from '../ledger/change.ts';
import type { Edition } from '../ledger/edition.ts';
import type { Page } from '../ledger/page.ts';
import type { Standing } from '../ledger/standing.ts';
import { paused, TOO_MANY_BOUNCES, TOO_MANY_COMPLAINTS } from '../planning/pause.ts';
import type { Planning, Step } from '../planning/ports.ts';

/**
 * Why an edition must stop, in a word: so many of its mails bounce for good or are called spam that SES would soon stop
 * all mail of the account. What a person has accepted does not count again.
 */
export const troubleOf = (
  halt: Newsletter['halt'],
  { accepted }: Pick<Edition, 'accepted'>,
  { counts, bounced, complained }: Standing,
): string | undefined => {
  const sent = counts.sent - accepted.sent;
  const bounces = bounced - accepted.bounced;
  const complaints = complained - accepted.complained;
  if (bounces >= halt.bounces && bounces > sent * halt.bounceShare) return TOO_MANY_BOUNCES;
  if (complaints >= halt.complaints && complaints > sent * halt.complaintShare) return TOO_MANY_COMPLAINTS;
  return undefined;
};

/** So many refusals of one kind on a page, and not a mail sent: then it is no matter of the readers. */
const MANY_REFUSED = 20;

/** The code with which SES refused everybody it was asked for on this page. */
export const refusalOfAll = ({ deliveries }: Pick<Page, 'deliveries'>): string | undefined => {
  const tried = deliveries.filter(({ state }) => state === 'sent' || state === 'failed' || state === 'unknown');
  const code = tried[0]?.because;
  const isOfAll = tried.length >= MANY_REFUSED && tried.every((one) => one.state === 'failed' && one.because === code);
  return isOfAll ? code : undefined;
};

/** Stops it until a person lets it go on. */
export const halt = async (
  { ledger, now }: Planning,
  edition: Edition,
  { counts, bounced, complained }: Standing,
  because: string,
): Promise<Step> => {
  let mine = false;
  await changeEdition(ledger, edition.id, (there) => {
    const after = paused(there, because, now());
    mine ||= after !== undefined;
    return after;
  });
  if (mine) log.error('edition.halted', { edition: edition.id, because, sent: counts.sent, bounced, complained });
  return 'later';
};
