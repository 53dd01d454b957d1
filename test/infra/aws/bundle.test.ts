import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Bundle, bundleEdge, bundleFunctions, EDGE_ENTRY } from '../../../infra/aws/bundle.ts';
import { type FunctionName, type FunctionSpec, functions } from '../../../infra/topology.ts';

const directory = mkdtempSync(join(tmpdir(), 'courant-bundles-'));
let bundles: Readonly<Record<string, Bundle>>;
beforeAll(async () => {
  bundles = await bundleFunctions(directory);
}, 120_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Where a package lies, its name, and of which of its formats the code is, where it has more than one. */
const PACKAGED = /^(.*)node_modules\/((?:@[^/]+\/)?[^/]+)\/(dist-cjs|dist-es)?.*(?<!\.json)$/;

const packagesIn = (name: string): string[] => [
  ...new Set((bundles[name]?.madeOf ?? []).flatMap((file) => PACKAGED.exec(file)?.[2] ?? [])),
];

/** Who carries the packages that weigh. A new name here costs its cold start some milliseconds. */
const HEAVY: readonly (readonly [readonly string[], readonly FunctionName[]])[] = [
  [['sanitize-html'], ['site', 'description', 'articles', 'articleJobs', 'inbox', 'hooks']],
  [['markdown-it'], ['description', 'articles', 'articleJobs', 'inbox', 'hooks']],
  [['yaml'], ['description', 'articles', 'articleJobs', 'inbox']],
  [['yauzl'], ['articleJobs', 'inbox']],
  [['saxes'], ['articleJobs', 'feedsBuild', 'editionsArchive']],
  [
    ['feed', '@xmldom/xmldom'],
    ['feedsBuild', 'editionsArchive'],
  ],
];

describe('what goes to Lambda', () => {
  test.each(Object.keys(functions))('%s is under 2 MB', (name) => {
    expect(bundles[name]?.bytes).toBeGreaterThan(10_000);
    expect(bundles[name]?.bytes).toBeLessThan(2_000_000);
  });

  test.each(Object.keys(functions))('%s holds no package twice, in two versions or two formats', (name) => {
    const places = new Map<string, Set<string>>();
    for (const file of bundles[name]?.madeOf ?? []) {
      const [, before = '', name = '', format = ''] = PACKAGED.exec(file) ?? [];
      if (name) places.set(name, (places.get(name) ?? new Set()).add(`${before} ${format}`));
    }
    expect(places.size).toBeGreaterThan(5);
    expect([...places].filter(([, all]) => all.size > 1)).toEqual([]);
  });

  test('no function carries the SDK’s other ways to come by keys, or its streams of events', () => {
    for (const [name, { madeOf }] of Object.entries(bundles)) {
      const idle = madeOf.filter((file) => /\/(credential-provider-(?!env)|nested-clients|token-providers)/.test(file));
      expect([name, idle]).toEqual([name, []]);
    }
    const streams = bundles['signup']?.madeOf.filter((file) => /\/event-streams\//.test(file));
    expect(streams).toEqual([]);
  });

  test('only the functions that read or render XML, zips, YAML or Markdown carry what that takes', () => {
    for (const [packages, carriers] of HEAVY) {
      const found = Object.keys(functions).filter((name) => packages.some((one) => packagesIn(name).includes(one)));
      expect([packages, found]).toEqual([packages, carriers]);
    }
  });

  test('the door of sign-up carries these packages and no other', () => {
    const ours = packagesIn('signup').filter((name) => !/^@(aws-sdk|aws|smithy)\//.test(name));
    // The last two are DynamoDB's memory of addresses.
    expect(ours.sort()).toEqual(['hono', 'liquidjs', 'zod', 'mnemonist', 'obliterator'].sort());
    const clients = packagesIn('signup').filter((name) => name.startsWith('@aws-sdk/client-'));
    expect(clients.sort()).toEqual(['@aws-sdk/client-dynamodb', '@aws-sdk/client-sqs']);
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
      for (const file of ${JSON.stringify(files)}) kinds.push(typeof require(file).handler);
      const loaded = process.moduleLoadList.filter((name) => /undici|http2/.test(name));
      console.log(JSON.stringify({ kinds, loaded }));`;
    const said = execFileSync(process.execPath, ['--input-type=commonjs', '-e', look], { cwd: directory, env: {} });
    // Node's own HTTP client comes with an `import` of `http`, and nobody here uses it.
    expect(JSON.parse(said.toString())).toEqual({ kinds: files.map(() => 'function'), loaded: [] });
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
