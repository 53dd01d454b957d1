import { statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import type { movedFeed } from '../../functions/site/movedFeeds.ts';
import { type FunctionName, type FunctionSpec, functions } from '../topology.ts';
import { each } from './each.ts';
import { leftOut } from './leftOut.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What ES modules know and CommonJS does not: where this file is. */
const OWN_URL = '"use strict"; const ownUrl = require("node:url").pathToFileURL(__filename).href;';

export interface Bundle {
  /** The directory that goes to Lambda; it holds `index.cjs`, and the threads that this starts. */
  readonly directory: string;
  readonly file: string;
  readonly bytes: number;
  /** The files that are in it, from the house's root. */
  readonly madeOf: readonly string[];
}

/**
 * All functions of the topology as they go to Lambda, each below `directory` under its name: everything it imports in one
 * file, the AWS SDK in its locked version included. A thread's file lies beside it under its own name (`read.worker.cjs`).
 *
 * CommonJS, since an `import` of a module of Node reads all it exports: that of `http` loads a whole HTTP client with it, and
 * `require` does not.
 */
export const bundleFunctions = async (directory: string): Promise<Readonly<Record<FunctionName, Bundle>>> => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.entries<FunctionSpec>(functions).flatMap(([name, { entry, threads = [] }]) => [
      { in: entry, out: join(name, 'index') },
      ...threads.map((thread) => ({ in: thread, out: join(name, basename(thread, '.ts')) })),
    ]),
    outdir: directory,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // The ES modules of packages that have both, so that what is not used stays out.
    mainFields: ['module', 'main'],
    banner: { js: OWN_URL },
    define: { 'import.meta.url': 'ownUrl' },
    plugins: [leftOut],
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
    metafile: true,
  });
  return each<FunctionName, FunctionSpec, Bundle>(functions, (name) => {
    const file = join(directory, name, 'index.cjs');
    return { directory: join(directory, name), file, bytes: statSync(file).size, madeOf: madeOf(metafile, file) };
  });
};

const madeOf = ({ outputs }: Metafile, file: string): string[] =>
  Object.entries(outputs[relative(root, file)]?.inputs ?? {}).flatMap(([path, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [path] : [],
  );

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
