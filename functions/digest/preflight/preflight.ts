import { errorFields, log } from '../../shared/log.ts';
import type { Pieces } from '../composing/pieces.ts';
import type { Finding, Preflight } from '../ledger/preflight.ts';
import { accountFindings, senderFindings } from './account.ts';
import { domainFindings } from './domain.ts';
import { linkFindings } from './links.ts';
import { mailFindings } from './mails.ts';
import { oneClickFindings, unreachableFindings } from './oneClick.ts';
import { type Checks, type Found, inTime } from './ports.ts';
import { domainOf, linkForNobody, type Specimen, specimensOf } from './specimens.ts';

export interface Flight {
  readonly pieces: Pieces;
  /** How many readers it has. */
  readonly audience: number;
  /** The lowest bound of its readers. */
  readonly after: number;
  readonly siteUrl: string;
}

export type Checked = Required<Omit<Found, 'answered'>>;

/**
 * Everything that can be told of an edition before it goes out, all at once and within the time there is. What is not
 * done by then, and what the network does not tell, is `unchecked`: it holds nobody up.
 */
export const preflight = async (checks: Checks, flight: Flight): Promise<Checked> => {
  const { pieces, audience, siteUrl } = flight;
  const outOfTime = checks.outOfTime();
  const soon = <T>(code: string, what: string, found: Promise<T>): Promise<T | Found> =>
    inTime(found, outOfTime, { unchecked: [{ code, sentence: `There was no time to look at ${what}.` }] });
  const specimens = specimensIn(checks, flight);
  if (!specimens) return joined([NOT_COMPOSED]);
  const url = linkForNobody(checks.linkKeys, siteUrl, pieces);
  const [oneClick, ...others] = await Promise.all([
    soon('one-click', 'the link for leaving', oneClickFindings(checks, url)),
    mailFindings([...pieces.shells.keys()], specimens),
    soon('account', 'the SES account', accountFindings(checks, audience)),
    soon('sender', 'the sender’s identity', senderFindings(checks, pieces.sender.address)),
    soon('domain', 'the records of the sender’s domain', domainFindings(checks, domainOf(pieces))),
    linkFindings(checks, { pieces, specimens, siteUrl }, outOfTime),
  ]);
  return joined([oneClick === 'unreachable' ? unreachableFindings(others) : oneClick, ...others]);
};

const specimensIn = (
  { linkKeys, now }: Checks,
  { pieces, after, siteUrl }: Flight,
): readonly Specimen[] | undefined => {
  try {
    return specimensOf(pieces, { linkKeys, siteUrl, now: now(), after });
  } catch (error) {
    // A sender's name or address that no header can carry: every single mail would fail in the same way.
    log.error('preflight.composing', errorFields(error));
    return undefined;
  }
};

const NOT_COMPOSED: Found = {
  refusals: [{ code: 'not-composed', sentence: 'No mail can be made of this edition; the log says why.' }],
};

/** The report is in an item that is saved again and again: it stays small. */
const MOST_FINDINGS = 10;

const joined = (found: readonly Found[]): Checked => ({
  refusals: few(found.flatMap(({ refusals = [] }) => refusals)),
  warnings: few(found.flatMap(({ warnings = [] }) => warnings)),
  unchecked: few(found.flatMap(({ unchecked = [] }) => unchecked)),
  leftOut: [...new Set(found.flatMap(({ leftOut = [] }) => leftOut))],
});

const few = (findings: readonly Finding[]): Finding[] => {
  const more = findings.length - MOST_FINDINGS;
  if (more <= 0) return [...findings];
  return [...findings.slice(0, MOST_FINDINGS), { code: 'more', sentence: `There are ${more} more of these.` }];
};

export const stateOf = ({ refusals, warnings, unchecked }: Preflight): 'refused' | 'warned' | 'passed' => {
  if (refusals.length > 0) return 'refused';
  return warnings.length + unchecked.length > 0 ? 'warned' : 'passed';
};
