import { log } from '../../shared/log.ts';
import type { Edition } from '../ledger/edition.ts';
import type { Standing } from '../ledger/standing.ts';

/**
 * The deliveries of an edition are not its audience. Nothing that happens by itself brings that about, so a person hears
 * of it at every look, and the edition is not complete until he has done something.
 */
export const tellOfDiscrepancy = ({ id }: Pick<Edition, 'id'>, { counts, discrepancy }: Standing): void => {
  if (discrepancy === 0) return;
  log.error('edition.discrepancy', { edition: id, audience: counts.audience, discrepancy });
};
