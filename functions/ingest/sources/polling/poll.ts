import { errorFields, log } from '../../../shared/log.ts';
import { addMs, type Instant, MINUTE_MS, steadyMs } from '../../../shared/time.ts';
import type { Polling, SourcesDoorbell } from '../ports.ts';
import type { Source, SourceState } from '../source.ts';
import { lookAt } from './look.ts';

/** Longer than the function may run, so that a host is never asked by two at once. */
const LEASE_MS = 6 * MINUTE_MS;

/** What is not looked at by then stays due, and the sweep rings again. */
const BUDGET_MS = 90_000;

/**
 * Looks at those of a host's sources whose moment has come, one after the other. The host is claimed first: a doubled
 * bell, or a slow host with another bell behind it, finds it taken and does nothing.
 */
export const pollHost = async (
  ports: Polling,
  { host, sources: ids }: SourcesDoorbell,
  budgetMs = BUDGET_MS,
): Promise<void> => {
  const { sources, now } = ports;
  const claim = await sources.claimHost(host, addMs(now(), LEASE_MS), now());
  if (!claim) return;
  const startedMs = steadyMs();
  const hasTime = (): boolean => steadyMs() - startedMs < budgetMs;
  try {
    const due = await sources.dueAmong(ids, now());
    const found = await sources.findAll(due);
    for (const { source, state } of found) if (hasTime()) await pollSource(ports, { source, state, hasTime });
    // One that was removed while somebody looked at it may have left its row behind.
    const gone = due.filter((id) => !found.some(({ source }) => source.id === id));
    for (const id of gone) await sources.unschedule(id);
  } finally {
    await claim.release();
  }
};

interface Polled {
  readonly source: Source;
  readonly state: SourceState;
  readonly hasTime: () => boolean;
}

const pollSource = async (ports: Polling, polled: Polled): Promise<void> => {
  const { source, state } = polled;
  if (source.paused || state.state === 'ended') return ports.sources.unschedule(source.id);
  try {
    const after = await lookAt(ports, polled);
    // Somebody looked later than this one began: what he found counts.
    if ((await ports.sources.note(after)) === 'refused') return;
    await scheduleNext(ports, source, after.nextLookAt);
    tell(after, state);
  } catch (error) {
    // One source must not hold up those behind it. It stays due, so the next minute's sweep rings for it again.
    log.error('source.look-failed', { source: source.id, ...errorFields(error) });
  }
};

/** The source may be kept otherwise by now, or no more: then its row is what its keeper made it. */
const scheduleNext = async ({ sources }: Polling, source: Source, at: Instant | null): Promise<void> => {
  const kept = await sources.find(source.id);
  if (!kept || (at === null && kept.source.revision === source.revision)) await sources.unschedule(source.id);
  else if (at !== null && kept.source.revision === source.revision) await sources.schedule(source, at);
};

const DAY_OF_TROUBLE_MS = 24 * 60 * MINUTE_MS;

/** Says it once when a source is over, or has been in trouble for a day: somebody has to look. */
const tell = (after: SourceState, before: SourceState): void => {
  const lasting = ({ troubleSince, lastLookAt }: SourceState): boolean =>
    troubleSince !== null && lastLookAt !== null && lastLookAt >= addMs(troubleSince, DAY_OF_TROUBLE_MS);
  if (after.state === 'ended' || (lasting(after) && !lasting(before))) {
    log.warn('source.trouble', { source: after.id, state: after.state });
  }
};
