import { errorFields, log } from '../../shared/log.ts';
import type { Finding } from '../ledger/preflight.ts';
import type { Checks, Found, Records } from './ports.ts';

type Asking = Pick<Checks, 'records' | 'account'>;

/** Whether the sender's domain says that these mails are its own: SPF, DKIM and DMARC in line with each other. */
export const domainFindings = async ({ records, account }: Asking, domain: string): Promise<Found> => {
  const known = await records.knows(domain);
  if (known !== 'there') return joined([unknownDomain(known, domain), await dkimFindings(account, domain)]);
  return joined(
    await Promise.all([
      { answered: true },
      dkimFindings(account, domain),
      spfFindings(records, `bounces.${domain}`),
      dmarcFindings(records, domain),
    ]),
  );
};

const joined = (found: readonly Found[]): Found => ({
  warnings: found.flatMap(({ warnings = [] }) => warnings),
  unchecked: found.flatMap(({ unchecked = [] }) => unchecked),
  answered: found.some(({ answered = false }) => answered),
});

const unknownDomain = (known: 'missing' | 'unknown', domain: string): Found =>
  known === 'missing'
    ? warning('domain', `The DNS says that there is no ${domain}: mail servers turn away what comes from there.`)
    : silence('domain', domain);

const warning = (code: string, sentence: string): Found => ({ warnings: [{ code, sentence }] });
const silence = (code: string, name: string): Found => ({
  unchecked: [{ code, sentence: `The DNS did not answer for ${name}.` } satisfies Finding],
});

/** SES looks at the keys it signs with itself, again and again. */
const dkimFindings = async (account: Asking['account'], domain: string): Promise<Found> => {
  try {
    if (await account.signsFor(domain)) return { answered: true };
    const sentence = `SES does not find its DKIM keys in the DNS of ${domain}, and so it does not sign with them.`;
    return { ...warning('dkim', sentence), answered: true };
  } catch (error) {
    // Whoever did not answer said nothing about the domain.
    log.warn('preflight.dkim', errorFields(error));
    return { unchecked: [{ code: 'dkim', sentence: `SES did not say whether it signs for ${domain}.` }] };
  }
};

/** Bounces go to this domain of ours; SPF is checked against it (RFC 7208 section 2.4). */
const spfFindings = async (records: Records, envelope: string): Promise<Found> => {
  const texts = await records.texts(envelope);
  if (texts === 'unknown') return silence('spf', envelope);
  const policies = texts.filter((text) => /^v=spf1( |$)/i.test(text));
  // RFC 7208 section 4.5: two of them are as good as none.
  if (policies.length > 1) return warning('spf', `${envelope} has ${policies.length} SPF records; only one may be.`);
  if (policies[0]?.toLowerCase().includes('include:amazonses.com')) return {};
  return warning('spf', `The SPF record of ${envelope} does not name amazonses.com.`);
};

const dmarcFindings = async (records: Records, domain: string): Promise<Found> => {
  for (const name of withParents(domain)) {
    const texts = await records.texts(`_dmarc.${name}`);
    if (texts === 'unknown') return silence('dmarc', `_dmarc.${name}`);
    const policy = texts.find((text) => /^v=DMARC1\s*(;|$)/.test(text));
    if (policy === undefined) continue;
    // `bounces.` is another domain than the sender's: in strict alignment SPF does not count.
    return /;\s*aspf=s/i.test(policy)
      ? warning('dmarc', `DMARC of ${name} wants SPF of the very same domain (aspf=s): it rests on DKIM alone.`)
      : {};
  }
  return warning('dmarc', `${domain} has no DMARC record; Gmail and Yahoo want one of who sends to many.`);
};

/** RFC 7489 section 6.6.3: where the domain has none, that of the organisation counts. */
export const withParents = (domain: string): string[] => {
  const labels = domain.split('.');
  return labels.slice(0, -1).map((_, i) => labels.slice(i).join('.'));
};
