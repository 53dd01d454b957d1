import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { movedFeed } from '../../functions/site/movedFeeds.ts';
import { type FunctionName, type FunctionSpec, functions } from '../topology.ts';
import { each } from './each.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Packages that are CommonJS inside still call `require` for Node's own modules. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Zod carries its messages in fifty languages wherever `z` is imported; ours are our own, so English will do. */
const zodInEnglish: Plugin = {
  name: 'zod-in-english',
  setup(bundling) {
    bundling.onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, ({ path }) => ({
      contents: "export { default as en } from './en.js';",
      resolveDir: dirname(path),
    }));
  },
};

export interface Bundle {
  /** The directory that goes to Lambda; it holds `index.mjs`, and the threads that this starts. */
  readonly directory: string;
  readonly file: string;
  readonly bytes: number;
}

/**
 * All functions of the topology as they go to Lambda, each below `directory` under its name: everything it imports in one
 * file, the AWS SDK in its locked version included. A thread's file lies beside it under its own name (`read.worker.mjs`).
 */
export const bundleFunctions = async (directory: string): Promise<Readonly<Record<FunctionName, Bundle>>> => {
  await build({
    absWorkingDir: root,
    entryPoints: Object.entries<FunctionSpec>(functions).flatMap(([name, { entry, threads = [] }]) => [
      { in: entry, out: join(name, 'index') },
      ...threads.map((thread) => ({ in: thread, out: join(name, basename(thread, '.ts')) })),
    ]),
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The ES modules of packages that have both, so that what is not used stays out.
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    plugins: [zodInEnglish],
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
  });
  return each<FunctionName, FunctionSpec, Bundle>(functions, (name) => {
    const file = join(directory, name, 'index.mjs');
    return { directory: join(directory, name), file, bytes: statSync(file).size };
  });
};

/** Topics whose feeds are no longer where they were, from the newsroom's config. */
type MovedTopics = Parameters<typeof movedFeed>[1];

const NOTHING_MOVED: MovedTopics = { renamed: {}, removed: [] };

/**
 * The CloudFront Function: one script with a global `handler`, the rules of `entry` behind the answers for feeds that
 * moved. The runtime cloudfront-js-2.0 is ECMAScript 5.1 with a few later features; whatever else the source uses is
 * rewritten, or refused here instead of at the edge.
 */
export const bundleEdge = async (entry: string, moved = NOTHING_MOVED): Promise<string> => {
  const contents = [
    `import * as rules from './${entry}';`,
    "import { movedFeed } from './functions/site/movedFeeds.ts';",
    `const moved = ${JSON.stringify(moved)};`,
    'export function handler(event) { return movedFeed(event, moved) || rules.handler(event); }',
  ].join('\n');
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: { contents, resolveDir: root, loader: 'js' },
    bundle: true,
    write: false,
    platform: 'neutral',
    format: 'iife',
    globalName: 'edge',
    target: 'es5',
    supported: { 'const-and-let': true, arrow: true, 'template-literal': true, 'exponent-operator': true },
    footer: { js: 'function handler(event) { return edge.handler(event); }' },
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
};

export const EDGE_ENTRY = 'functions/site/edge.ts';
