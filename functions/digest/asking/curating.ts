import { changeEdition } from '../ledger/change.ts';
import { type Curation, NO_CURATION } from '../ledger/curation.ts';
import { type Edition, type EditionState, hasNotBegun } from '../ledger/edition.ts';
import { unapproved } from '../ledger/editorial.ts';
import { newsletterOf } from '../planning/ports.ts';
import { type Newsletters, needsApproval } from './newsletters.ts';

/** What an editor wants: another curation, none at all, or the one before. */
export type Edit =
  | { readonly is: 'set'; readonly curation: Curation }
  | { readonly is: 'clear' }
  | { readonly is: 'undo' };

export interface Editing {
  /** The editor's name: his key's, or the one he gives himself where the key has none. */
  readonly by: string | null;
  /** Whether it is the key that says so. */
  readonly known: boolean;
  /** Only in place of this version. */
  readonly ifVersion: number | undefined;
}

export type Edited =
  | { readonly is: 'done'; readonly edition: Edition }
  | { readonly is: 'missing' | 'nothing-before' }
  /** Where somebody else must approve it, whoever edits must be known by his key. */
  | { readonly is: 'nameless' }
  | { readonly is: 'too-late'; readonly state: EditionState }
  | { readonly is: 'conflict'; readonly version: number };

/**
 * Writes a version of the curation down, then lets the edition point to it: a version that nothing points to does not
 * count, so a crash in between leaves nothing half done.
 */
export const edit = async (room: Newsletters, id: string, wanted: Edit, how: Editing): Promise<Edited> => {
  const { ledger, now } = room;
  const before = await ledger.edition(id);
  if (!before) return { is: 'missing' };
  if (!how.known && asksForSomeoneElse(room, before)) return { is: 'nameless' };
  const target = await targetOf(room, before, wanted, how);
  if (target === 'nothing-before') return { is: target };
  let refused: Edited | undefined;
  let mine: Edition | undefined;
  const after = await changeEdition(ledger, id, (there) => {
    // After an unclear answer we meet our own writing.
    if (mine && there.curation?.at === mine.curation?.at && there.curation?.id === target.id) return undefined;
    refused = refusal(there, before, how);
    mine = refused ? undefined : curated(room, there, { id: target.id, by: how.by, at: now() });
    return mine;
  });
  if (!after) return { is: 'missing' };
  if (refused) return refused;
  await room.editionsBell.ring({ edition: id });
  return { is: 'done', edition: after };
};

/** What somebody says of himself would hide him from those who may not approve, or put a colleague among them. */
const asksForSomeoneElse = ({ press }: Newsletters, { newsletter }: Edition): boolean =>
  newsletterOf({ press }, newsletter)?.approvalBy === 'someone-else';

/** The version that is to count: a new one, none, or the one before. */
const targetOf = async (
  { ledger, now, newSuffix }: Newsletters,
  { id: edition, curation: current }: Edition,
  wanted: Edit,
  { by }: Editing,
): Promise<{ readonly id: string | null } | 'nothing-before'> => {
  const previous = current?.id ?? null;
  if (wanted.is === 'clear') return { id: null };
  if (wanted.is === 'undo') {
    const kept = previous === null ? undefined : await ledger.curation(edition, previous);
    return kept ? { id: kept.previous } : 'nothing-before';
  }
  const id = newSuffix();
  await ledger.keepCuration({ edition, id, curation: wanted.curation, by, at: now(), previous });
  return { id };
};

const versionOf = ({ curation }: Edition): number => curation?.version ?? 0;

const refusal = (there: Edition, before: Edition, { ifVersion }: Editing): Edited | undefined => {
  if (!hasNotBegun(there)) return { is: 'too-late', state: there.state };
  const expected = ifVersion ?? versionOf(before);
  return versionOf(there) === expected ? undefined : { is: 'conflict', version: versionOf(there) };
};

/** What was approved is not what will be sent: where an approval is needed, it is needed once more. */
const curated = (
  room: Newsletters,
  there: Edition,
  { id, by, at }: { readonly id: string | null; readonly by: string | null; readonly at: string },
): Edition => {
  return {
    ...(needsApproval(room, there) ? unapproved(there) : there),
    curation: { version: versionOf(there) + 1, id, by, at },
    editedBy: by === null || there.editedBy.includes(by) ? there.editedBy : [...there.editedBy, by],
    touchedAt: at,
  };
};

/** The curation that counts now. */
export const curationOf = async ({ ledger }: Pick<Newsletters, 'ledger'>, edition: Edition): Promise<Curation> => {
  const id = edition.curation?.id ?? null;
  const kept = id === null ? undefined : await ledger.curation(edition.id, id);
  return kept?.curation ?? NO_CURATION;
};
