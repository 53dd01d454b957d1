import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleFunctions } from '../../infra/aws/bundle.ts';
import { milliseconds, percentile, printTable } from './table.ts';

const RUNS = 5;

/** Each function as it goes to Lambda: its size, and how long a new process takes to import it (median of five). */
export const benchBundles = async (): Promise<void> => {
  const directory = await mkdtemp(join(tmpdir(), 'courant-bundles-'));
  try {
    const bundles = await bundleFunctions(directory);
    const rows = Object.entries(bundles).map(([name, { file, bytes }]) => ({
      what: name,
      figure: `${Math.round(bytes / 1024).toLocaleString('en')} KB`,
      note: `import ${milliseconds(importMs(file))}`,
    }));
    printTable('Functions as bundled for Lambda', rows);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

const importMs = (file: string): number => {
  const measure = `const t = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - t);`;
  const times = Array.from({ length: RUNS }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '--eval', measure], { encoding: 'utf8' })),
  );
  return percentile(times, 0.5);
};
