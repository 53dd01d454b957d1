import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Bundle, bundleEdge, bundleFunctions, EDGE_ENTRY } from '../../../infra/aws/bundle.ts';
import { type FunctionSpec, functions } from '../../../infra/topology.ts';

const directory = mkdtempSync(join(tmpdir(), 'courant-bundles-'));
let bundles: Readonly<Record<string, Bundle>>;
beforeAll(async () => {
  bundles = await bundleFunctions(directory);
}, 120_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('what goes to Lambda', () => {
  test.each(Object.keys(functions))('%s is under 2 MB', (name) => {
    expect(bundles[name]?.bytes).toBeGreaterThan(10_000);
    expect(bundles[name]?.bytes).toBeLessThan(2_000_000);
  });

  test('a thread lies beside the function that starts it, and can be started there alone', () => {
    for (const [name, { threads = [] }] of Object.entries<FunctionSpec>(functions)) {
      for (const thread of threads) {
        const file = join(bundles[name]?.directory ?? '', `${basename(thread, '.ts')}.cjs`);
        const start = `
          const { Worker } = await import('node:worker_threads');
          const worker = new Worker(${JSON.stringify(file)}, { workerData: { newsroom: {}, siteUrl: '' }, execArgv: [] });
          worker.once('message', ({ is }) => { console.log(is); worker.terminate(); });`;
        const said = execFileSync(process.execPath, ['--input-type=module', '-e', start], { cwd: directory, env: {} });
        expect(said.toString().trim()).toBe('ready');
      }
    }
  });

  test('every function can be imported alone, far from its packages, without an environment, and has a handler', () => {
    const files = Object.values(bundles).map(({ file }) => file);
    const look = `
      const kinds = [];
      for (const file of ${JSON.stringify(files)}) kinds.push(typeof (await import(file)).handler);
      console.log(kinds.join());`;
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', look], { cwd: directory, env: {} });
    expect(said.toString().trim().split(',')).toEqual(files.map(() => 'function'));
  });
});

describe('the rules at the edge', () => {
  const answer = z.looseObject({
    statusCode: z.number(),
    headers: z.record(z.string(), z.object({ value: z.string() })),
  });

  test('fit into one CloudFront Function of 10 KB', async () => {
    expect((await bundleEdge(EDGE_ENTRY)).length).toBeLessThan(10_000);
  });

  test('are one script with a global handler that does what the source does', async () => {
    const context = createContext({});
    runInContext(await bundleEdge(EDGE_ENTRY), context);
    const event = {
      context: { eventType: 'viewer-request' },
      request: {
        method: 'GET',
        uri: '/feeds/en/all.rss',
        querystring: {},
        headers: { 'sec-fetch-dest': { value: 'document' } },
        cookies: {},
      },
    };
    const said = answer.parse(JSON.parse(runInContext(`JSON.stringify(handler(${JSON.stringify(event)}))`, context)));
    expect(said.statusCode).toBe(302);
    expect(said.headers['location']?.value).toMatch(/^\/en\/feeds/);
  });

  test('syntax that the runtime at the edge does not know is refused when it is bundled', async () => {
    await expect(bundleEdge('functions/shared/queue.ts')).rejects.toThrow(/not supported yet/);
  });
});
