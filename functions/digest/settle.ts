import { changeHeard, changePage, changeTally, type PageLedger } from './ledger/change.ts';
import { type Outcome, withHeard } from './ledger/heard.ts';
import { isOpen, readDeliveryId } from './ledger/page.ts';
import { type DeliveryEvent, heard } from './ledger/pageSteps.ts';
import type { Ledger } from './ledger/ports.ts';
import { withOutcome } from './ledger/tally.ts';

/** An event about one mail, by the tags the mail carried. */
export interface SettlingEvent {
  readonly edition: string;
  /** `{page}-{index}`. */
  readonly delivery: string;
  readonly event: DeliveryEvent['is'];
  readonly messageId: string;
  /** The reader's mail server took it: more than that SES did. */
  readonly delivered?: boolean;
}

/** What it takes to write down what is heard of a delivery. */
export type HearingLedger = PageLedger & Pick<Ledger, 'heardOf' | 'saveHeard'>;

export type Settled =
  | {
      readonly is: 'settled' | 'known';
      /** The subscriber it was for. */
      readonly reader: string;
      /** With this event nothing is left to do on its page. */
      readonly closed: boolean;
    }
  /** No mail of ours carries these tags. */
  | { readonly is: 'unknown' };

const OUTCOME_OF: Readonly<Record<DeliveryEvent['is'], Outcome | undefined>> = {
  sent: undefined,
  bounced: 'bounced',
  complained: 'complained',
  rejected: undefined,
};

/**
 * Writes down what SES tells of a delivery: evidence that it was accepted settles what was `sending` or `unknown`.
 * May come twice, late and in any order.
 */
export const settleByEvent = async (
  ledger: HearingLedger,
  { edition, delivery, event, messageId, delivered = false }: SettlingEvent,
): Promise<Settled> => {
  const place = readDeliveryId(delivery);
  if (!place) return { is: 'unknown' };
  let settled = false;
  let wasOpen = false;
  const page = await changePage(ledger, { edition, page: place.page }, (there) => {
    const after = heard(there, place.index, { is: event, messageId });
    settled ||= after !== undefined;
    wasOpen ||= isOpen(there);
    return after;
  });
  const reader = page?.deliveries[place.index]?.reader;
  if (!page || reader === undefined) return { is: 'unknown' };
  // Counted once however often it is told: the sum holds the deliveries by name.
  if (event === 'bounced' || event === 'complained') {
    await changeTally(ledger, page, (tally) => withOutcome(tally, event, delivery));
  }
  const outcome: Outcome | undefined = delivered ? 'delivered' : OUTCOME_OF[event];
  const { language = '' } = page.deliveries[place.index] ?? {};
  if (outcome) await changeHeard(ledger, page, (there) => withHeard(there, place, language, outcome));
  return { is: settled ? 'settled' : 'known', reader, closed: settled && wasOpen && !isOpen(page) };
};
