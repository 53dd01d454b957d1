import type { Checks, Looked } from '../../../functions/digest/preflight/ports.ts';
import { LINK_KEYS } from './theRoom.ts';

interface Outside {
  readonly looks?: Readonly<Record<string, Looked>>;
  readonly oneClick?: number | 'unreachable';
  readonly isEnabled?: boolean;
  readonly perDay?: number;
  readonly sentLastDay?: number;
  readonly signs?: boolean;
  readonly verified?: boolean;
  /** Without it, the sender's domain is there, unless the DNS is silent. */
  readonly domain?: 'missing';
  /** TXT records by name; without them, the DNS is silent. */
  readonly texts?: Readonly<Record<string, readonly string[]>> | 'silent';
  readonly outOfTime?: Promise<unknown>;
}

/** Records as they should be. */
const RECORDS: Readonly<Record<string, readonly string[]>> = {
  'bounces.example.org': ['v=spf1 include:amazonses.com ~all'],
  '_dmarc.example.org': ['v=DMARC1; p=quarantine'],
};

/** A world outside in which all is well, but for what is said. `pressed` notes the links for leaving that were tried. */
export const someChecks = (outside: () => Outside = () => ({})) => {
  const pressed: string[] = [];
  const looked: string[] = [];
  const checks: Checks = {
    account: {
      quota: async () => ({
        perSecond: 14,
        perDay: outside().perDay ?? 50_000,
        sentLastDay: outside().sentLastDay ?? 0,
      }),
      isEnabled: async () => outside().isEnabled ?? true,
      isVerified: async () => outside().verified ?? true,
      signsFor: async () => outside().signs ?? true,
    },
    web: {
      async look(url) {
        looked.push(url);
        return outside().looks?.[url] ?? { is: 'there', type: url.endsWith('.jpg') ? 'image/jpeg' : 'text/html' };
      },
      async oneClick(url) {
        pressed.push(url);
        const answer = outside().oneClick ?? 200;
        return answer === 'unreachable' ? answer : { status: answer };
      },
    },
    records: {
      knows: async () => outside().domain ?? (outside().texts === 'silent' ? 'unknown' : 'there'),
      texts: async (name) => {
        const { texts = RECORDS } = outside();
        return texts === 'silent' ? 'unknown' : (texts[name] ?? []);
      },
    },
    linkKeys: LINK_KEYS,
    keepsFree: () => 1000,
    now: () => '2026-05-04T07:30:00.000Z',
    outOfTime: () => outside().outOfTime ?? new Promise(() => {}),
  };
  return { checks, pressed, looked };
};
