import type { Doorbell } from '../../functions/shared/storage/doorbell.ts';

/** A doorbell that remembers who rang. */
export const memoryDoorbell = <Message extends object>(): Doorbell<Message> & { readonly rung: Message[] } => {
  const rung: Message[] = [];
  return {
    rung,
    async ring(...messages) {
      rung.push(...messages);
    },
  };
};
