import { once } from './once.ts';

interface ScheduleDoor<Ports> {
  readonly connect: () => Promise<Ports> | Ports;
  readonly work: (ports: Ports) => Promise<void>;
}

/** A Lambda on a schedule. It gets no data: it looks for what is due. Ringing twice or late does no harm. */
export const scheduleHandler = <Ports>(door: ScheduleDoor<Ports>) => {
  const ports = once(door.connect);
  return async (): Promise<void> => door.work(await ports());
};
