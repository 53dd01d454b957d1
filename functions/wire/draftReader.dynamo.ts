import type { Table } from '../shared/storage/table.ts';
import { dynamoDrafts } from './drafts/drafts.dynamo.ts';
import { shownDraft } from './drafts/drafts.ts';
import type { Bodies, Draft } from './ports.ts';

/** Reads one draft, for who was given the right to: `undefined` for one that came out, was removed, or never was. */
export const dynamoDraftReader = (table: Table, bodies: Bodies): ((id: string) => Promise<Draft | undefined>) => {
  const drafts = dynamoDrafts(table, bodies);
  return async (id) => {
    const found = await drafts.find(id);
    return found === undefined || found === 'gone' ? undefined : shownDraft(found);
  };
};
