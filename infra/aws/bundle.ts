import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { type FunctionName, functions } from '../topology.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Packages that are CommonJS inside still call `require` for Node's own modules. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const forLambda: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // The ES modules of packages that have both, so that what is not used stays out.
  mainFields: ['module', 'main'],
  banner: { js: REQUIRE },
  minify: true,
  // Error classes keep their names in the logs.
  keepNames: true,
  legalComments: 'none',
  logLevel: 'silent',
};

export interface Bundle {
  /** The directory that goes to Lambda; it holds `index.mjs` alone. */
  readonly directory: string;
  readonly file: string;
  readonly bytes: number;
  /** What it was made of, paths from the root of the repository. */
  readonly inputs: readonly string[];
}

/** One function as it goes to Lambda: everything it imports in one file, the AWS SDK in its locked version included. */
export const bundleFunction = async (entry: string, directory: string): Promise<Bundle> => {
  const { outputFiles, metafile } = await build({
    ...forLambda,
    entryPoints: [entry],
    outfile: 'index.mjs',
    write: false,
    metafile: true,
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  const file = join(directory, 'index.mjs');
  await mkdir(directory, { recursive: true });
  await writeFile(file, code);
  return { directory, file, bytes: code.length, inputs: Object.keys(metafile.inputs) };
};

/** All functions of the topology, each below `directory` under its name. */
export const bundleFunctions = async (directory: string): Promise<Record<FunctionName, Bundle>> => {
  const bundled = Object.entries(functions).map(
    async ([name, { entry }]) => [name, await bundleFunction(entry, join(directory, name))] as const,
  );
  return Object.fromEntries(await Promise.all(bundled)) as Record<FunctionName, Bundle>;
};

/**
 * The CloudFront Function: one script with a global `handler`. The runtime cloudfront-js-2.0 is ECMAScript 5.1 with a
 * few later features; whatever else the source uses is rewritten, or refused here instead of at the edge.
 */
export const bundleEdge = async (entry: string): Promise<string> => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
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
