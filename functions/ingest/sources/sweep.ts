import type { SourceSetting } from '../../shared/config/sources.ts';
import type { Newsroom } from '../../shared/config.ts';
import { sha256 } from '../../shared/hash.ts';
import type { Doorbell } from '../../shared/storage/doorbell.ts';
import type { Instant } from '../../shared/time.ts';
import type { Sources, SourcesDoorbell } from './ports.ts';
import type { Source } from './source.ts';

export interface SourcesSweep {
  readonly sources: Sources;
  readonly bell: Doorbell<SourcesDoorbell>;
  readonly newsroom: Newsroom;
  readonly now: () => Instant;
}

/** More than one minute's looking takes; the longest waiting come first, and the next sweep goes on. */
const MOST_DUE = 1000;
/** Sources of one host in one doorbell. */
const MOST_IN_BELL = 20;

/** Each minute: takes over what the config says of sources, and rings once for every host that has due ones. */
export const sweepSources = async (sweep: SourcesSweep): Promise<void> => {
  await takeOverConfig(sweep);
  const due = await sweep.sources.due(sweep.now(), MOST_DUE);
  const byHost = Map.groupBy(due, ({ host }) => host);
  const bells = [...byHost].map(([host, rows]) => ({ host, sources: rows.slice(0, MOST_IN_BELL).map(({ id }) => id) }));
  await sweep.bell.ring(...bells);
};

/** Idempotent: it notes what it took over at the end, so one that dies on the way begins again. */
const takeOverConfig = async ({ sources, newsroom, now }: SourcesSweep): Promise<void> => {
  const hash = sha256(JSON.stringify(newsroom.sources));
  const before = await sources.configured();
  // A newsroom that never had a source in its config has nothing to take over.
  if (before.hash === hash || (newsroom.sources.length === 0 && before.ids.length === 0)) return;
  const ids = newsroom.sources.map(({ id }) => id);
  for (const setting of newsroom.sources) await keepSetting(sources, setting, now());
  for (const id of before.ids.filter((one) => !ids.includes(one))) {
    const found = await sources.find(id);
    if (found?.source.keptBy === 'config') await sources.remove(found.source);
  }
  await sources.noteConfigured({ hash, ids });
};

const keepSetting = async (sources: Sources, setting: SourceSetting, now: Instant): Promise<void> => {
  const found = await sources.find(setting.id);
  const kept: Source = { ...setting, keptBy: 'config', revision: (found?.source.revision ?? 0) + 1 };
  if (found && sameSource(found.source, kept)) return;
  await sources.keep(kept, found?.source);
  await sources.schedule(kept, now);
};

const sameSource = (one: Source, other: Source): boolean => settingText(one) === settingText(other);

const settingText = ({ revision: _, ...setting }: Source): string =>
  JSON.stringify(Object.entries(setting).sort(([a], [b]) => (a < b ? -1 : 1)));
