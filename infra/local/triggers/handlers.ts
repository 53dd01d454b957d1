import { type FunctionName, functions } from '../../topology.ts';

export type Handler = (event: unknown) => Promise<unknown>;

/** Every function's door, by its name in the topology. */
export type Handlers = Readonly<Record<FunctionName, Handler>>;

export const loadHandlers = async (): Promise<Handlers> => {
  const loaded = await Promise.all(
    Object.entries(functions).map(async ([name, { entry }]) => {
      const door = await import(new URL(`../../../${entry}`, import.meta.url).href);
      return [name, door.handler] as const;
    }),
  );
  return Object.fromEntries(loaded) as Handlers;
};
