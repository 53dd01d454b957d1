import { changeEdition } from '../ledger/change.ts';
import { type Edition, type EditionState, hasNotBegun } from '../ledger/edition.ts';
import { NEVER_COMPOSED } from '../ledger/editorial.ts';
import type { Newsletters } from './newsletters.ts';

type Asked =
  | { readonly is: 'done'; readonly edition: Edition }
  | { readonly is: 'missing' }
  | { readonly is: 'too-late'; readonly state: EditionState };

/** Lets an edition be looked over once more, as if for the first time: pictures that were left out get another chance. */
export const askPreflight = async (
  { ledger, editionsBell, now }: Pick<Newsletters, 'ledger' | 'editionsBell' | 'now'>,
  id: string,
): Promise<Asked> => {
  const edition = await changeEdition(ledger, id, (there) =>
    hasNotBegun(there) && there.preflight !== null
      ? {
          ...there,
          preflight: null,
          composed: there.preflight.leftOut.length > 0 ? NEVER_COMPOSED : there.composed,
          touchedAt: now(),
        }
      : undefined,
  );
  if (!edition) return { is: 'missing' };
  if (!hasNotBegun(edition)) return { is: 'too-late', state: edition.state };
  await editionsBell.ring({ edition: id });
  return { is: 'done', edition };
};
