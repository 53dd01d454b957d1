import { changeHeard, changePage, changeTally, type PageLedger } from './ledger/change.ts';
import { type Outcome, withHeard } from './ledger/heard.ts';
import { deliveryId, isOpen, type Page } from './ledger/page.ts';
import { type DeliveryEvent, heard } from './ledger/pageSteps.ts';
import type { Ledger } from './ledger/ports.ts';
import { withOutcome } from './ledger/tally.ts';

/** Something that SES tells of a mail. */
export interface SettlingEvent {
  /** Of the delivery on its page. */
  readonly index: number;
  readonly event: DeliveryEvent['is'];
  readonly messageId: string;
  /** The reader's mail server took it: more than that SES did. */
  readonly delivered: boolean;
}

/** What it takes to write down what is heard of deliveries. */
export type HearingLedger = PageLedger & Pick<Ledger, 'heardOf' | 'saveHeard'>;

export interface Settled {
  /** Whom the mails were for, by the index of the delivery. No mail of ours carries a tag that is missing here. */
  readonly readers: ReadonlyMap<number, string>;
  /** Something of it was news. */
  readonly settled: boolean;
  /** With these events nothing is left to do on the page. */
  readonly closed: boolean;
}

const UNKNOWN: Settled = { readers: new Map(), settled: false, closed: false };

/**
 * Writes down what SES tells of a page's deliveries: evidence that a mail was accepted settles what was `sending` or
 * `unknown`. May come twice, late and in any order. The page, its sum and what was heard are each read and written once,
 * however much is told.
 */
export const settleByEvents = async (
  ledger: HearingLedger,
  place: Pick<Page, 'edition' | 'page'>,
  told: readonly SettlingEvent[],
): Promise<Settled> => {
  let settled = false;
  let wasOpen = false;
  const page = await changePage(ledger, place, (there) => {
    const after = told.reduce(
      (sum, { index, event, messageId }) => heard(sum, index, { is: event, messageId }) ?? sum,
      there,
    );
    settled ||= after !== there;
    wasOpen ||= isOpen(there);
    return after === there ? undefined : after;
  });
  if (!page) return UNKNOWN;
  const ours = told.filter(({ index }) => page.deliveries[index] !== undefined);
  await noteOutcomes(ledger, page, ours);
  await noteHeard(ledger, page, ours);
  return {
    readers: new Map(ours.map(({ index }) => [index, page.deliveries[index]?.reader ?? ''])),
    settled,
    closed: settled && wasOpen && !isOpen(page),
  };
};

/** Counted once however often it is told: the sum holds the deliveries by name. */
const noteOutcomes = async (ledger: HearingLedger, page: Page, told: readonly SettlingEvent[]): Promise<void> => {
  const bad = told.flatMap(({ index, event }) =>
    event === 'bounced' || event === 'complained' ? [{ event, delivery: deliveryId(page.page, index) }] : [],
  );
  if (bad.length === 0) return;
  await changeTally(ledger, page, (tally) => {
    const after = bad.reduce((sum, { event, delivery }) => withOutcome(sum, event, delivery) ?? sum, tally);
    return after === tally ? undefined : after;
  });
};

const OUTCOME_OF: Readonly<Record<DeliveryEvent['is'], Outcome | undefined>> = {
  sent: undefined,
  bounced: 'bounced',
  complained: 'complained',
  rejected: undefined,
};

const noteHeard = async (ledger: HearingLedger, page: Page, told: readonly SettlingEvent[]): Promise<void> => {
  const outcomes = told.flatMap(({ index, event, delivered }) => {
    const outcome = delivered ? 'delivered' : OUTCOME_OF[event];
    return outcome ? [{ index, outcome, language: page.deliveries[index]?.language ?? '' }] : [];
  });
  if (outcomes.length === 0) return;
  await changeHeard(ledger, page, (there) => {
    const after = outcomes.reduce(
      (sum, { index, outcome, language }) => withHeard(sum, { page: page.page, index }, language, outcome) ?? sum,
      there,
    );
    return after === there ? undefined : after;
  });
};
