import { openFetch } from '../../../functions/border/fetch/fetch.ts';
import { allowedIn } from '../../../functions/border/fetch/target.ts';
import { pollHost } from '../../../functions/ingest/sources/polling/poll.ts';
import type { Polling } from '../../../functions/ingest/sources/ports.ts';
import { type Reader, threadReader } from '../../../functions/ingest/sources/reading/reader.ts';
import { hostOf, type Source, type SourceState } from '../../../functions/ingest/sources/source.ts';
import { dynamoSources } from '../../../functions/ingest/sources/sources.dynamo.ts';
import { sweepSources } from '../../../functions/ingest/sources/sweep.ts';
import { sourceSetting } from '../../../functions/shared/config/sources.ts';
import type { Entry } from '../../../functions/wire/entry.ts';
import { memoryBucket } from '../../support/memoryBucket.ts';
import { memoryDoorbell } from '../../support/memoryDoorbell.ts';
import { memoryTable } from '../../support/memoryTable.ts';
import { openNewsdesk } from '../../wire/newsdesk.ts';
import { aNewsroom } from '../aNewsroom.ts';

export const SITE = 'https://news.example';

export const aReader = (): Reader => threadReader({ newsroom: aNewsroom(), siteUrl: SITE });

/** Sources, the wire and a clock that a test turns; what is fetched is fetched over HTTP from 127.0.0.1. */
export const aPollingRoom = (reader: Reader, over: Partial<Polling> = {}) => {
  const asked: string[] = [];
  const table = memoryTable(({ is }) => {
    asked.push(is);
  });
  const desk = openNewsdesk(memoryTable(), memoryBucket());
  const sources = dynamoSources(table);
  const bell = memoryDoorbell<{ host: string; sources: readonly string[] }>();
  const newsroom = aNewsroom();
  const ports: Polling = {
    sources,
    reader,
    fetch: openFetch({
      userAgent: 'Courant/0 (+https://news.example; editors@news.example)',
      allowed: allowedIn('127.0.0.1'),
    }),
    publisher: desk.publisher,
    timeZone: newsroom.timeZone,
    now: desk.now,
    random: () => 0,
    ...over,
  };
  const keep = async (setting: Record<string, unknown>): Promise<Source> => {
    const before = await sources.find(String(setting['id'] ?? 'city'));
    const parsed = sourceSetting.parse({ id: 'city', language: 'en', ...setting });
    const source: Source = { ...parsed, revision: (before?.source.revision ?? 0) + 1, keptBy: 'api' };
    await sources.keep(source, before?.source);
    await sources.schedule(source, desk.now());
    return source;
  };
  const state = async (id = 'city'): Promise<SourceState> => {
    const found = await sources.find(id);
    if (!found) throw new Error(`There is no source ${id}.`);
    return found.state;
  };
  return {
    table,
    /** Every request to the table of sources. */
    asked,
    desk,
    sources,
    bell,
    ports,
    newsroom,
    keep,
    state,
    sweep: () => sweepSources({ sources, bell, newsroom, now: desk.now }),
    /** Looks at once, whatever is planned. */
    async look(id = 'city'): Promise<SourceState> {
      const found = await sources.find(id);
      if (!found) throw new Error(`There is no source ${id}.`);
      await sources.schedule(found.source, desk.now());
      await pollHost(ports, { host: hostOf(found.source), sources: [id] });
      return state(id);
    },
    entries: (): Promise<Entry[]> => desk.wire.after(0, 1000),
  };
};

export type PollingRoom = ReturnType<typeof aPollingRoom>;
