import type { Instant } from '../../shared/time.ts';
import type { Edition } from '../ledger/edition.ts';
import type { Ledger } from '../ledger/ports.ts';

/** Why an edition is paused, where it was not SES. */
export const BY_A_PERSON = 'person';

export const paused = (edition: Edition, because: string, at: Instant): Edition | undefined =>
  edition.state === 'sending' ? { ...edition, state: 'paused', paused: { because, at }, touchedAt: at } : undefined;

/** Lets a paused edition go on: the doorbells of its pages are long gone, and ring again from the first that is open. */
export const resuming = async (
  { ledger, now }: { readonly ledger: Ledger; readonly now: () => Instant },
  id: string,
): Promise<(edition: Edition) => Edition | undefined> => {
  const [first] = await ledger.openPages(id, 1);
  return (edition) =>
    edition.state === 'paused'
      ? {
          ...edition,
          state: 'sending',
          paused: null,
          rung: Math.min(edition.rung, first ? first.page - 1 : edition.rung),
          touchedAt: now(),
        }
      : undefined;
};
