import type { Key, Table } from '../../shared/storage/table.ts';
import { type Heard, heardSchema } from './heard.ts';
import type { Ledger } from './ports.ts';

/** `HEARD#{edition}` / number of the twenty pages, six digits; in `ledger.dynamo.ts` with the other items. */
export const heardsIn = (table: Table): Pick<Ledger, 'heard' | 'heardOf' | 'saveHeard'> => ({
  async heard(edition) {
    const items = await table.query({ pk: `HEARD#${edition}` });
    return items.map((item) => heardSchema.parse(item));
  },

  async heardOf(edition, group) {
    const item = await table.get(keyOf({ edition, group }));
    return item && heardSchema.parse(item);
  },

  async saveHeard(heard) {
    const next = { ...heard, version: heard.version + 1 };
    const condition = heard.version === 0 ? 'absent' : { is: { version: heard.version } };
    return (await table.put({ ...keyOf(next), ...next }, condition)) === 'written' ? next : undefined;
  },
});

const keyOf = ({ edition, group }: Pick<Heard, 'edition' | 'group'>): Key => ({
  pk: `HEARD#${edition}`,
  sk: String(group).padStart(6, '0'),
});
