import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';

interface Instead {
  /** The file of a package that stays out. */
  readonly file: RegExp;
  readonly contents: string;
}

/** For code that is carried along and never run: whoever runs it after all learns where it went. */
const never = (what: string): string =>
  `throw new Error(${JSON.stringify(`${what} is left out of the bundles (infra/aws/leftOut.ts).`)});`;

/**
 * What packages bring along and no function needs. A function reads and compiles its whole file before its first request, so
 * what never runs costs time all the same.
 */
const INSTEAD: readonly Instead[] = [
  // Zod carries its messages in fifty languages; ours are our own, so English will do.
  { file: /\/zod\/v4\/locales\/index\.js$/, contents: "export { default as en } from './en.js';" },
  // Lambda gives a function its keys in the environment, where the SDK looks first. The rest of its chain (profiles, SSO, STS,
  // machines' metadata) is three more clients.
  {
    file: /\/@aws-sdk\/credential-provider-node\/dist-es\/index\.js$/,
    contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
  },
  // sanitize-html reads `style` attributes with it, and border/html.ts lets none through.
  { file: /\/postcss\/lib\/postcss\.js$/, contents: `module.exports = { parse() { ${never('postcss')} } };` },
];

export const leftOut: Plugin = {
  name: 'left-out',
  setup(bundling) {
    for (const { file, contents } of INSTEAD) {
      bundling.onLoad({ filter: file }, ({ path }) => ({ contents, resolveDir: dirname(path) }));
    }
    // For operations that answer as a stream of events, of which we call none. Imported when first needed, it makes esbuild keep
    // whatever it shares with the rest of the SDK whole.
    bundling.onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: 'event-streams', namespace: 'left-out' } : undefined,
    );
    bundling.onLoad({ filter: /./, namespace: 'left-out' }, ({ path }) => ({ contents: never(path) }));
  },
};
