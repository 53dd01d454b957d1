import type { MailAccount } from '../../mail/mailer.ts';
import { errorFields, log } from '../../shared/log.ts';
import { withParents } from './domain.ts';
import type { Checks, Found } from './ports.ts';

/** Until AWS lets an account out of its sandbox, it may send 200 mails a day, to addresses it has verified. */
const SANDBOX_PER_DAY = 200;

/** Whether SES will take what we have. */
export const accountFindings = async (
  { account, keepsFree }: Pick<Checks, 'account' | 'keepsFree'>,
  audience: number,
): Promise<Found> => {
  try {
    const [isEnabled, quota] = await Promise.all([account.isEnabled(), account.quota()]);
    return { refusals: [...pausedFindings(isEnabled), ...quotaFindings(quota, audience, keepsFree)], answered: true };
  } catch (error) {
    // Without a network, or with SES in trouble, sending waits by itself: that is no reason to hold an edition.
    log.warn('preflight.account', errorFields(error));
    return { unchecked: [{ code: 'account', sentence: 'SES did not say how the account stands.' }] };
  }
};

/** Whether SES lets us send from this address: it, its domain or a domain above that must be verified. */
export const senderFindings = async ({ account }: Pick<Checks, 'account'>, address: string): Promise<Found> => {
  try {
    const domain = address.slice(address.lastIndexOf('@') + 1);
    if (await account.isVerified([address, ...withParents(domain)])) return { answered: true };
    const sentence = `SES has verified neither ${address} nor its domain: it would refuse every mail.`;
    return { refusals: [{ code: 'sender', sentence }], answered: true };
  } catch (error) {
    // As above: whoever did not answer said nothing.
    log.warn('preflight.sender', errorFields(error));
    return { unchecked: [{ code: 'sender', sentence: `SES did not say whether ${address} is verified.` }] };
  }
};

const pausedFindings = (isEnabled: boolean) =>
  isEnabled ? [] : [{ code: 'account-paused', sentence: 'SES has paused sending for this account.' }];

const quotaFindings = (
  { perDay, sentLastDay }: Awaited<ReturnType<MailAccount['quota']>>,
  audience: number,
  keepsFree: Checks['keepsFree'],
) => {
  if (perDay <= SANDBOX_PER_DAY) {
    const sentence =
      'The SES account is in the sandbox: it sends 200 mails a day at most, and only to addresses it has verified.';
    return [{ code: 'sandbox', sentence }];
  }
  const left = Math.max(0, perDay - sentLastDay - keepsFree(perDay));
  if (audience <= left) return [];
  const sentence = `The edition has ${audience} readers, and today’s quota of SES has room for ${left} more mails of a newsletter: the others would get theirs as the quota comes back.`;
  return [{ code: 'quota', sentence }];
};
