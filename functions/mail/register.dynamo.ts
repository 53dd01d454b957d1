import type { Table } from '../shared/storage/table.ts';
import { type RegisterShelf, registerSchema } from './register.ts';

/** Table `pace`: a single item, `PACE` / `PACE`. Removed, it is made anew. */
export const dynamoRegister = (table: Table): RegisterShelf => ({
  async read() {
    const item = await table.get(KEY);
    return item && registerSchema.parse(item);
  },

  async save(register) {
    const condition = register.version === 1 ? 'absent' : { is: { version: register.version - 1 } };
    return (await table.put({ ...KEY, ...register }, condition)) === 'written';
  },
});

const KEY = { pk: 'PACE', sk: 'PACE' };
