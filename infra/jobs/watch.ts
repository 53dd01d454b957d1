import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, job, type ShownJob, Trouble } from './api.ts';

const LOOK_MS = 500;
const WIDTH = 24;
/** A job goes on without us, so a run that cannot be reached for a while is no reason to stop looking. */
const MOST_MISSED = 20;

interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Looks at a job until it is over, with a bar that shows how far it is. */
export const watch = async (api: Api, id: string, screen: Screen): Promise<ShownJob> => {
  for (let missed = 0; ; await sleep(LOOK_MS)) {
    const seen = await look(api, id);
    missed = seen ? 0 : missed + 1;
    if (missed > MOST_MISSED) throw new Trouble(`${api.url} cannot be reached. The job goes on there: --job ${id}`);
    if (seen && screen.isTTY) screen.write(`\r\u001b[K${barOf(seen)}`);
    if (!seen || seen.state === 'running') continue;
    if (screen.isTTY) screen.write('\r\u001b[K');
    return seen;
  }
};

const look = async (api: Api, id: string): Promise<ShownJob | undefined> => {
  try {
    return job.parse(await api.call('GET', `/api/v1/jobs/${id}`));
  } catch (error) {
    // Looked at again in a moment; a job that is not there will not come.
    if (error instanceof Trouble && !/no job/.test(error.message)) return undefined;
    throw error;
  }
};

const barOf = ({ progress, counts }: ShownJob): string => {
  const { done, of, unit } = progress;
  const share = of ? Math.min(1, done / of) : 0;
  const full = Math.round(share * WIDTH);
  const bar = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`;
  const far = of ? `${bar} ${Math.floor(share * 100)} %` : `${done.toLocaleString('en')} ${unit}`;
  return [far, countsIn(counts), leftOf(progress.endsAbout)].filter(Boolean).join('  ');
};

const leftOf = (endsAbout: string | null): string => {
  if (endsAbout === null) return '';
  const seconds = Math.max(0, Math.round((Date.parse(endsAbout) - Date.now()) / 1000));
  return seconds > 90 ? `about ${Math.round(seconds / 60)} min left` : `about ${seconds} s left`;
};

/** `1,204 joined, 3 refused` */
export const countsIn = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([word, count]) => `${count.toLocaleString('en')} ${word}`)
    .join(', ');
