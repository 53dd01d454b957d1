import { benchBundles } from './bundles.ts';
import { benchComposing } from './composing.ts';
import { benchCost } from './cost.ts';
import { benchFeedBuild } from './feedBuild.ts';
import { benchIngest } from './ingest.ts';
import { benchPace } from './pace.ts';
import { benchPlanning } from './planning.ts';
import { benchPublishToFeed } from './publishToFeed.ts';
import { benchSending } from './sending.ts';
import { benchSources } from './sources.ts';
import { benchSubscribers } from './subscribers.ts';
import { machine } from './table.ts';

/**
 * `npm run bench`: the standing numbers, as a table. Single runs on a machine that does other things too: compare what
 * stands in one run, not runs on different days. A name (`composing`, `sending`, …) runs that part alone; `-- --large` sends
 * to a hundred thousand readers and plans for a million.
 */
const isLarge = process.argv.includes('--large');
const parts: Record<string, () => Promise<void>> = {
  ingest: benchIngest,
  sources: benchSources,
  composing: benchComposing,
  bundles: benchBundles,
  sending: () => benchSending(isLarge ? 107_000 : 10_000),
  pace: benchPace,
  planning: () => benchPlanning(isLarge ? 1_000_000 : 100_000),
  subscribers: () => benchSubscribers(isLarge ? 1_000_000 : 100_000),
  cost: benchCost,
  feeds: async () => {
    await benchFeedBuild(isLarge ? [100, 10_000, 100_000] : [100, 10_000]);
    await benchPublishToFeed([10, 1000, 10_000]);
  },
};

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'));
console.log(machine());
for (const [name, bench] of Object.entries(parts)) if (wanted.length === 0 || wanted.includes(name)) await bench();
