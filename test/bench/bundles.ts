import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bundle, bundleFunctions } from '../../infra/aws/bundle.ts';
import { type FunctionName, servedFromBucket } from '../../infra/topology.ts';
import { milliseconds, percentile, printTable, type Row } from './table.ts';

const RUNS = 9;

/**
 * Each function as it goes to Lambda: its size, and how long a new process takes to load it (median of nine): the time that
 * passes, and beside it what the processor does, which other work on this machine makes less of a difference to.
 */
export const benchBundles = async (): Promise<void> => {
  const directory = await mkdtemp(join(tmpdir(), 'courant-bundles-'));
  try {
    const bundles = await bundleFunctions(directory);
    const rows = loadedInTurn(bundles);
    printTable('Functions as bundled for Lambda', rows);
    // No function answers a feed's reader: the bucket does, through the edge.
    const doors = rows.filter(({ what }) => what === 'signup' || what === 'feedsBuild');
    printTable(`Of these, the doors of feeds (${servedFromBucket.join()} comes from the bucket) and sign-up`, doors);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

/** In turn, so that what else the machine does meets all of them alike. */
const loadedInTurn = (bundles: Readonly<Record<FunctionName, Bundle>>): Row[] => {
  const rounds = Array.from({ length: RUNS }, () => Object.values(bundles).map(({ file }) => load(file)));
  return Object.entries(bundles).map(([name, { bytes }], i) => {
    const median = (which: keyof Took): string =>
      milliseconds(
        percentile(
          rounds.map((round) => round[i]?.[which] ?? Number.NaN),
          0.5,
        ),
      );
    return {
      what: name,
      figure: `${Math.round(bytes / 1024).toLocaleString('en')} KB`,
      note: `import ${median('wallMs')} (processor ${median('cpuMs')})`,
    };
  });
};

interface Took {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** As Lambda loads it: a new process, `require`, and nothing loaded before. */
const load = (file: string): Took => {
  const measure = `
    const cpu = process.cpuUsage(), began = performance.now();
    require(${JSON.stringify(file)});
    const wallMs = performance.now() - began, { user, system } = process.cpuUsage(cpu);
    console.log(wallMs, (user + system) / 1000);`;
  const said = execFileSync(process.execPath, ['--input-type=commonjs', '--eval', measure], { encoding: 'utf8' });
  const [wallMs = Number.NaN, cpuMs = Number.NaN] = said.split(' ').map(Number);
  return { wallMs, cpuMs };
};
