import { z } from 'zod';
import { Trouble } from './api.ts';

interface Options {
  readonly newsletter?: string | undefined;
  readonly consent?: string | undefined;
  readonly by?: string | undefined;
  readonly since?: string | undefined;
  readonly column?: readonly string[] | undefined;
  readonly 'dry-run': boolean;
}

/** What the API is asked for an import of subscribers. */
export const subscriberWish = (options: Options): object => {
  const { newsletter, consent, by, since } = options;
  if (consent !== undefined && by === undefined) throw new Trouble('Say with --by who stands for the consent.');
  const columns = (options.column ?? []).map((text) => {
    const at = text.lastIndexOf('=');
    if (at < 1) throw new Trouble(`--column takes THEIRS=OURS, such as “Mail=address”.`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
  return {
    ...(newsletter !== undefined && { newsletter }),
    ...(consent !== undefined && { consent: { statement: consent, by, ...(since !== undefined && { since }) } }),
    dryRun: options['dry-run'],
    columns: Object.fromEntries(columns),
  };
};

const notes = z.object({
  format: z.string(),
  encoding: z.string(),
  separator: z.string(),
  columns: z.array(z.object({ name: z.string(), is: z.string().nullable() })),
  dryRun: z.boolean(),
});

/** How the file was understood, line by line. */
export const columnsIn = (told: unknown): string[] => {
  const read = notes.safeParse(told).data;
  if (!read) return [];
  const separated = read.separator === '\t' ? 'tab' : read.separator;
  return [
    `Understood as ${read.format.toUpperCase()} in ${read.encoding}${separated ? `, separated by ${separated}` : ''}:`,
    ...read.columns.map(({ name, is }) => `  ${name} → ${is ?? 'left alone'}`),
    ...(read.dryRun ? ['Only tried: nothing was changed.'] : []),
  ];
};
